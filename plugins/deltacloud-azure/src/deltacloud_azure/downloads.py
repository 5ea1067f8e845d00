"""Downloads: a content comes in pieces, the next ones of which are fetched while one is sent on.

The first piece is there before the answer begins, so that errors have an answer of their own. The others are asked for
under the condition that the blob is still the same. Nothing is unpacked: a blob with a Content-Encoding comes as it is.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from deltacloud.blobs import BlobContent
from deltacloud.context import Context
from deltacloud.errors import RangeNotSatisfiable
from deltacloud.inputs import ByteRange
from deltacloud.texts import unquoted

if TYPE_CHECKING:
    from azure.storage.blob import BlobClient, BlobProperties, StorageStreamDownloader

_MIB = 1024 * 1024
_LARGEST = 4 * _MIB
_SHARE = 64
"""A piece is about so large a part of what came before: the first bytes come soon, large blobs take few requests."""


def read(context: Context, blob: BlobClient, byte_range: ByteRange | None, parallel: int) -> BlobContent:
    """A blob's content, or a part of it.

    Args:
        context: The call's context.
        blob: The SDK's client of the blob.
        byte_range: The part; None for all.
        parallel: How many pieces may be fetched at once.

    Raises:
        RangeNotSatisfiable: the part lies outside the content.
    """
    wanted = ByteRange() if byte_range is None else byte_range
    if wanted.suffix is None:
        start, etag = wanted.first, None
    else:
        now = blob.get_blob_properties()
        start, etag = _within(wanted, now.size)[0], now.etag
    most = _MIB if wanted.last is None else min(max(wanted.last - start + 1, 1), _MIB)
    first = _first(blob, start, most, etag)
    if first is None:
        return _beyond(blob, byte_range)
    piece, properties = _bytes(first), first.properties
    size = int(str(properties.content_range).rpartition("/")[2])
    end = _within(wanted, size)[1]
    return BlobContent(
        chunks=_chunks(context, blob, properties.etag, piece, (start, end), parallel),
        content_type=properties.content_settings.content_type,
        length=end - start,
        content_range=None if byte_range is None else (start, end - 1, size),
        etag=unquoted(properties.etag),
        last_modified=properties.last_modified,
    )


def _within(wanted: ByteRange, size: int) -> tuple[int, int]:
    place = wanted.within(size)
    if place is None:
        raise RangeNotSatisfiable(size)
    return place


def _first(blob: BlobClient, start: int, most: int, etag: str | None) -> StorageStreamDownloader[bytes] | None:
    """The first bytes from a place on; None where the content has none there."""
    from azure.core.exceptions import HttpResponseError  # noqa: PLC0415 - imported at first use

    try:
        return _ask(blob, start, most, etag)
    except HttpResponseError as error:
        if error.status_code != HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            raise
        return None


def _beyond(blob: BlobClient, byte_range: ByteRange | None) -> BlobContent:
    """What there is of a content where it has no bytes: all of an empty one."""
    properties: BlobProperties = blob.get_blob_properties()
    if byte_range is not None:
        raise RangeNotSatisfiable(properties.size)
    return BlobContent(
        chunks=iter(()),
        content_type=properties.content_settings.content_type,
        length=0,
        etag=unquoted(properties.etag),
        last_modified=properties.last_modified,
    )


def _ask(blob: BlobClient, start: int, most: int, etag: str | None) -> StorageStreamDownloader[bytes]:
    from azure.core import MatchConditions  # noqa: PLC0415 - imported at first use

    same: dict[str, Any] = {} if etag is None else {"etag": etag, "match_condition": MatchConditions.IfNotModified}
    return blob.download_blob(offset=start, length=most, max_concurrency=1, decompress=False, **same)


def _fetch(blob: BlobClient, start: int, most: int, etag: str) -> bytes:
    return _bytes(_ask(blob, start, most, etag))


def _bytes(downloaded: StorageStreamDownloader[bytes]) -> bytes:
    """What was downloaded, which is one piece for the SDK, too; its other ways to it make copies."""
    return next(downloaded.chunks(), b"")


def _chunks(
    context: Context, blob: BlobClient, etag: str, piece: bytes, place: tuple[int, int], parallel: int
) -> Generator[bytes]:
    start, end = place
    if piece:
        yield piece
    rest = start + len(piece)
    if rest == end:
        return
    del piece
    with context.sdk.executor(parallel) as threads:
        yield from threads.in_order(lambda place: _fetch(blob, *place, etag), _pieces(start, rest, end), parallel)


def _pieces(start: int, rest: int, end: int) -> Iterator[tuple[int, int]]:
    """Where the pieces from ``rest`` on begin, and how large they are."""
    while rest < end:
        usual = min(max((rest - start) // _SHARE // _MIB * _MIB, _MIB), _LARGEST)
        yield rest, min(usual, end - rest)
        rest += usual
