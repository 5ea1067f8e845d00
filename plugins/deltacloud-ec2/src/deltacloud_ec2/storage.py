"""The hooks of object storage: buckets and blobs, on anything that speaks S3."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from http import HTTPStatus
from typing import ClassVar

from deltacloud.blobs import BlobContent, BlobUpload
from deltacloud.context import Context
from deltacloud.errors import Conflict, CredentialsRequired, InvalidRequest, NotFound, RangeNotSatisfiable
from deltacloud.inputs import BlobProperties, ByteRange, NewBucket, PageRequest
from deltacloud.models import Blob, BlobEntry, Bucket, Page, Pairs
from deltacloud_ec2 import objects
from deltacloud_ec2.base import AwsBase, check_key
from deltacloud_ec2.client import each
from deltacloud_ec2.copies import replace_metadata
from deltacloud_ec2.endpoints import DEFAULT_REGION
from deltacloud_ec2.errors import status_of
from deltacloud_ec2.mapping.blobs import blob_from, content_from, entries_from, to_metadata
from deltacloud_ec2.regions import BucketAt, BucketRegions, is_name, location
from deltacloud_ec2.settings import AwsSettings
from deltacloud_ec2.uploads import Target

LIMITATIONS = (
    "New metadata for a blob end an access list (ACL) of its own.",
    "Buckets of S3 Express can be used by their names, and are not listed.",
)


class StorageHooks(AwsBase):
    """Buckets and blobs.

    Clouds that speak S3 differ in where they are (:meth:`_place`) and in what stands in these attributes.
    """

    _listing: ClassVar[objects.Listing] = "list_objects_v2"

    def __init__(self, settings: AwsSettings) -> None:
        super().__init__(settings)
        self._page_size = settings.page_size
        self._bucket_regions = BucketRegions()

    def list_buckets(self, context: Context) -> Iterator[Bucket]:
        """The caller's buckets, in all regions."""
        for record in each(self._client(context, "s3"), "list_buckets", "Buckets"):
            yield Bucket(id=record["Name"], name=record["Name"])

    def get_bucket(self, context: Context, bucket_id: str) -> Bucket:
        """One bucket. How many blobs it has is not known without listing them."""
        self._bucket(context, bucket_id).call(self._listing, MaxKeys=1)
        return Bucket(id=bucket_id, name=bucket_id)

    def create_bucket(self, context: Context, new: NewBucket) -> Bucket:
        """Make a bucket, in the provider's region if no other location is asked for."""
        if context.credentials.anonymous:
            raise CredentialsRequired
        if not is_name(new.name):
            raise InvalidRequest("No bucket can have such a name", "name")
        bucket = self._bucket(context, new.name)
        region, constraint = location(bucket.place, new.location)
        if region == DEFAULT_REGION and self._exists(bucket):
            # This region alone answers the owner's second request as if it had made the bucket.
            raise Conflict("There is such a bucket already")
        further = {"CreateBucketConfiguration": {"LocationConstraint": constraint}} if constraint else {}
        self._clients.client(replace(bucket.place, region=region)).create_bucket(Bucket=new.name, **further)
        self._bucket_regions.remember(bucket.place, new.name, region)
        return Bucket(id=new.name, name=new.name, size=0, blob_ids=())

    def destroy_bucket(self, context: Context, bucket_id: str) -> None:
        """Delete an empty bucket."""
        self._bucket(context, bucket_id).call("delete_bucket")

    def list_blobs(
        self, context: Context, bucket_id: str, prefix: str | None, delimiter: str | None, page: PageRequest
    ) -> Page[BlobEntry]:
        """A page of the blobs of a bucket, in the order of their names."""
        bucket = self._bucket(context, bucket_id)
        asked = PageRequest(limit=page.size(self._page_size), marker=page.marker)
        answer, marker = objects.page_of(bucket, self._listing, prefix, delimiter, asked)
        return Page(entries_from(answer), marker)

    def get_blob(self, context: Context, bucket_id: str, blob_id: str) -> Blob:
        """A blob's description."""
        return blob_from(objects.head(self._bucket(context, bucket_id), blob_id), bucket_id, blob_id)

    def read_blob(self, context: Context, bucket_id: str, blob_id: str, byte_range: ByteRange | None) -> BlobContent:
        """A blob's content, as it comes."""
        from botocore.exceptions import ClientError  # noqa: PLC0415 - the SDK is loaded at first use

        bucket = self._bucket(context, bucket_id)
        part = {} if byte_range is None else {"Range": objects.range_header(byte_range)}
        try:
            answer = bucket.call("get_object", Key=blob_id, **part)
        except ClientError as error:
            if status_of(error) != HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
                raise
            raise RangeNotSatisfiable(objects.head(bucket, blob_id)["ContentLength"]) from None
        return content_from(answer, objects.chunks(answer["Body"]))

    def write_blob(self, context: Context, bucket_id: str, blob_id: str, upload: BlobUpload) -> Blob:
        """Store a blob, a few megabytes of it in memory at a time."""
        target = self._target(context, bucket_id, blob_id)
        target.write(upload, objects.properties(upload.content_type, upload.metadata))
        return self._written(target)

    def replace_blob_metadata(self, context: Context, bucket_id: str, blob_id: str, metadata: Pairs) -> None:
        """Replace a blob's metadata, by a copy of it onto itself that the storage makes."""
        target = self._target(context, bucket_id, blob_id)
        replace_metadata(target, objects.head(target.bucket, blob_id), to_metadata(metadata))

    def destroy_blob(self, context: Context, bucket_id: str, blob_id: str) -> None:
        """Delete a blob, if it is there."""
        self._bucket(context, bucket_id).call("delete_object", Key=blob_id)

    def begin_segmented_upload(self, context: Context, bucket_id: str, blob_id: str, properties: BlobProperties) -> str:
        """Start an upload in parts."""
        target = self._target(context, bucket_id, blob_id)
        return target.begin(objects.properties(properties.content_type, properties.metadata))

    def write_segment(
        self, context: Context, bucket_id: str, blob_id: str, upload_id: str, number: int, upload: BlobUpload
    ) -> str:
        """Store a part; its id is its ETag."""
        return self._target(context, bucket_id, blob_id).write_part(upload_id, number, upload)

    def finish_segmented_upload(
        self, context: Context, bucket_id: str, blob_id: str, upload_id: str, segments: tuple[tuple[int, str], ...]
    ) -> Blob:
        """Make the blob out of its parts."""
        target = self._target(context, bucket_id, blob_id)
        target.finish(upload_id, segments)
        return self._written(target)

    def abort_segmented_upload(self, context: Context, bucket_id: str, blob_id: str, upload_id: str) -> None:
        """Throw the parts away."""
        self._target(context, bucket_id, blob_id).abort(upload_id)

    def _bucket(self, context: Context, bucket_id: str) -> BucketAt:
        """A bucket, for one call; a caller without keys reads what is public.

        Raises:
            NotFound: no bucket can have the name.
        """
        if not is_name(bucket_id):
            raise NotFound("There is no bucket of such a name")
        place = replace(self._place(context, "s3"), signed=not context.credentials.anonymous)
        check_key(context, place)
        return BucketAt(bucket_id, place, self._clients, self._bucket_regions)

    def _target(self, context: Context, bucket_id: str, blob_id: str) -> Target:
        return Target(context, self._bucket(context, bucket_id), blob_id)

    def _written(self, target: Target) -> Blob:
        """A blob that was written just now; less of it where the caller may write and not read."""
        from botocore.exceptions import ClientError  # noqa: PLC0415 - the SDK is loaded at first use

        try:
            return blob_from(objects.head(target.bucket, target.key), target.bucket.name, target.key)
        except ClientError as error:
            if status_of(error) != HTTPStatus.FORBIDDEN:
                raise
            return Blob(id=target.key, bucket_id=target.bucket.name)

    def _exists(self, bucket: BucketAt) -> bool:
        """Whether the caller has such a bucket; anything but a clear answer is left for the next request to explain."""
        from botocore.exceptions import ClientError  # noqa: PLC0415 - the SDK is loaded at first use

        try:
            bucket.call(self._listing, MaxKeys=1)
        except ClientError:
            return False
        return True
