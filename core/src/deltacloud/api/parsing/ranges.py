"""Byte ranges (RFC 9110, section 14)."""

from __future__ import annotations

import re

from deltacloud.inputs import ByteRange

# Eighteen digits are more bytes than anything holds; longer numbers are not read, and the whole is sent.
_RANGE = re.compile(r"bytes[ \t]*=[ \t,]*([0-9]{0,18})-([0-9]{0,18})[ \t,]*", re.IGNORECASE)


def parse_range(header: str | None, if_range: str | None = None) -> ByteRange | None:
    """The part of a content that a client asks for.

    Args:
        header: ``Range``; None when it is absent.
        if_range: ``If-Range``; None when it is absent. Its condition is never taken as met, since the content's present
            state is not known before it is read.

    Returns:
        The range, or None to send the whole: no range, several, another unit than bytes, a malformed one.
    """
    found = None if header is None or if_range is not None else _RANGE.fullmatch(header.strip())
    if found is None:
        return None
    first, last = found.groups()
    if not first:
        return ByteRange(suffix=int(last)) if last else None
    if not last:
        return ByteRange(first=int(first))
    return ByteRange(first=int(first), last=int(last)) if int(first) <= int(last) else None


def content_range(first: int, last: int, length: int) -> str:
    """``Content-Range`` of an answer with bytes ``first`` to ``last``, both included, of ``length``."""
    return f"bytes {first}-{last}/{length}"


def unsatisfied_range(length: int) -> str:
    """``Content-Range`` of a 416 for a content of ``length`` bytes."""
    return f"bytes */{length}"
