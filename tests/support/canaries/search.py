"""The search for secrets where none may be."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from canaries.spelling import EXACT, FOLDED, MARK

_AROUND = 130
_MOST = 300
"""So many findings in one place are enough to know."""
_BREAKS = b"\r\n"


@dataclass(frozen=True)
class Hit:
    """A secret where none may be.

    Attributes:
        where: What was searched.
        around: The text around it.
    """

    where: str
    around: str

    def __str__(self) -> str:
        return f"{self.where}: {self.around}"


@dataclass
class Search:
    """A search through many places.

    Attributes:
        searched: Bytes so far.
        places: Places so far.
        hits: Everything that was found where it may not be.
        returned: (place, kind) of what was found where the contract has it.
    """

    searched: int = 0
    places: int = 0
    hits: list[Hit] = field(default_factory=list)
    returned: set[tuple[str, str]] = field(default_factory=set)

    def look(self, where: str, data: bytes | str, contract: Collection[str] = ()) -> None:
        """Search a text.

        Args:
            where: What it is, for the findings.
            data: The text.
            contract: Kinds of canaries that stand here, plain, by contract.
        """
        raw = data.encode("utf-8", "surrogateescape") if isinstance(data, str) else data
        self.searched += len(raw)
        self.places += 1
        folded = raw.lower()
        for needle in FOLDED:
            self._note(where, raw, folded, needle, contract)
        unbroken = raw.translate(None, _BREAKS)
        for needle in EXACT:
            self._note(where, unbroken, unbroken, needle, ())

    def _note(self, where: str, raw: bytes, text: bytes, needle: bytes, contract: Collection[str]) -> None:
        place = -1
        for _ in range(_MOST):
            place = text.find(needle, place + 1)
            if place < 0:
                return
            kind = _kind(raw[place : place + len(needle) + _AROUND])
            if kind in contract:
                self.returned.add((where, kind))
                continue
            around = raw[max(0, place - _AROUND) : place + len(needle) + _AROUND]
            self.hits.append(Hit(where, around.decode("utf-8", "backslashreplace")))


def found_in(data: bytes | str) -> bool:
    """Whether a text holds a secret in any spelling."""
    search = Search()
    search.look("", data)
    return bool(search.hits)


def _kind(text: bytes) -> str:
    """The kind of a canary that stands plainly at the beginning of a text; "" for other spellings."""
    mark, _, rest = text.partition(b".")
    return rest.partition(b".")[0].decode("ascii", "replace") if mark == MARK.encode() else ""
