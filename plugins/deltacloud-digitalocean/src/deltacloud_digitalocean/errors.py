"""What DigitalOcean's refusals mean. Its own words decide where a status says too little."""

from __future__ import annotations

import re
import time
from http import HTTPStatus
from typing import NamedTuple

import msgspec
import requests

from deltacloud import errors
from deltacloud.redaction import starred

_PENDING = r"pending event"
_LONGEST = 500
_LONGEST_WAIT = 3600


class _Document(msgspec.Struct):
    id: str | None = None
    message: str | None = None
    request_id: str | None = None


class Refusal(Exception):
    """An answer of the cloud's that is an error.

    Args:
        status: Its HTTP status.
        word: Its ``id``: ``unprocessable_entity``.
        message: Its sentence for people, without the caller's token; empty if there is none.
        request_id: The cloud's own id of the request.
        retry_after: Seconds after which it may be asked again, where it says so.
    """

    def __init__(
        self, status: int, word: str | None, message: str, request_id: str | None, retry_after: int | None
    ) -> None:
        super().__init__(f"{status} {word}: {message}")
        self.status = status
        self.word = word
        self.message = message
        self.request_id = request_id
        self.retry_after = retry_after

    @property
    def lacks_scope(self) -> bool:
        """Whether the token is good, and not for this."""
        return self.status == HTTPStatus.FORBIDDEN

    @property
    def is_missing(self) -> bool:
        """Whether there is no such thing."""
        return self.status == HTTPStatus.NOT_FOUND

    @property
    def is_pending_event(self) -> bool:
        """Whether the cloud is busy with the same thing."""
        return _matches(_PENDING, self.message)


class Row(NamedTuple):
    """One row of the table: an answer of this status whose message matches means this.

    Attributes:
        statuses: HTTP statuses; empty for every one.
        message: A pattern of the message, found anywhere and in any letter case.
        kind: What it means.
    """

    statuses: frozenset[int]
    message: str
    kind: type[errors.DeltacloudError]


_UNPROCESSABLE = frozenset({400, 422})
TABLE: tuple[Row, ...] = (
    Row(frozenset({401}), "", errors.AuthenticationFailed),
    Row(frozenset({403, 409, 422}), _PENDING, errors.Conflict),
    Row(frozenset({403, 409, 422}), r"\bvpc\b.*\bmembers\b|default vpc", errors.Conflict),
    Row(frozenset({403, 422}), r"(exceed|reached).*\blimit|\blimit\b.*(exceed|reached)", errors.QuotaExceeded),
    Row(_UNPROCESSABLE, r"already (in use|exist|attached|assigned)|(not|be) unique|duplicate", errors.Conflict),
    Row(_UNPROCESSABLE, r"still attached|is attached|attached volume|overlaps", errors.Conflict),
    Row(_UNPROCESSABLE, r"invalid (image|region|key identifiers?)\b", errors.NotFound),
    Row(_UNPROCESSABLE, r"not a snapshot|(could not be|not) found|does not exist", errors.NotFound),
    Row(_UNPROCESSABLE, "", errors.InvalidRequest),
    Row(frozenset({403}), "", errors.Forbidden),
    Row(frozenset({404, 410}), "", errors.NotFound),
    Row(frozenset({405}), "", errors.ActionNotAllowed),
    Row(frozenset({409, 412}), "", errors.Conflict),
    Row(frozenset({429, 503}), "", errors.ProviderBusy),
    Row(frozenset({504}), "", errors.ProviderTimeout),
    Row(frozenset(), "", errors.ProviderError),
)
"""The first row that fits counts.

A full account, a thing that is in use and one that is not there are all told by 422; only the words tell them apart.
"""

WHAT_TO_USE = (
    "DigitalOcean does not know this token. The password is a personal access token of its API v2, and the user name "
    "may be anything; the client key and API key of API v1 ended in 2015"
)
_ALONE = frozenset({errors.AuthenticationFailed})
"""Kinds whose sentence is ours: the cloud's own does not say what to do."""


def refusal(response: requests.Response, token: str) -> Refusal:
    """An answer that is an error, without the caller's token should it repeat that."""
    try:
        document = msgspec.json.decode(response.content, type=_Document)
    except msgspec.DecodeError:
        document = _Document()
    message = starred(document.message or "", [token])[:_LONGEST]
    return Refusal(
        response.status_code,
        None if document.id is None else starred(document.id, [token])[:_LONGEST],
        message,
        None if document.request_id is None else starred(document.request_id, [token])[:_LONGEST],
        _wait(response),
    )


def translate(error: Exception) -> errors.DeltacloudError | None:
    """What a refusal means, by the table; None for any other exception: the core knows the network's faults."""
    if not isinstance(error, Refusal):
        return None
    kind = next(row.kind for row in TABLE if _fits(row, error))
    message = WHAT_TO_USE if kind in _ALONE else _sentence(error)
    return errors.of_kind(
        kind,
        message,
        retry_after=error.retry_after or 1,
        backend_code=error.word,
        backend_request_id=error.request_id,
    )


def _fits(row: Row, refused: Refusal) -> bool:
    right = not row.statuses or refused.status in row.statuses
    return right and _matches(row.message, refused.message)


def _matches(pattern: str, message: str) -> bool:
    return re.search(pattern, message, re.IGNORECASE) is not None


def _sentence(refused: Refusal) -> str:
    return f"DigitalOcean: {refused.message}" if refused.message else f"DigitalOcean answered {refused.status}"


def _wait(response: requests.Response) -> int | None:
    """Seconds to wait: after a burst the cloud says so, at the end of an hour's share it says when the next begins."""
    told = response.headers.get("Retry-After")
    if told is not None:
        return errors.retry_after_seconds(told)
    reset = response.headers.get("RateLimit-Reset", "")
    if response.status_code != HTTPStatus.TOO_MANY_REQUESTS or not reset.isdigit():
        return None
    return min(max(int(reset[:12]) - int(time.time()), 1), _LONGEST_WAIT)
