"""JSON values as people read them: names as words, and which lists make a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def words(name: str) -> str:
    """A member's or an operation's name as words: ``hardware_profile`` is ``Hardware profile``."""
    spaced = name.replace("_", " ").strip()
    return spaced[:1].upper() + spaced[1:]


def columns(values: Sequence[object]) -> tuple[str, ...]:
    """The headers of a table of these values: the names of their members.

    Returns:
        Nothing when they make no table: a table needs objects of plain members, and no links.
    """
    names: dict[str, None] = {}
    for value in values:
        if not isinstance(value, Mapping) or "href" in value:
            return ()
        if any(isinstance(one, Mapping | list) for one in value.values()):
            return ()
        names.update(dict.fromkeys(value))
    return tuple(names)
