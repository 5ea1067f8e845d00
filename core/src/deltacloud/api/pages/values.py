"""JSON values as people read them: names as words, and which lists make a table."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence

FREE = frozenset({"tags", "user_metadata"})
"""Members whose own members have names that users choose."""


def words(name: str) -> str:
    """A member's or an operation's name as words: ``hardware_profile`` is ``Hardware profile``."""
    spaced = " ".join(name.replace("_", " ").split())
    return spaced[:1].upper() + spaced[1:]


def columns(values: Sequence[object]) -> tuple[str, ...]:
    """The headers of a table of these values: the names of the members that at least one of them has.

    Returns:
        Nothing when they make no table: a table needs objects of plain members, and no links.
    """
    names: dict[str, None] = {}
    for value in values:
        if not isinstance(value, Mapping) or "href" in value:
            return ()
        if any(isinstance(one, Mapping | list) for one in value.values()):
            return ()
        names.update(dict.fromkeys(without(value, ())))
    return tuple(names)


def without(value: Mapping[str, object], names: Container[str]) -> dict[str, object]:
    """An object less some of its members, and those that are not known."""
    return {name: one for name, one in value.items() if name not in names and one is not None}
