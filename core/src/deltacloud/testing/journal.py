"""What a run makes, written down at once: things without names are found by nothing else when the run is killed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from deltacloud.testing.backend import Backend


class Entry(NamedTuple):
    """A thing that may still be there.

    Attributes:
        collection: Where.
        identifier: Its id.
        tenant: ``credentials`` or ``other_credentials``: as whom it was made.
    """

    collection: str
    identifier: str
    tenant: str


class _Line(msgspec.Struct, frozen=True):
    done: str
    entry: Entry


class Journal:
    """One run's file, which exists as long as something of the run does.

    Args:
        folder: Where journals are kept.
        backend: The cloud; only journals of the same account on the same provider are for its sweep.
        prefix: The run's own.
    """

    def __init__(self, folder: Path, backend: Backend, prefix: str) -> None:
        self._path = folder / f"{_account(backend)}-{prefix}journal"
        self._left: list[Entry] = []

    def made(self, entry: Entry) -> None:
        """Something is there now."""
        self._left.append(entry)
        self._write("made", entry)

    def gone(self, entry: Entry) -> None:
        """It is there no longer."""
        if entry not in self._left:
            return
        self._left.remove(entry)
        if self._left:
            self._write("gone", entry)
        else:
            self._path.unlink(missing_ok=True)

    def _write(self, done: str, entry: Entry) -> None:
        with self._path.open("ab") as file:
            file.write(msgspec.json.encode(_Line(done, entry)) + b"\n")


def read(folder: Path, backend: Backend) -> Iterator[tuple[Path, list[Entry]]]:
    """The journals of an account, and what each run has left."""
    for path in sorted(folder.glob(f"{_account(backend)}-*journal")):
        left: dict[Entry, None] = {}
        for text in path.read_bytes().splitlines():
            try:
                line = msgspec.json.decode(text, type=_Line)
            except msgspec.DecodeError:  # the run was killed while it wrote this
                continue
            if line.done == "made":
                left[line.entry] = None
            else:
                left.pop(line.entry, None)
        yield path, list(left)


def _account(backend: Backend) -> str:
    """Whose journals these are, in a word that tells nobody."""
    told = "\0".join([backend.driver, backend.provider or "", backend.credentials[0]])
    return hashlib.sha256(told.encode()).hexdigest()[:16]
