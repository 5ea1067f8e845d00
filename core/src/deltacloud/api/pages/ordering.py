"""Looking for entries of a list, and sorting them, as a person means it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

_PIECES = re.compile(r"(\d+)")


def narrowed(entries: list[dict[str, object]], names: Iterable[str], wanted: str) -> list[dict[str, object]]:
    """The entries that hold every word of the text somewhere."""
    parts = wanted.lower().split()
    if not parts:
        return entries
    kept = []
    for one in entries:
        text = " ".join(_texts([one.get("id"), one.get("name"), *(one.get(name) for name in names)])).lower()
        if all(part in text for part in parts):
            kept.append(one)
    return kept


def _texts(value: object) -> Iterable[str]:
    if isinstance(value, Mapping):
        for name, one in value.items():
            if name not in ("href", "rel"):
                yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif value is not None:
        yield str(value)


def ordered(entries: list[dict[str, object]], names: Sequence[str], order: str) -> list[dict[str, object]]:
    """The entries by one column; what has no value there comes last either way."""
    name = order.removeprefix("-")
    if name not in ("id", "name", *names):
        return entries
    keyed = [(_key(one, name), one) for one in entries]
    known = [pair for pair in keyed if pair[0]]
    known.sort(key=lambda pair: pair[0], reverse=order.startswith("-"))
    return [one for _, one in known] + [one for key, one in keyed if not key]


def _key(entry: Mapping[str, object], name: str) -> tuple[tuple[int, float, str], ...]:
    """What an entry is sorted by: numbers in texts count as numbers."""
    value = (entry.get("name") or entry.get("id")) if name == "name" else entry.get(name)
    if isinstance(value, int | float):
        return ((0, float(value), ""),)
    pieces = _PIECES.split(" ".join(_texts(value)).lower())
    return tuple((0, float(one), "") if one.isdecimal() else (1, 0.0, one) for one in pieces if one)
