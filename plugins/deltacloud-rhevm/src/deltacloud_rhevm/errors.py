"""What the engine's faults mean."""

from __future__ import annotations

import re
from http import HTTPStatus

import requests

from deltacloud import errors
from deltacloud.errors import DeltacloudError, from_response

_LONGEST = 500
_AMBIGUOUS = frozenset({400, 409})
"""Statuses for whatever the engine does not do; version 3 knew the first one only."""
_CONFLICT = (
    r"(being|currently|already) (used|in use|attached|exists|running)|is running|is locked|is attached|not down"
    r"|must be (in status )?(down|powered off)|try again later|active interface"
)
_MEANINGS: tuple[tuple[re.Pattern[str], type[DeltacloudError]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), kind)
    for pattern, kind in (
        (r"quota.*(exceed|limit|not enough)|exceed.*quota", errors.QuotaExceeded),
        (r"insufficient permissions|not authorized", errors.Forbidden),
        (r"invalid uuid|does(n't| not) exist|entity not found|could not be found", errors.NotFound),
        (r"no available running hosts|no hosts? (to use|that satisf)|host.* did not satisfy", errors.ProviderError),
        (r"(not|isn't) supported|custom properties are not configured", errors.NotSupported),
        (_CONFLICT, errors.Conflict),
    )
)
"""Words of a fault's detail and what they mean; the first row that fits counts."""


class Fault(Exception):
    """The engine refuses.

    Args:
        response: Its answer.
        reason: The kind of fault, such as ``Operation Failed``; None where the answer names none.
        detail: What went wrong, in the engine's own sentence.
    """

    def __init__(self, response: requests.Response, reason: str | None, detail: str | None) -> None:
        super().__init__(f"{response.status_code} {reason or ''}")
        self.response = response
        self.reason = reason
        self.detail = None if detail is None else _plain(detail)

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.response.status_code

    @property
    def is_not_found(self) -> bool:
        """Whether there is no such thing, or the caller may not see it."""
        return isinstance(translate(self), errors.NotFound)

    @property
    def is_forbidden(self) -> bool:
        """Whether the caller may not do this."""
        return self.status == HTTPStatus.FORBIDDEN


def translate(error: Exception) -> DeltacloudError | None:
    """What a fault means to clients: by the status, and where that says little, by the detail; None if it is none."""
    if not isinstance(error, Fault):
        return None
    detail = error.detail or ""
    rows = _MEANINGS if error.status in _AMBIGUOUS else ()
    kind = next((kind for pattern, kind in rows if pattern.search(detail)), None)
    return from_response(error.response, detail, kind=kind, backend_code=error.reason)


def _plain(detail: str) -> str:
    """The sentence without the brackets that the engine puts around, on one line, at most so long."""
    return " ".join(detail.replace("[", " ").replace("]", " ").split())[:_LONGEST]
