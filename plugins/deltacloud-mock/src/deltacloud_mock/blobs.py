"""Blobs: contents stream in and out, and are never held whole."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import BinaryIO

from msgspec.structs import replace

from deltacloud.blobs import BlobContent, BlobUpload
from deltacloud.context import Context
from deltacloud.errors import BackendError, InvalidRequest, NotFound, RangeNotSatisfiable
from deltacloud.inputs import BlobProperties, ByteRange, PageRequest
from deltacloud.models import Blob, BlobEntry, Page, Pairs
from deltacloud_mock.base import MockBase
from deltacloud_mock.blobtable import Place
from deltacloud_mock.contents import part_of
from deltacloud_mock.listing import walk
from deltacloud_mock.records import BUCKETS
from deltacloud_mock.session import Session

_LONGEST_NAME = 1024


class BlobHooks(MockBase):
    """The hooks of blobs."""

    def list_blobs(
        self, context: Context, bucket_id: str, prefix: str | None, delimiter: str | None, page: PageRequest
    ) -> Page[BlobEntry]:
        """The blobs of a bucket, by name."""
        user = self._gate.admit(context, "list_blobs")
        limit = page.size(self._page_size)
        first = max(prefix or "", page.marker or "")
        with self._store.reading() as session:
            if not session.has(BUCKETS, user, bucket_id):
                raise NotFound
            found = walk(session.blobs, (user, bucket_id), prefix or "", delimiter or "", first, limit + 1)
            entries = list(found)
        if len(entries) <= limit:
            return Page([entry for _, entry in entries])
        return Page([entry for _, entry in entries[:limit]], entries[limit][0])

    def get_blob(self, context: Context, bucket_id: str, blob_id: str) -> Blob:
        """A blob's description."""
        user = self._gate.admit(context, "get_blob")
        with self._store.reading() as session:
            return session.blobs.get(Place(user, bucket_id, blob_id)).blob

    def read_blob(self, context: Context, bucket_id: str, blob_id: str, byte_range: ByteRange | None) -> BlobContent:
        """A blob's content as it is now, whatever is written meanwhile."""
        user = self._gate.admit(context, "read_blob")
        blob, file = self._open(Place(user, bucket_id, blob_id))
        length = blob.content_length or 0
        part = (0, length) if byte_range is None else byte_range.within(length)
        if part is None:
            file.close()
            raise RangeNotSatisfiable(length)
        return BlobContent(
            chunks=part_of(file, *part),
            content_type=blob.content_type,
            length=part[1] - part[0],
            content_range=None if byte_range is None else (part[0], part[1] - 1, length),
            etag=blob.etag,
            last_modified=blob.last_modified,
            on_close=file.close,
        )

    def write_blob(self, context: Context, bucket_id: str, blob_id: str, upload: BlobUpload) -> Blob:
        """Store a blob; the older one of its name stays until the new one is whole."""
        user = self._gate.admit(context, "write_blob")
        place = self._check_place(user, bucket_id, blob_id)
        properties = BlobProperties(content_type=upload.content_type, metadata=upload.metadata)
        return self._keep(place, upload, properties)

    def replace_blob_metadata(self, context: Context, bucket_id: str, blob_id: str, metadata: Pairs) -> None:
        """Replace all user metadata."""
        user = self._gate.admit(context, "replace_blob_metadata")
        with self._store.writing() as session:
            stored = session.blobs.get(Place(user, bucket_id, blob_id))
            session.blobs.put(user, stored.file, replace(stored.blob, user_metadata=metadata))

    def destroy_blob(self, context: Context, bucket_id: str, blob_id: str) -> None:
        """Delete a blob, if it is there."""
        user = self._gate.admit(context, "destroy_blob")
        with self._store.writing() as session:
            _check_bucket(session, user, bucket_id)
            old = session.blobs.remove(Place(user, bucket_id, blob_id))
        self._contents.remove(old)

    # Uploads in parts

    def begin_segmented_upload(self, context: Context, bucket_id: str, blob_id: str, properties: BlobProperties) -> str:
        """Start an upload; nothing of it is seen before it is finished."""
        user = self._gate.admit(context, "begin_segmented_upload")
        place = self._check_place(user, bucket_id, blob_id)
        upload_id = secrets.token_hex(16)
        with self._store.writing() as session:
            session.blobs.begin(upload_id, place, properties, session.now)
        return upload_id

    def write_segment(
        self, context: Context, bucket_id: str, blob_id: str, upload_id: str, number: int, upload: BlobUpload
    ) -> str:
        """Store a part, in place of one of the same number."""
        user = self._gate.admit(context, "write_segment")
        place = Place(user, bucket_id, blob_id)
        with self._store.reading() as session:
            session.blobs.upload(upload_id, place)
        with self._contents.written(place, upload) as content, self._store.writing() as session:
            session.blobs.upload(upload_id, place)
            old = session.blobs.add_segment(upload_id, number, content.etag, content.file)
        self._contents.remove(old)
        return content.etag

    def finish_segmented_upload(
        self,
        context: Context,
        bucket_id: str,
        blob_id: str,
        upload_id: str,
        segments: tuple[tuple[int, str], ...],
    ) -> Blob:
        """Make the blob, of the type and with the metadata that the upload was begun with."""
        user = self._gate.admit(context, "finish_segmented_upload")
        place = Place(user, bucket_id, blob_id)
        with self._store.reading() as session:
            properties = session.blobs.upload(upload_id, place)
            files = session.blobs.segments(upload_id)
        unknown = [number for number, segment_id in segments if (number, segment_id) not in files]
        if unknown or not segments:
            raise InvalidRequest(f"No such segments: {', '.join(map(str, unknown)) or 'none were named'}")
        chunks = self._contents.whole(files[segment] for segment in sorted(segments))
        blob = self._keep(place, chunks, properties, upload_id)
        self._contents.remove(*files.values())
        return blob

    def abort_segmented_upload(self, context: Context, bucket_id: str, blob_id: str, upload_id: str) -> None:
        """Throw the parts away."""
        user = self._gate.admit(context, "abort_segmented_upload")
        with self._store.writing() as session:
            session.blobs.upload(upload_id, Place(user, bucket_id, blob_id))
            files = session.blobs.segments(upload_id)
            session.blobs.end(upload_id)
        self._contents.remove(*files.values())

    def _open(self, place: Place) -> tuple[Blob, BinaryIO]:
        """A blob and its content, which belong together."""
        missing = None
        while True:
            with self._store.reading() as session:
                stored = session.blobs.get(place)
            if stored.file == missing:
                raise BackendError("The content of the blob is gone")
            try:
                return stored.blob, self._contents.open(stored.file)
            except FileNotFoundError:
                missing = stored.file  # a newer content has just taken its place: look again

    def _check_place(self, user: str, bucket_id: str, blob_id: str) -> Place:
        """Where a new blob goes: refused before its content is read."""
        if not 0 < len(blob_id.encode()) <= _LONGEST_NAME:
            raise InvalidRequest(f"The name of a blob must have 1 to {_LONGEST_NAME} bytes", "blob_id")
        with self._store.reading() as session:
            _check_bucket(session, user, bucket_id)
        return Place(user, bucket_id, blob_id)

    def _keep(
        self, place: Place, chunks: Iterable[bytes], properties: BlobProperties, upload_id: str | None = None
    ) -> Blob:
        """Write a content, and let it be the blob's; the upload that it comes from, if any, ends."""
        with self._contents.written(place, chunks) as content, self._store.writing() as session:
            _check_bucket(session, place.owner, place.bucket)
            if upload_id is not None:
                session.blobs.upload(upload_id, place)
                session.blobs.end(upload_id)
            blob = Blob(
                id=place.blob,
                bucket_id=place.bucket,
                content_length=content.length,
                content_type=properties.content_type,
                last_modified=session.moment,
                user_metadata=properties.metadata,
                etag=content.etag,
            )
            old = session.blobs.put(place.owner, content.file, blob)
        self._contents.remove(old)
        return blob


def _check_bucket(session: Session, user: str, bucket_id: str) -> None:
    if not session.has(BUCKETS, user, bucket_id):
        raise NotFound("BucketNotExist")
