"""Contents of blobs: one file each, written whole before anything refers to it, and never changed after.

A new content of a blob is a new file, so a reader of the old one reads on undisturbed, and a kill at any moment leaves
at most a file that nothing refers to; :meth:`Contents.sweep` removes such.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from deltacloud.errors import ProviderError
from deltacloud_mock.blobtable import Place

READ_SIZE = 256 * 1024
"""Bytes that are read at a time."""

_SYNC_EVERY = 16 * 1024 * 1024
_UNFINISHED = ".part"


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

    def write(self, place: Place, chunks: Iterable[bytes]) -> Content:
        """Write a content to disk. When the chunks end with an exception nothing is left behind.

        Args:
            place: Whose it is. It is hashed into the file's name, so any text will do as a name.
            chunks: The bytes.
        """
        name = f"{_digest(place)}-{secrets.token_hex(8)}"
        unfinished = self._directory / f"{name}{_UNFINISHED}"
        length = synced = 0
        try:
            with unfinished.open("xb") as file:
                for chunk in chunks:
                    length += file.write(chunk)
                    if length - synced >= _SYNC_EVERY:  # in small portions: the whole process waits for the disk
                        _sync(file)
                        synced = length
                _sync(file)
            unfinished.rename(self._directory / name)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
        return Content(name, length)

    def join(self, place: Place, parts: Iterable[str]) -> Content:
        """Write one content out of several files."""
        return self.write(place, (chunk for part in parts for chunk in self._whole(part)))

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

    def sweep(self, needed: set[str], before: float) -> None:
        """Delete all files that are not needed and were last written before a time, in Unix seconds."""
        for entry in os.scandir(self._directory):
            if entry.name not in needed and entry.stat().st_mtime < before:
                Path(entry.path).unlink(missing_ok=True)

    def _whole(self, file: str) -> Iterator[bytes]:
        with self.open(file) as opened:
            while chunk := opened.read(READ_SIZE):
                yield chunk


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
