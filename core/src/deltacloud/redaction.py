"""Taking secrets out of text that is about to be kept."""

from __future__ import annotations

import base64
import logging
import traceback
from collections.abc import MutableMapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, quote_plus

if TYPE_CHECKING:
    from deltacloud.context import Credentials

STARS = "***"
_SHORTEST = 3
"""Secrets shorter than this are not looked for: every text would match."""


def spellings(credentials: Credentials) -> tuple[str, ...]:
    """How these credentials may stand in a text: raw, URL-encoded, base64, and the user name too; longest first."""
    secrets = [credentials.password.reveal(), credentials.username]
    if credentials.token is not None:
        secrets.append(credentials.token.reveal())
    found = set()
    for secret in secrets:
        if len(secret) >= _SHORTEST:
            encoded = base64.b64encode(secret.encode("utf-8", "surrogatepass")).decode("ascii")
            found |= {secret, quote(secret, safe="", errors="replace"), quote_plus(secret, errors="replace"), encoded}
    pair = f"{credentials.username}:{credentials.password.reveal()}"
    found.add(base64.b64encode(pair.encode("utf-8", "surrogatepass")).decode("ascii"))
    return tuple(sorted(found, key=len, reverse=True))


def redact(text: str, credentials: Credentials | None) -> str:
    """``text`` with the caller's credentials, in every spelling, replaced by stars."""
    if credentials is None:
        return text
    for spelling in spellings(credentials):
        if spelling in text:
            text = text.replace(spelling, STARS)
    return text


def described(error: BaseException) -> str:
    """An exception's class and where it happened, for a log; but no value, for any value may be a secret."""
    places = "".join(traceback.format_list(traceback.extract_tb(error.__traceback__)))
    return f"{type(error).__qualname__}\n{places.rstrip()}"


class RequestLogger(logging.LoggerAdapter[logging.Logger]):
    """A logger for one request: its lines carry the request's id, and no credential of its caller."""

    def __init__(self, logger: logging.Logger, request_id: str, credentials: Credentials | None) -> None:
        super().__init__(logger, {"request_id": request_id})
        self._request_id = request_id
        self._credentials = credentials

    def process(self, msg: object, kwargs: MutableMapping[str, Any]) -> tuple[str, MutableMapping[str, Any]]:
        """The line as it is written; called by :mod:`logging` for lines that are written only."""
        return f"[{self._request_id}] {redact(str(msg), self._credentials)}", kwargs

    def log(self, level: int, msg: object, *args: object, **kwargs: Any) -> None:  # noqa: ANN401 - logging's own
        """Formats before redacting, so that a secret among the arguments is found as well."""
        if self.isEnabledFor(level):
            super().log(level, str(msg) % args if args else msg, **kwargs)
