"""The hooks of object storage: buckets and blobs, on anything that speaks S3."""

from __future__ import annotations

from collections.abc import Iterator

from deltacloud.context import Context
from deltacloud.models import Bucket
from deltacloud_ec2.base import AwsBase
from deltacloud_ec2.clients import each


class StorageHooks(AwsBase):
    """Buckets and blobs."""

    def list_buckets(self, context: Context) -> Iterator[Bucket]:
        """The caller's buckets, in all regions."""
        for record in each(self._client(context, "s3"), "list_buckets", "Buckets"):
            yield Bucket(id=record["Name"], name=record["Name"])
