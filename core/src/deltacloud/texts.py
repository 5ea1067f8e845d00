"""Texts as clouds write them, and back: times, ETags, values of headers, user data, and names that nobody gave."""

from __future__ import annotations

import base64
import binascii
import re
import secrets
import time
from datetime import datetime

from deltacloud.errors import InvalidRequest

_PLAIN = re.compile(r"(?:[!-~]+(?: [!-~]+)*)?")
_WORD = re.compile(r"=\?utf-8\?(?:b\?([A-Za-z0-9+/]*={0,2})|q\?([!->@-~]*))\?=", re.ASCII | re.IGNORECASE)
_HEXADECIMAL = re.compile(rb"=([0-9A-Fa-f]{2})")


def moment(text: str | None) -> datetime | None:
    """A time in the form of ISO 8601; None for what is none, and for one without its zone."""
    try:
        found = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def unquoted(etag: str | None) -> str | None:
    """An ETag without the quotes that headers put around it."""
    return None if etag is None else etag.strip('"')


def header_value(text: str) -> str:
    """A text as the value of a header.

    Plain ASCII that every server hands on unchanged stays as it is. All else becomes an encoded word of RFC 2047,
    blanks at an end or in a row and what looks like such a word included.
    """
    if _PLAIN.fullmatch(text) and "=?" not in text:
        return text
    return f"=?UTF-8?B?{base64.b64encode(text.encode('utf-8', 'replace')).decode('ascii')}?="


def text_of_header(value: str) -> str:
    """The reverse of :func:`header_value`; the value as it came, if it is not encoded, or not as UTF-8 is."""
    words = [_WORD.fullmatch(word) for word in value.split()]
    if not words or None in words:
        return value
    try:
        return b"".join(_octets(word) for word in words if word is not None).decode()
    except (UnicodeDecodeError, binascii.Error):
        return value


def user_text(user_data: bytes) -> str:
    """User data for a cloud that takes text alone.

    Raises:
        InvalidRequest: they are not text in UTF-8.
    """
    try:
        return user_data.decode()
    except UnicodeDecodeError:
        raise InvalidRequest("This cloud takes user data that is text in UTF-8", "user_data") from None


def new_name(prefix: str) -> str:
    """A name for what the client has given none: the time in seconds, and something that no other name in it has."""
    return f"{prefix}{int(time.time())}-{secrets.token_hex(3)}"


def _octets(word: re.Match[str]) -> bytes:
    if word[1] is not None:
        return base64.b64decode(word[1], validate=True)
    plain = word[2].replace("_", " ").encode("ascii")
    return _HEXADECIMAL.sub(lambda digits: bytes([int(digits[1], 16)]), plain)
