"""Hooks of storage: volumes, snapshots, buckets and blobs.

See :mod:`deltacloud.hookspecs` for the rules that all hooks share.
"""

from __future__ import annotations

from deltacloud.blobs import BlobContent, BlobUpload
from deltacloud.context import Context
from deltacloud.hookspecs.marker import Listing, hookspec
from deltacloud.inputs import (
    BlobProperties,
    ByteRange,
    Filters,
    NewBucket,
    NewStorageSnapshot,
    NewStorageVolume,
    PageRequest,
)
from deltacloud.models import Blob, BlobEntry, Bucket, Pairs, StorageSnapshot, StorageVolume


class StorageSpec:
    """What a cloud of disks and objects can be asked."""

    # Volumes and snapshots

    @hookspec
    def list_storage_volumes(self, context: Context, filters: Filters, page: PageRequest) -> Listing[StorageVolume]:
        """Disks."""

    @hookspec
    def get_storage_volume(self, context: Context, volume_id: str) -> StorageVolume:
        """One disk."""

    @hookspec
    def create_storage_volume(self, context: Context, new: NewStorageVolume) -> StorageVolume:
        """Make a disk, empty or from a snapshot."""

    @hookspec
    def destroy_storage_volume(self, context: Context, volume_id: str) -> None:
        """Delete a disk.

        Raises:
            Conflict: it is attached.
        """

    @hookspec
    def attach_storage_volume(self, context: Context, volume_id: str, instance_id: str, device: str) -> StorageVolume:
        """Attach a disk to an instance, to appear there as ``device`` (``/dev/sdc``)."""

    @hookspec
    def detach_storage_volume(self, context: Context, volume_id: str) -> StorageVolume:
        """Take a disk from its instance."""

    @hookspec
    def list_storage_snapshots(self, context: Context, filters: Filters, page: PageRequest) -> Listing[StorageSnapshot]:
        """Snapshots of disks."""

    @hookspec
    def get_storage_snapshot(self, context: Context, snapshot_id: str) -> StorageSnapshot:
        """One snapshot."""

    @hookspec
    def create_storage_snapshot(self, context: Context, new: NewStorageSnapshot) -> StorageSnapshot:
        """Make a snapshot of a disk."""

    @hookspec
    def destroy_storage_snapshot(self, context: Context, snapshot_id: str) -> None:
        """Delete a snapshot."""

    # Buckets

    @hookspec
    def list_buckets(self, context: Context, filters: Filters, page: PageRequest) -> Listing[Bucket]:
        """The caller's buckets."""

    @hookspec
    def get_bucket(self, context: Context, bucket_id: str) -> Bucket:
        """One bucket; its blobs are listed by :meth:`list_blobs`."""

    @hookspec
    def create_bucket(self, context: Context, new: NewBucket) -> Bucket:
        """Make a bucket.

        Raises:
            Conflict: the name is taken.
        """

    @hookspec
    def destroy_bucket(self, context: Context, bucket_id: str) -> None:
        """Delete an empty bucket.

        Raises:
            Conflict: it holds blobs.
        """

    # Blobs

    @hookspec
    def list_blobs(
        self, context: Context, bucket_id: str, prefix: str | None, delimiter: str | None, page: PageRequest
    ) -> Listing[BlobEntry]:
        """The blobs of a bucket, in the cloud's order.

        Args:
            context: The call's context.
            bucket_id: The bucket.
            prefix: Only names that begin so.
            delimiter: Fold what follows the next delimiter after the prefix into one entry with ``is_prefix``.
            page: Which page.

        Raises:
            NotFound: there is no such bucket.
        """

    @hookspec
    def get_blob(self, context: Context, bucket_id: str, blob_id: str) -> Blob:
        """A blob's description, without its content."""

    @hookspec
    def read_blob(self, context: Context, bucket_id: str, blob_id: str, byte_range: ByteRange | None) -> BlobContent:
        """A blob's content, or a part of it, streamed. Without ``byte_range`` the core cuts the part out itself.

        Raises:
            RangeNotSatisfiable: the range lies outside the content.
        """

    @hookspec
    def write_blob(self, context: Context, bucket_id: str, blob_id: str, upload: BlobUpload) -> Blob:
        """Store a blob, streamed, in place of one of the same name.

        When ``upload`` raises ``ClientDisconnected`` the driver leaves no partial blob, and the older one as it was.

        Raises:
            NotFound: there is no such bucket.
        """

    @hookspec
    def replace_blob_metadata(self, context: Context, bucket_id: str, blob_id: str, metadata: Pairs) -> None:
        """Replace all user metadata of a blob, and keep its content and content type."""

    @hookspec
    def destroy_blob(self, context: Context, bucket_id: str, blob_id: str) -> None:
        """Delete a blob. An unknown blob is no error; an unknown bucket is ``NotFound``."""

    # Segmented uploads

    @hookspec
    def begin_segmented_upload(self, context: Context, bucket_id: str, blob_id: str, properties: BlobProperties) -> str:
        """Start an upload in parts; returns its id."""

    @hookspec
    def write_segment(
        self, context: Context, bucket_id: str, blob_id: str, upload_id: str, number: int, upload: BlobUpload
    ) -> str:
        """Store part ``number`` (from 1); returns the part's id."""

    @hookspec
    def finish_segmented_upload(
        self,
        context: Context,
        bucket_id: str,
        blob_id: str,
        upload_id: str,
        segments: tuple[tuple[int, str], ...],
        properties: BlobProperties,
    ) -> Blob:
        """Make the blob out of its (number, id) parts, in order of the numbers."""

    @hookspec
    def abort_segmented_upload(self, context: Context, bucket_id: str, blob_id: str, upload_id: str) -> None:
        """Throw the parts away."""
