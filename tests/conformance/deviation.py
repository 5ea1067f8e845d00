"""A difference from the original that was decided."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from changes import Change


@dataclass(frozen=True, slots=True)
class Deviation:
    """A decided difference.

    Attributes:
        exchanges: Patterns of the recordings' names.
        rule: What was decided, and why.
        ours: How the recorded answer is changed, step by step, into ours.
    """

    exchanges: tuple[str, ...]
    rule: str
    ours: tuple[Change, ...]

    def concerns(self, name: str) -> bool:
        """Whether this row is about a recording."""
        return any(fnmatchcase(name, pattern) for pattern in self.exchanges)

    def idle_patterns(self, names: Iterable[str]) -> list[str]:
        """The patterns that match none of these names."""
        known = list(names)
        return [pattern for pattern in self.exchanges if not any(fnmatchcase(name, pattern) for name in known)]


def decided(exchanges: str, rule: str, *ours: Change) -> Deviation:
    """A row of the table: patterns of names with blanks between them, the rule, and the changes."""
    return Deviation(tuple(exchanges.split()), rule, ours)
