"""Percent-encoding (RFC 3986), read strictly: a stray ``%`` or bytes that are no UTF-8 are an error, never a guess."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote_to_bytes

_MALFORMED = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_READABLE = "~@,:.+()"
_PLAIN = re.compile(r"[A-Za-z0-9_.~@,:+()-]*")


def decode(raw: bytes, encoding: str = "utf-8") -> str:
    """Undo percent-encoding once.

    Args:
        raw: The bytes as they were sent; bytes above 127 stand for themselves.
        encoding: What the bytes are.

    Raises:
        ValueError: a ``%`` without two hexadecimal digits, or bytes that are not in the encoding.
    """
    if b"%" in raw:
        if _MALFORMED.search(raw):
            raise ValueError("A percent sign is not followed by two hexadecimal digits")
        raw = unquote_to_bytes(raw)
    return raw.decode(encoding)


def as_sent(text: str) -> bytes:
    """The bytes behind text that a WSGI server decoded as ISO 8859-1.

    Raises:
        ValueError: the text cannot come from such a server.
    """
    return text.encode("latin-1")


def segment(text: str) -> str:
    """One path segment for an href: everything encoded but unreserved characters and ``@ , : + ( )``.

    A lone surrogate, which no UTF-8 can express, becomes a question mark.
    """
    if _PLAIN.fullmatch(text):
        return text
    return quote(text, safe=_READABLE, errors="replace")
