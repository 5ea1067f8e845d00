"""Contents of blobs: one file each, written whole before anything refers to it, and never changed after.

A new content of a blob is a new file, so a reader of the old one reads on undisturbed, and a kill at any moment leaves
at most a file that nothing refers to. Its writer holds a lock on a file until something does refer to it; the system
takes the lock from a process that is killed, and so :meth:`Contents.sweep` knows what was left behind.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, NamedTuple

from deltacloud.errors import ProviderError
from deltacloud_mock.blobtable import Place

READ_SIZE = 256 * 1024
"""Bytes that are read at a time."""

_SYNC_EVERY = 16 * 1024 * 1024


class Content(NamedTuple):
    """A file that was written: its name, and how many bytes it holds."""

    file: str
    length: int

    @property
    def etag(self) -> str:
        """Differs for every content that was ever written."""
        return self.file.rpartition("-")[2]


class Contents:
    """The directory of contents.

    Args:
        directory: Where; made if it is not there.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        directory.mkdir(mode=0o750, exist_ok=True)

    @contextmanager
    def written(self, place: Place, chunks: Iterable[bytes]) -> Iterator[Content]:
        """Write a content to disk, for a block that makes something refer to it.

        When the chunks or the block end with an exception nothing is left behind.

        Args:
            place: Whose it is. It is hashed into the file's name, so any text will do as a name.
            chunks: The bytes.
        """
        path, file = self._new(place)
        length = synced = 0
        try:
            with file:
                for chunk in chunks:
                    length += file.write(chunk)
                    if length - synced >= _SYNC_EVERY:  # in small portions: the whole process waits for the disk
                        _sync(file)
                        synced = length
                _sync(file)
                yield Content(path.name, length)
        except BaseException:
            path.unlink(missing_ok=True)
            raise

    def whole(self, files: Iterable[str]) -> Iterator[bytes]:
        """The bytes of several files, one after the other."""
        for name in files:
            with self.open(name) as file:
                while chunk := file.read(READ_SIZE):
                    yield chunk

    def open(self, file: str) -> BinaryIO:
        """Open a content for reading.

        Raises:
            FileNotFoundError: a newer content has taken its place.
        """
        return (self._directory / file).open("rb", buffering=0)

    def remove(self, *files: str | None) -> None:
        """Delete contents that nothing refers to any more; None stands for no file."""
        for file in files:
            if file is not None:
                (self._directory / file).unlink(missing_ok=True)

    def sweep(self, needed: set[str], refers: Callable[[str], bool]) -> None:
        """Delete what was left behind: files that nothing refers to and nobody is writing.

        Args:
            needed: Files that something referred to a moment ago, so that few others are looked at.
            refers: Whether anything refers to a file now.
        """
        for name in set(os.listdir(self._directory)) - needed:  # noqa: PTH208 - names are enough
            path = self._directory / name
            with suppress(FileNotFoundError, BlockingIOError), path.open("r+b") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                # Who wrote it is done with it, so what it made to refer to it can be seen.
                if not refers(name):
                    path.unlink()

    def _new(self, place: Place) -> tuple[Path, BinaryIO]:
        """A new file, locked."""
        while True:
            path = self._directory / f"{_digest(place)}-{secrets.token_hex(8)}"
            file = path.open("xb")
            fcntl.flock(file, fcntl.LOCK_EX)
            if os.fstat(file.fileno()).st_nlink:
                return path, file
            file.close()  # It was swept away between its making and its locking.


def part_of(file: BinaryIO, start: int, end: int) -> Iterator[bytes]:
    """The bytes from ``start`` to before ``end`` of an open file.

    Raises:
        ProviderError: the file is shorter.
    """
    file.seek(start)
    while start < end:
        chunk = file.read(min(READ_SIZE, end - start))
        if not chunk:
            raise ProviderError("The content is shorter than it was when it was stored")
        start += len(chunk)
        yield chunk


def _digest(place: Place) -> str:
    text = "\0".join(place)
    return hashlib.sha256(text.encode()).hexdigest()


def _sync(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())
