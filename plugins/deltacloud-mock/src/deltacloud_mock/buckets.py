"""Buckets, and the lists of what is in them."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from deltacloud.context import Context
from deltacloud.errors import Forbidden, NotFound
from deltacloud.inputs import NewBucket, PageRequest
from deltacloud.models import Blob, BlobEntry, Bucket, Page
from deltacloud_mock.base import MockBase, named
from deltacloud_mock.blobtable import BlobTable
from deltacloud_mock.records import BUCKETS
from deltacloud_mock.session import Session

_LISTED_WITH_BLOBS = 1000
"""Buckets of more blobs are shown without them in the list of buckets."""


class BucketHooks(MockBase):
    """The hooks of buckets."""

    def list_buckets(self, context: Context, page: PageRequest) -> Page[Bucket]:
        """The caller's buckets, with the names of their blobs as the original had it."""
        user = self._gate.admit(context, "list_buckets")
        with self._store.reading() as session:
            found, following = session.page(BUCKETS, user, page.marker or "", page.size(self._page_size))
            return Page([_counted(session, user, bucket) for bucket in found], following)

    def get_bucket(self, context: Context, bucket_id: str) -> Bucket:
        """One bucket."""
        user = self._gate.admit(context, "get_bucket")
        with self._store.reading() as session:
            bucket = session.get(BUCKETS, user, bucket_id)
            if bucket is None:
                raise NotFound
            return replace(bucket, size=session.blobs.count(user, bucket_id))

    def create_bucket(self, context: Context, new: NewBucket) -> Bucket:
        """An empty bucket; its name is its id."""

        def build(session: Session, user: str) -> tuple[Bucket]:
            name = named(new.name)
            return (session.add(BUCKETS, user, Bucket(id=name, name=name, size=0, blob_ids=())),)

        return self._create(context, "create_bucket", BUCKETS, new, build)[0]

    def destroy_bucket(self, context: Context, bucket_id: str) -> None:
        """Delete an empty bucket; uploads into it that were not finished end."""
        user = self._gate.admit(context, "destroy_bucket")
        with self._store.writing() as session:
            session.need(BUCKETS, user, bucket_id, "bucket")
            if session.blobs.count(user, bucket_id):
                raise Forbidden("A bucket that is not empty cannot be deleted")
            session.blobs.end_uploads_of(user, bucket_id)
            session.remove(BUCKETS, user, bucket_id)

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
            walk = _walk(session.blobs, (user, bucket_id), prefix or "", delimiter or "", first, limit + 1)
            entries = list(walk)
        if len(entries) <= limit:
            return Page([entry for _, entry in entries])
        return Page([entry for _, entry in entries[:limit]], entries[limit][0])


def _counted(session: Session, user: str, bucket: Bucket) -> Bucket:
    size = session.blobs.count(user, bucket.id)
    names = session.blobs.ids(user, bucket.id) if size <= _LISTED_WITH_BLOBS else None
    return replace(bucket, size=size, blob_ids=names)


def _walk(
    table: BlobTable, bucket: tuple[str, str], prefix: str, delimiter: str, first: str, limit: int
) -> Iterator[tuple[str, BlobEntry]]:
    """Entries of a bucket, each with the blob's name that it begins at.

    Names that are folded into one entry are not read, however many they are.
    """
    end = after(prefix) if prefix else None
    cursor: str | None = first
    while cursor is not None and limit > 0:
        blobs = table.between(*bucket, cursor, end, limit)
        cursor = None
        for blob in blobs:
            limit -= 1
            folded = _folded(blob.id, prefix, delimiter)
            yield blob.id, _entry(blob) if folded is None else BlobEntry(id=folded, is_prefix=True)
            if folded is not None:
                cursor = after(folded)
                break


def _folded(name: str, prefix: str, delimiter: str) -> str | None:
    """What stands for a name: all up to the first delimiter behind the prefix; None where there is no delimiter."""
    at = name.find(delimiter, len(prefix)) if delimiter else -1
    return None if at < 0 else name[: at + len(delimiter)]


def _entry(blob: Blob) -> BlobEntry:
    return BlobEntry(id=blob.id, content_length=blob.content_length, last_modified=blob.last_modified, etag=blob.etag)


def after(prefix: str) -> str | None:
    """The first text behind all that begin with ``prefix``; None if there is none."""
    for index in range(len(prefix) - 1, -1, -1):
        point = ord(prefix[index])
        if point < 0x10FFFF:  # noqa: PLR2004 - the last one there is
            following = 0xE000 if point == 0xD7FF else point + 1  # noqa: PLR2004 - what lies between is no text
            return prefix[:index] + chr(following)
    return None
