"""Percent-encoding (RFC 3986), read strictly: a stray ``%`` or bytes that are no UTF-8 are an error, never a guess."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote_to_bytes

_MALFORMED = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_READABLE = "~@,:.+()*"
_plain = re.compile(r"[A-Za-z0-9_.~@,:+()*-]*").fullmatch


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


def segment(identifier: str) -> str:
    """An identifier as one segment of a path; the result needs no escaping in XML or JSON.

    The characters ``~ @ , : . + ( ) *`` stay readable, as the ids of firewall rules need it. An identifier without any
    other special character is returned itself (the same object), which tells callers that it needs no escaping.
    """
    return identifier if _plain(identifier) is not None else percent_encoded(identifier, _READABLE)


def percent_encoded(text: str, safe: str = "") -> str:
    """``text`` with everything encoded but letters, digits, ``_.-~`` and the ``safe`` characters.

    A lone surrogate, which no UTF-8 can express, becomes a question mark.
    """
    return quote(text, safe=safe, errors="replace")
