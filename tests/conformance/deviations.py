"""Where our server answers otherwise than the original did, on purpose: each group with the rule that says so.

A row changes the recorded answer into the one that ours must equal, so our own answer is asserted as fully as any other.
Several rows may concern one exchange; they are applied in the order of this table. A row that no recording matches, or
without which an answer is alike anyway, fails the suite.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from changes import Change, error


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


DEVIATIONS: tuple[Deviation, ...] = (
    Deviation(
        ("errors.412.*", "head.firewalls"),
        "a missing capability is told by an error document in the format asked for; status, sentence and Expect stay",
        (error(412),),
    ),
)
