"""Contents on their way to S3: how large their parts are, and how a request gets one that may be read only once."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Protocol

from deltacloud.blobs import CHUNK

MIB = 1024 * 1024
PART = 5 * MIB
"""The size of parts, which may not be smaller, while that makes no more of them than an object can have."""
_MOST_PARTS = 10_000
_OF_ONE_SIZE = 2000
"""So many parts of a content of unknown length have one size, and the next so many twice that."""


class Readable(Protocol):
    """A content that can be read once."""

    def read(self, size: int = -1) -> bytes:
        """At most ``size`` bytes; empty at the end."""


class Limited:
    """The next bytes of a content.

    Args:
        content: The content.
        length: How many of its bytes at most.
    """

    def __init__(self, content: Readable, length: int) -> None:
        self._content = content
        self._left = length

    def read(self, size: int = -1) -> bytes:
        """At most ``size`` of the bytes; empty when all were read, or when the content has ended."""
        wanted = self._left if size < 0 else min(size, self._left)
        chunk = self._content.read(wanted) if wanted else b""
        self._left -= len(chunk)
        return chunk


def sizes(length: int | None) -> Iterator[int]:
    """The sizes of a content's parts from the second on; the first has the smallest, and the last is what remains.

    Args:
        length: The content's; None if it is not known.
    """
    if length is not None:
        yield from itertools.repeat(max(PART, -(-length // (_MOST_PARTS - 1))))
    for number in itertools.count(1):
        yield PART << number // _OF_ONE_SIZE


def read(content: Readable, size: int) -> bytearray:
    """The next bytes, ``size`` of them unless the content ends before."""
    found = bytearray()
    while len(found) < size and (chunk := content.read(min(size - len(found), CHUNK))):
        found += chunk
    return found


@contextmanager
def body(content: Readable, length: int | None, *, private: bool) -> Iterator[tuple[Readable | IO[bytes], int]]:
    """What botocore sends, and its length.

    It passes through if its length is known and the connection is private. Else it goes through a temporary file: the
    request begins with the length and, for the signature, with a digest of the content.

    Args:
        content: The content.
        length: Its length; None if it is not known.
        private: Whether nobody can change on the way what is sent, so that the signature need not hold for it.
    """
    if private and length is not None:
        yield Limited(content, length), length
        return
    with tempfile.SpooledTemporaryFile(CHUNK) as file:
        while chunk := content.read(CHUNK):
            file.write(chunk)
        written = file.tell()
        file.seek(0)
        yield file, written
