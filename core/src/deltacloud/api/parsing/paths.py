"""The path of a request, read as it was sent, so that ``%2F`` and ``%3B`` inside an id are data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from deltacloud.api.parsing.percent import as_sent, decode, segment
from deltacloud.errors import InvalidRequest

__all__ = ["MatrixPair", "RawPath", "parse_path", "segment"]

_NAME = re.compile(r"[A-Za-z0-9_]+")
_NEVER_SENT = re.compile(r"[\x00-\x20\x7f#?]")
_LONGEST_CACHED = 256
"""Longer paths are not kept, nor those with pairs: clients put passwords there."""
_LINK_PARAMETERS = frozenset({"id", "image_id", "instance_id"})


class MatrixPair(NamedTuple):
    """``;name=value`` behind the segment at ``position``, counted from 0; the value is decoded."""

    position: int
    name: str
    value: str

    def __repr__(self) -> str:
        return f"MatrixPair({self.position}, {self.name!r}, ...)"  # clients put passwords there


@dataclass(frozen=True, slots=True)
class RawPath:
    """A path in its parts.

    Attributes:
        segments: Decoded segments, none of them empty.
        matrix: The pairs that hung on them, in the order sent.
        trailing_slash: Whether a slash follows the last segment.
        path: The path still encoded, without the pairs and without doubled slashes, for error documents.
        canonical: The segments, encoded in the one way that routes expect.
    """

    segments: tuple[str, ...]
    matrix: tuple[MatrixPair, ...]
    trailing_slash: bool
    path: str
    canonical: str

    def matrix_value(self, name: str, position: int = 0) -> str | None:
        """The value of a pair on the segment at ``position``, the last one if repeated; None if there is none."""
        return next(
            (pair.value for pair in reversed(self.matrix) if (pair.position, pair.name) == (position, name)), None
        )

    def link_parameters(self) -> tuple[tuple[str, str], ...]:
        """The pairs that links of this API carry as parameters: ``id``, ``image_id``, ``instance_id`` at the end."""
        if not self.matrix:
            return ()
        last = len(self.segments) - 1
        return tuple(
            (pair.name, pair.value) for pair in self.matrix if pair.position == last and pair.name in _LINK_PARAMETERS
        )


def parse_path(raw: str) -> RawPath:
    """Read a path.

    Doubled slashes collapse. Pairs are split off before anything is decoded; malformed ones are dropped.

    Args:
        raw: The path as sent, undecoded, without the query string; bytes above 127 as ISO 8859-1.

    Raises:
        InvalidRequest: malformed percent-encoding, bytes that are no UTF-8, or characters that no path can hold.
    """
    cacheable = len(raw) <= _LONGEST_CACHED and ";" not in raw
    return _parse_cached(raw) if cacheable else _parse(raw)


def _parse(raw: str) -> RawPath:
    if _NEVER_SENT.search(raw):
        raise InvalidRequest("The path holds characters that must be percent-encoded")
    segments: list[str] = []
    encoded: list[str] = []
    matrix: list[MatrixPair] = []
    last = ""
    for part in raw.split("/"):
        last, *pairs = part.split(";")
        if last:
            segments.append(_decode_segment(last))
            encoded.append(last)
            matrix.extend(_pairs(pairs, len(segments) - 1))
    trailing = not last and bool(segments)
    path = "/" + "/".join(encoded) + "/" * trailing
    return RawPath(tuple(segments), tuple(matrix), trailing, path, "/" + "/".join(map(segment, segments)))


_parse_cached = lru_cache(maxsize=1024)(_parse)


def _decode_segment(text: str) -> str:
    try:
        return decode(as_sent(text))
    except ValueError:
        raise InvalidRequest("The path is not percent-encoded UTF-8") from None


def _pairs(texts: list[str], position: int) -> Iterator[MatrixPair]:
    for text in texts:
        name, equals, value = text.partition("=")
        if equals and _NAME.fullmatch(name):
            try:
                yield MatrixPair(position, name, decode(as_sent(value)))
            except ValueError:
                continue
