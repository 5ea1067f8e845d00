"""Contents on their way in, as the core hands them to drivers, and on their way out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from deltacloud.blobs import CHUNK, BlobContent
from deltacloud.models import Pairs


class Upload:
    """A content that is sent once: bytes, or chunks that are made as they are asked for.

    An exception among the chunks is what a client that breaks off is to a driver.
    """

    def __init__(
        self,
        chunks: bytes | Iterable[bytes],
        *,
        length: int | None = None,
        content_type: str = "application/octet-stream",
        metadata: Pairs = (),
    ) -> None:
        self.content_type = content_type
        self.metadata = metadata
        self.length: int | None = len(chunks) if isinstance(chunks, bytes) else length
        self._chunks = iter([chunks] if isinstance(chunks, bytes) else chunks)
        self._rest = b""

    def read(self, size: int = -1) -> bytes:
        """At most ``size`` bytes; empty at the end."""
        if size < 0:
            return b"".join(self)
        rest = self._rest or next(self._chunks, b"")
        self._rest = rest[size:]
        return rest[:size]

    def __iter__(self) -> Iterator[bytes]:
        while chunk := self.read(CHUNK):
            yield chunk


def whole(content: BlobContent) -> bytes:
    """All of a content, which is then closed."""
    try:
        return b"".join(content.chunks)
    finally:
        content.close()
