"""A part of a blob's content: the driver's own ranges where it has them, else cut out of the whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from deltacloud.api.parsing.ranges import parse_range
from deltacloud.blobs import BlobContent
from deltacloud.errors import RangeNotSatisfiable

if TYPE_CHECKING:
    from deltacloud.api.exchange import Exchange


def content_of(exchange: Exchange, where: dict[str, object]) -> BlobContent:
    """The content that the request asks for.

    Raises:
        RangeNotSatisfiable: the range lies outside the content.
    """
    env = exchange.request.env
    wanted = parse_range(env.get("HTTP_RANGE"), env.get("HTTP_IF_RANGE"))
    content: BlobContent = exchange.call("read_blob", byte_range=wanted, **where)
    if wanted is None or content.content_range is not None or content.length is None:
        return content
    part = wanted.within(content.length)
    if part is None:
        content.close()
        raise RangeNotSatisfiable(content.length)
    start, end = part
    content.content_range = (start, end - 1, content.length)
    content.length = end - start
    content.chunks = _Cut(content.chunks, start, end)
    return content


class _Cut(Iterator[bytes]):
    """Bytes ``start`` to ``end`` (excluded) of a content; stops reading when they are through."""

    def __init__(self, chunks: Iterable[bytes], start: int, end: int) -> None:
        self._whole = chunks
        self._chunks = iter(chunks)
        self._skip = start
        self._left = end - start

    def __next__(self) -> bytes:
        while self._left:
            chunk = next(self._chunks)
            if self._skip >= len(chunk):
                self._skip -= len(chunk)
                continue
            chunk = chunk[self._skip : self._skip + self._left]
            self._skip = 0
            self._left -= len(chunk)
            return chunk
        raise StopIteration

    def close(self) -> None:
        """Let go of the rest."""
        close = getattr(self._whole, "close", None)
        if close is not None:
            close()
