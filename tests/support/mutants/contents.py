"""Broken in how it handles blobs."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote

from msgspec.structs import replace

from deltacloud.blobs import BlobContent, BlobUpload
from deltacloud.context import Context
from deltacloud.errors import (
    ClientDisconnected,
    InvalidRequest,
    NotFound,
)
from deltacloud.inputs import (
    ByteRange,
    PageRequest,
)
from deltacloud.models import (
    Blob,
    BlobEntry,
    Page,
    Pairs,
)
from mutants.sound import Sound, SoundSettings, mutation


@mutation("blobs.broken-upload")
class PartialBlob(Sound):
    """What has arrived of an upload that broke off becomes the blob."""

    def write_blob(self, context: Context, bucket_id: str, blob_id: str, upload: BlobUpload) -> Blob:
        return super().write_blob(context, bucket_id, blob_id, _Received(upload))


class _Received:
    """An upload that ends where it breaks off."""

    def __init__(self, upload: BlobUpload) -> None:
        self._upload = upload
        self.content_type, self.metadata, self.length = upload.content_type, upload.metadata, upload.length

    def read(self, size: int = -1) -> bytes:
        return self._upload.read(size)

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._upload
        except ClientDisconnected:
            return


@mutation("blobs.streamed")
class HeldWhole(Sound):
    """An upload is read whole before any of it is sent."""

    def write_blob(self, context: Context, bucket_id: str, blob_id: str, upload: BlobUpload) -> Blob:
        return super().write_blob(context, bucket_id, blob_id, _Held(upload, b"".join(upload)))


class _Held(_Received):
    """A content in memory."""

    def __init__(self, upload: BlobUpload, content: bytes) -> None:
        super().__init__(upload)
        self.content = content

    def __iter__(self) -> Iterator[bytes]:
        yield self.content


@mutation("blobs.streamed")
class ReadWhole(Sound):
    """A download is read whole before any of it is handed out."""

    def read_blob(self, context: Context, bucket_id: str, blob_id: str, byte_range: ByteRange | None) -> BlobContent:
        content = super().read_blob(context, bucket_id, blob_id, byte_range)
        content.chunks = iter([b"".join(content.chunks)])
        return content


@mutation("blobs.streamed")
class ReadAhead(Sound):
    """A download is read whole, and then handed out in chunks as they should be."""

    def read_blob(self, context: Context, bucket_id: str, blob_id: str, byte_range: ByteRange | None) -> BlobContent:
        content = super().read_blob(context, bucket_id, blob_id, byte_range)
        content.chunks = iter(list(content.chunks))
        return content


@mutation("blobs.ranges")
class RangeOffByOne(Sound):
    """The last byte of a range is left out."""

    def read_blob(self, context: Context, bucket_id: str, blob_id: str, byte_range: ByteRange | None) -> BlobContent:
        if byte_range is not None and byte_range.last is not None and byte_range.last > byte_range.first:
            byte_range = replace(byte_range, last=byte_range.last - 1)
        return super().read_blob(context, bucket_id, blob_id, byte_range)


@mutation("blobs.metadata")
class MetadataLost(Sound):
    """Values lose their letter case."""

    def get_blob(self, context: Context, bucket_id: str, blob_id: str) -> Blob:
        blob = super().get_blob(context, bucket_id, blob_id)
        return replace(blob, user_metadata=tuple((name, value.lower()) for name, value in blob.user_metadata))


@mutation(
    "blobs.metadata",
    "blobs.broken-upload",
    "blobs.documents",
    "blobs.overwrite",
    "blobs.replace-metadata",
    "segments.joined",
)
class MetadataNamesTitled(Sound):
    """Names come back as headers are written."""

    def get_blob(self, context: Context, bucket_id: str, blob_id: str) -> Blob:
        blob = super().get_blob(context, bucket_id, blob_id)
        return replace(blob, user_metadata=tuple((name.title(), value) for name, value in blob.user_metadata))


@mutation("blobs.replace-metadata")
class ContentTypeLost(Sound):
    """New metadata resets the content type."""

    def replace_blob_metadata(self, context: Context, bucket_id: str, blob_id: str, metadata: Pairs) -> None:
        old = super().read_blob(context, bucket_id, blob_id, None)
        upload = _Held(_Plain(metadata), b"".join(old.chunks))
        old.close()
        super().write_blob(context, bucket_id, blob_id, upload)


class _Plain:
    """What an upload is like that says nothing of itself."""

    def __init__(self, metadata: Pairs) -> None:
        self.content_type = "application/octet-stream"
        self.metadata = metadata
        self.length: int | None = None

    def read(self, _size: int = -1) -> bytes:
        return b""

    def __iter__(self) -> Iterator[bytes]:
        return iter(())


@mutation("blobs.replace-metadata")
class MetadataMerged(Sound):
    """New metadata is added to the old."""

    def replace_blob_metadata(self, context: Context, bucket_id: str, blob_id: str, metadata: Pairs) -> None:
        old = self.get_blob(context, bucket_id, blob_id).user_metadata
        super().replace_blob_metadata(context, bucket_id, blob_id, (*old, *metadata))


@mutation("blobs.overwrite")
class MetadataKept(Sound):
    """A blob that is written again keeps its old metadata."""

    def write_blob(self, context: Context, bucket_id: str, blob_id: str, upload: BlobUpload) -> Blob:
        try:
            old = self.get_blob(context, bucket_id, blob_id).user_metadata
        except NotFound:
            old = ()
        merged = _Whole(upload)
        merged.metadata = (*old, *upload.metadata)
        return super().write_blob(context, bucket_id, blob_id, merged)


class _Whole(_Received):
    """An upload as it came."""

    def __iter__(self) -> Iterator[bytes]:
        yield from self._upload


@mutation("blobs.names", "blobs.documents")
class DecodedTwice(Sound):
    """A name is decoded once more than it was encoded."""

    def get_blob(self, context: Context, bucket_id: str, blob_id: str) -> Blob:
        return super().get_blob(context, bucket_id, unquote(blob_id))

    def write_blob(self, context: Context, bucket_id: str, blob_id: str, upload: BlobUpload) -> Blob:
        return super().write_blob(context, bucket_id, unquote(blob_id), upload)

    def read_blob(self, context: Context, bucket_id: str, blob_id: str, byte_range: ByteRange | None) -> BlobContent:
        return super().read_blob(context, bucket_id, unquote(blob_id), byte_range)


@mutation("blobs.prefixes")
class FoldedWrong(Sound):
    """Names are folded at the first delimiter, were it inside the prefix."""

    def list_blobs(
        self, context: Context, bucket_id: str, prefix: str | None, delimiter: str | None, page: PageRequest
    ) -> Page[BlobEntry]:
        found = super().list_blobs(context, bucket_id, prefix, None, page)
        if not delimiter:
            return found
        names = dict.fromkeys(one.id.partition(delimiter)[0] + delimiter for one in found.items)
        return Page([BlobEntry(id=name, is_prefix=True) for name in names], found.next_marker)


@mutation("segments.joined", "callers.parts")
class JoinedAsTheyCame(Sound):
    """Parts are joined in the order in which they came."""

    def __init__(self, settings: SoundSettings) -> None:
        super().__init__(settings)
        self._order: dict[str, list[int]] = {}

    def write_segment(
        self, context: Context, bucket_id: str, blob_id: str, upload_id: str, number: int, upload: BlobUpload
    ) -> str:
        order = self._order.setdefault(upload_id, [])
        order.append(number)
        place = len(order)
        return f"{place}:" + super().write_segment(context, bucket_id, blob_id, upload_id, place, upload)

    def finish_segmented_upload(
        self,
        context: Context,
        bucket_id: str,
        blob_id: str,
        upload_id: str,
        segments: tuple[tuple[int, str], ...],
    ) -> Blob:
        came = tuple((int(one.partition(":")[0]), one.partition(":")[2]) for _, one in segments)
        return super().finish_segmented_upload(context, bucket_id, blob_id, upload_id, came)


@mutation("segments.abort")
class NotAborted(Sound):
    """An upload that is thrown away can still be finished."""

    def abort_segmented_upload(self, context: Context, bucket_id: str, blob_id: str, upload_id: str) -> None:  # noqa: ARG002 - it does nothing
        self._gate.admit(context, "abort_segmented_upload")


@mutation("blobs.contents")
class EmptyRefused(Sound):
    """A blob cannot be empty."""

    def write_blob(self, context: Context, bucket_id: str, blob_id: str, upload: BlobUpload) -> Blob:
        if upload.length == 0:
            raise InvalidRequest("empty")
        return super().write_blob(context, bucket_id, blob_id, upload)


@mutation("blobs.unknown-length", "blobs.broken-upload", "callers.streams")
class NeedsLength(Sound):
    """It takes no content whose length nobody said."""

    def write_blob(self, context: Context, bucket_id: str, blob_id: str, upload: BlobUpload) -> Blob:
        if upload.length is None:
            raise InvalidRequest("no length")
        return super().write_blob(context, bucket_id, blob_id, upload)
