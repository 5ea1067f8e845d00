"""Blob contents on their way: what a driver reads from a client, and what it hands out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from deltacloud.models import Pairs

CHUNK = 1024 * 1024
"""How much is read from a client at a time, in bytes: uploads are three times faster than in chunks of 64 KiB."""


class BlobUpload(Protocol):
    """The content of an upload, to be read once.

    ``length`` is in bytes, None when the client did not say; metadata names are lower-cased.
    """

    content_type: str
    metadata: Pairs
    length: int | None

    def read(self, size: int = -1) -> bytes:
        """At most ``size`` bytes; empty at the end.

        Raises:
            ClientDisconnected: the client broke off. The driver then leaves no partial blob behind.
        """

    def __iter__(self) -> Iterator[bytes]:
        """The content in chunks of up to :data:`CHUNK` bytes; raises as :meth:`read`."""


@dataclass(slots=True)
class BlobContent:
    """The content of a blob, to be sent once.

    Attributes:
        chunks: The bytes, 64 KiB to 1 MiB at a time.
        content_type: Media type; None is sent as ``application/octet-stream``.
        length: How many bytes ``chunks`` gives, when known.
        content_range: (first, last, length of the whole blob) when a part is sent; all counted in bytes from 0.
        etag: Without quotes.
        last_modified: When the content was last written.
        on_close: Called once when the content was sent or the client went away.
    """

    chunks: Iterable[bytes]
    content_type: str | None = None
    length: int | None = None
    content_range: tuple[int, int, int] | None = None
    etag: str | None = None
    last_modified: datetime | None = None
    on_close: Callable[[], None] | None = None

    def close(self) -> None:
        """Let go of the backend's connection; safe to call twice."""
        done, self.on_close = self.on_close, None
        try:
            close = getattr(self.chunks, "close", None)
            if close is not None:
                close()
        finally:
            if done is not None:
                done()
