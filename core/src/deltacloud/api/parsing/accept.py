"""Which format an answer takes: the ``format`` parameter, else the ``Accept`` header (RFC 9110, section 12.5.1)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from deltacloud.api.parsing.headers import QUOTED
from deltacloud.errors import NotAcceptable

CONTENT_TYPES: Mapping[str, str] = {
    "xml": "application/xml",
    "json": "application/json",
    "html": "text/html",
    "svg": "image/svg+xml",
    "gv": "application/ghostscript",
    "png": "image/png",
    "problem": "application/problem+json",
}
"""Format to the ``Content-Type`` of its answers."""

ERROR_FORMATS = ("xml", "json", "html")
"""What an error document can be; ``problem`` comes on top for clients that name it."""

# The types that ask for a format, the one that decides its rank first.
_NAMES: Mapping[str, tuple[str, ...]] = {
    **{name: (content_type,) for name, content_type in CONTENT_TYPES.items()},
    "xml": ("application/xml", "text/xml"),
    "html": ("application/xhtml+xml", "text/html"),
}
_FORMAT_PARAMETERS = frozenset(_NAMES) - {"problem"}
_QUOTED = re.compile(QUOTED, re.DOTALL)
_WEIGHT = re.compile(r"[0-9]*\.?[0-9]*")
_ANYTHING = "*/*"
_LONGEST_CACHED = 512


class _Range(NamedTuple):
    quality: float
    position: int


class _Rank(NamedTuple):
    quality: float
    named: bool
    position: int
    preference: int


def negotiate(accept: str | None, format_parameter: str | None, offered: Sequence[str]) -> str:
    """The format of an answer.

    A ``format`` parameter overrides the header. Without either it is XML. Parameters of media types are ignored,
    ``q=0`` excludes, and of equal weights the one written last wins. ``type/*`` asks for the first format offered whose
    content type fits. ``*/*`` is HTML, and counts only when nothing else in the header fits.

    Args:
        accept: The ``Accept`` header; None or empty for none.
        format_parameter: The value of ``format`` in the query string; None when it is absent.
        offered: Formats that the operation can answer in, the server's preferred one first; not empty.

    Returns:
        One of ``offered``.

    Raises:
        NotAcceptable: the client accepts none of them, or names a format that does not exist.
    """
    chosen = _choose(accept, format_parameter, tuple(offered))
    if chosen is None:
        raise NotAcceptable
    return chosen


def error_format(accept: str | None, format_parameter: str | None) -> str:
    """The format of an error document, whatever the operation offers.

    Args:
        accept: The ``Accept`` header.
        format_parameter: The value of ``format`` in the query string; None when it is absent.

    Returns:
        ``problem`` when the header names ``application/problem+json``, else what :func:`negotiate` finds among
        :data:`ERROR_FORMATS`, and XML when it finds nothing.
    """
    if format_parameter is None and names_problem(accept):
        return "problem"
    return _choose(accept, format_parameter, ERROR_FORMATS) or "xml"


def names_problem(accept: str | None) -> bool:
    """Whether the header names ``application/problem+json`` and does not exclude it."""
    if not accept or "problem+json" not in accept.lower():
        return False
    found = _ranges(accept).get(CONTENT_TYPES["problem"])
    return found is not None and found.quality > 0


def _choose(accept: str | None, format_parameter: str | None, offered: tuple[str, ...]) -> str | None:
    if format_parameter is not None:
        return format_parameter if format_parameter in _FORMAT_PARAMETERS.intersection(offered) else None
    if accept is None or len(accept) <= _LONGEST_CACHED:
        return _choose_cached(accept, offered)
    return _choose_by_header(accept, offered)


def _choose_by_header(accept: str | None, offered: tuple[str, ...]) -> str | None:
    if accept is None or not accept.strip(" \t,"):
        return _preferred("xml", offered)
    ranges = _ranges(accept)
    ranks = {name: _rank(ranges, name, -index) for index, name in enumerate(offered)}
    wanted = {name: rank for name, rank in ranks.items() if rank is not None and rank.quality > 0}
    if wanted:
        return max(wanted, key=lambda name: wanted[name])
    anything = ranges.get(_ANYTHING)
    if anything is None or anything.quality == 0:
        return None
    return _preferred("html", tuple(name for name, rank in ranks.items() if rank is None))


_choose_cached = lru_cache(maxsize=1024)(_choose_by_header)


def _preferred(name: str, offered: tuple[str, ...]) -> str | None:
    if name in offered:
        return name
    return offered[0] if offered else None


def _rank(ranges: Mapping[str, _Range], name: str, preference: int) -> _Rank | None:
    """How much a format is wanted; None when no range but ``*/*`` speaks of it."""
    own = CONTENT_TYPES[name]
    if own in ranges and ranges[own].quality == 0:
        return _Rank(0.0, named=True, position=0, preference=preference)
    for media_type in _NAMES[name]:
        found = ranges.get(media_type)
        if found is not None and found.quality > 0:
            return _Rank(found.quality, named=True, position=found.position, preference=preference)
    wildcard = ranges.get(own.partition("/")[0] + "/*")
    if wildcard is None:
        return None
    return _Rank(wildcard.quality, named=False, position=wildcard.position, preference=preference)


def _ranges(accept: str) -> dict[str, _Range]:
    """Media ranges in lower case, with their weight and place; of a repeated one the last counts."""
    ranges: dict[str, _Range] = {}
    for position, entry in enumerate(_QUOTED.sub("", accept).split(",")):
        media_range, _, parameters = entry.partition(";")
        media_range = media_range.strip().lower()
        if "/" in media_range:
            ranges[media_range] = _Range(_quality(parameters), position)
    return ranges


def _quality(parameters: str) -> float:
    """The weight, at most 1; 1 where there is none that can be read."""
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            number = value.strip()
            if _WEIGHT.fullmatch(number) and number.strip("."):
                return min(float(number), 1.0)
            return 1.0
    return 1.0
