"""Taking secrets out of text that is about to be kept or shown."""

from __future__ import annotations

import base64
import html
import json
import logging
import re
import traceback
from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote, quote_plus, urlsplit

import msgspec

from deltacloud.secret import Secret

if TYPE_CHECKING:
    from functools import _lru_cache_wrapper

    from deltacloud.context import Credentials

STARS = "***"
_SHORTEST = 3
"""Secrets shorter than this are not looked for: every text would match."""
_PLAIN = re.compile(r"[A-Za-z0-9 !#$%&()*+,./:;<=>?@^_`{|}~\[\]-]*")
"""Characters that nobody escapes with a backslash."""
_BACKSLASHES = r"(?<!\\)\\++"
_remembering = cast("_lru_cache_wrapper[object]", urlsplit)
_USER_PART = re.compile(r"(?<=//)[^\s@]*@")
_QUERY = re.compile(r"(?<=[\w/])\?[^\s\"'<>)\]]+")


def redact(text: str, credentials: Credentials | None, secrets: Iterable[Secret] = ()) -> str:
    """``text`` with the caller's credentials, the user name included, and these secrets replaced by stars."""
    found = [one.reveal() for one in secrets]
    if credentials is not None:
        password = credentials.password.reveal()
        found += [credentials.username, password, f"{credentials.username}:{password}"]
        found += [] if credentials.token is None else [credentials.token.reveal()]
    return starred(text, found)


def starred(text: str, secrets: Iterable[str]) -> str:
    """``text`` with these secrets replaced by stars.

    They are found as they are, in base64 and hexadecimal, and escaped as in URLs, HTML, JSON and Python; in the latter
    two also when what was escaped is escaped again.
    """
    found = {secret for secret in secrets if len(secret) >= _SHORTEST}
    escapable = {secret for secret in found if _PLAIN.fullmatch(secret) is None}
    if escapable and "\\" in text:
        for secret in _longest_first(escapable):
            text = re.sub(_with_backslashes(secret), STARS, text)
        re.purge()  # it remembers patterns, and these are secrets
    for spelling in _longest_first({one for secret in found for one in _spellings(secret)}):
        if spelling in text:
            text = text.replace(spelling, STARS)
    return text


def without_queries(text: str) -> str:
    """``text`` without what URLs in it may hold of secrets: their user parts and queries."""
    return _QUERY.sub(f"?{STARS}", _USER_PART.sub(f"{STARS}@", text))


def texts_in(value: object) -> Iterator[str]:
    """Every text inside a value, secret or not."""
    for one in _leaves(value):
        if isinstance(one, str):
            yield one
        elif isinstance(one, Secret):
            yield one.reveal()


def secrets_in(value: object) -> Iterator[Secret]:
    """Every secret inside a value."""
    return (one for one in _leaves(value) if isinstance(one, Secret))


def forget_urls() -> None:
    """Empty Python's memory of the URLs that were taken apart last; passwords may stand in their queries."""
    _remembering.cache_clear()


def described(error: BaseException) -> str:
    """An exception's class and where it happened, for a log; but no value, for any value may be a secret."""
    places = "".join(traceback.format_list(traceback.extract_tb(error.__traceback__)))
    return f"{type(error).__qualname__}\n{places.rstrip()}"


class RequestLogger(logging.LoggerAdapter[logging.Logger]):
    """A logger for one request: its lines carry the request's id, and no secret of its caller.

    Args:
        logger: Where lines go.
        request_id: The request's id.
        credentials: The caller's.
        told: What else the request holds: the secrets in it are not shown either.
    """

    def __init__(
        self,
        logger: logging.Logger,
        request_id: str,
        credentials: Credentials | None,
        told: object = (),
    ) -> None:
        super().__init__(logger, {"request_id": request_id})
        self._request_id = request_id
        self._credentials = credentials
        self._told = told

    def redacted(self, text: str) -> str:
        """``text`` with stars for the secrets of the request."""
        return redact(text, self._credentials, secrets_in(self._told))

    def process(self, msg: object, kwargs: MutableMapping[str, Any]) -> tuple[str, MutableMapping[str, Any]]:
        """The line as it is written; called by :mod:`logging` for lines that are written only."""
        return f"[{self._request_id}] {self.redacted(str(msg))}", kwargs

    def log(self, level: int, msg: object, *args: object, **kwargs: Any) -> None:  # noqa: ANN401 - logging's own
        """Formats before redacting, so that a secret among the arguments is found as well."""
        if self.isEnabledFor(level):
            super().log(level, str(msg) % args if args else msg, **kwargs)


def _leaves(value: object) -> Iterator[object]:
    """What a value is made of: of mappings the values, of structs the fields."""
    if isinstance(value, msgspec.Struct):
        value = msgspec.structs.astuple(value)
    elif isinstance(value, Mapping):
        value = tuple(value.values())
    if isinstance(value, Sequence | AbstractSet) and not isinstance(value, str | bytes | bytearray):
        for one in value:
            yield from _leaves(one)
    else:
        yield value


def _longest_first(texts: set[str]) -> list[str]:
    return sorted(texts, key=len, reverse=True)


def _spellings(secret: str) -> set[str]:
    raw = secret.encode("utf-8", "surrogatepass")
    return {
        secret,
        quote(raw, safe=""),
        quote(raw),
        quote_plus(raw),
        base64.b64encode(raw).decode("ascii"),
        raw.hex(),
        html.escape(secret),
    }


def _with_backslashes(secret: str) -> str:
    """A pattern of a secret behind any number of backslashes where some may be; it takes time linear in the text."""
    pattern = ""
    for behind, character in zip("x" + secret, secret, strict=False):
        escaped = behind == "\\"
        if character == "\\":
            pattern += "" if escaped else _BACKSLASHES
        elif character in "\"'":
            pattern += character if escaped else rf"(?:{_BACKSLASHES}{character}|{character})"
        elif _PLAIN.fullmatch(character):
            pattern += re.escape(character)
        else:
            codes = "|".join(_codes(character))
            pattern += rf"(?:{re.escape(character)}|{'' if escaped else _BACKSLASHES}(?i:{codes}))"
    return pattern


def _codes(character: str) -> Iterator[str]:
    """What follows a backslash where a character stands as its code, in JSON, in Python and as bytes."""
    units = character.encode("utf-16-be", "surrogatepass").hex()
    yield _BACKSLASHES.join(f"u{units[place : place + 4]}" for place in range(0, len(units), 4))
    yield _BACKSLASHES.join(f"x{byte:02x}" for byte in character.encode("utf-8", "surrogatepass"))
    yield f"x{ord(character):02x}"
    yield f"U{ord(character):08x}"
    short = json.dumps(character)[2:-1]
    if len(short) == 1:
        yield short
