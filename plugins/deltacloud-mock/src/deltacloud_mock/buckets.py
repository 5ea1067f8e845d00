"""Buckets."""

from __future__ import annotations

from msgspec.structs import replace

from deltacloud.context import Context
from deltacloud.errors import Forbidden, NotFound
from deltacloud.inputs import NewBucket, PageRequest
from deltacloud.models import Bucket, Page
from deltacloud_mock.base import MockBase, named
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


def _counted(session: Session, user: str, bucket: Bucket) -> Bucket:
    size = session.blobs.count(user, bucket.id)
    names = session.blobs.ids(user, bucket.id) if size <= _LISTED_WITH_BLOBS else None
    return replace(bucket, size=size, blob_ids=names)
