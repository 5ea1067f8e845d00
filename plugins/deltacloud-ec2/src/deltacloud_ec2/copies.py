"""New metadata for an object that stays as it is: S3 knows no other way than a copy onto itself."""

from __future__ import annotations

from collections.abc import Mapping

from deltacloud_ec2.client import Record
from deltacloud_ec2.mapping.blobs import kept
from deltacloud_ec2.uploads import Target

_GIB = 1024 * 1024 * 1024
LARGEST = 5 * _GIB
"""The largest object that one request copies."""
_PART = _GIB
_AT_A_TIME = 8


def replace_metadata(
    target: Target, found: Record, metadata: Mapping[str, str], *, largest: int = LARGEST, part: int = _PART
) -> None:
    """Give an object other metadata, and leave its content and its other properties as they are.

    Args:
        target: The object.
        found: What it is like now, from HeadObject. If it is written to meanwhile, nothing is changed.
        metadata: All of its new metadata.
        largest: The largest object that one request copies, in bytes.
        part: How large the parts are in which others are copied.

    Raises:
        botocore.exceptions.ClientError: the storage refused.
    """
    source = {
        "CopySource": {"Bucket": target.bucket.name, "Key": target.key},
        "CopySourceIfMatch": found["ETag"],
    }
    written = {**kept(found), "Metadata": metadata}
    length: int = found["ContentLength"]
    if length <= largest:
        target.bucket.call("copy_object", Key=target.key, MetadataDirective="REPLACE", **source, **written)
        return
    upload_id = target.begin(written)
    with target.given_up_on_failure(upload_id), target.context.sdk.executor(_AT_A_TIME) as executor:

        def copy(numbered: tuple[int, int]) -> tuple[int, str]:
            number, first = numbered
            return number, target.copy_part(upload_id, number, first, min(first + part, length) - 1, source)

        target.finish(upload_id, executor.in_order(copy, enumerate(range(0, length, part), 1), _AT_A_TIME))
