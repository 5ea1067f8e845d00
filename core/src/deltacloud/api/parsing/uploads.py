"""Files that come with a form, and reading bodies within a limit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from deltacloud.blobs import CHUNK
from deltacloud.errors import PayloadTooLarge


class Readable(Protocol):
    """What bodies are read from: ``read`` returns at most ``size`` bytes, and none only at the end."""

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes; raises ``ClientDisconnected`` when the client breaks off."""


class UploadedFile:
    """A part of a form that is a file, to be read once.

    Attributes:
        filename: What the client calls it; None when it does not say. It may hold anything, path separators included.
        content_type: Its media type; ``application/octet-stream`` when the client does not say.
        length: Bytes; None while the part is still arriving.
    """

    __slots__ = ("_source", "content_type", "filename", "length")

    def __init__(self, source: Readable, filename: str | None, content_type: str | None, length: int | None) -> None:
        self._source = source
        self.filename = filename
        self.content_type = content_type or "application/octet-stream"
        self.length = length

    def read(self, size: int = -1) -> bytes:
        """The next ``size`` bytes, fewer only at the end; all that are left when ``size`` is negative.

        Raises:
            ClientDisconnected: the client broke off.
            InvalidRequest: the form around the file is malformed.
        """
        return self._source.read(size)

    def __iter__(self) -> Iterator[bytes]:
        while chunk := self.read(CHUNK):
            yield chunk

    def close(self) -> None:
        """Let go of the temporary file, if there is one; safe to call twice."""
        close = getattr(self._source, "close", None)
        if close is not None:
            close()

    def __repr__(self) -> str:
        return f"UploadedFile(content_type={self.content_type!r}, length={self.length!r})"


def read_bounded(stream: Readable, limit: int, length: int | None = None) -> bytes:
    """Read a whole body.

    Args:
        stream: The body.
        limit: The most bytes to hold.
        length: What the client says its length is; a length over the limit is refused before anything is read.

    Raises:
        PayloadTooLarge: there is more than ``limit``.
    """
    chunks: list[bytes] = []
    left = limit if length is None or length <= limit else -1
    while left >= 0:
        chunk = stream.read(min(CHUNK, left + 1))
        if not chunk:
            return b"".join(chunks)
        chunks.append(chunk)
        left -= len(chunk)
    raise PayloadTooLarge(f"The body is longer than {limit} bytes")
