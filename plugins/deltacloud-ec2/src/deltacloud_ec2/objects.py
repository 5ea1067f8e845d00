"""Requests about single objects of S3, and about pages of them."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import TYPE_CHECKING, Literal, TypeAlias

from deltacloud.blobs import CHUNK
from deltacloud.inputs import ByteRange, PageRequest
from deltacloud.models import Pairs
from deltacloud_ec2.client import Record
from deltacloud_ec2.errors import status_of
from deltacloud_ec2.mapping.blobs import to_metadata
from deltacloud_ec2.regions import BucketAt

if TYPE_CHECKING:
    from botocore.response import StreamingBody

Listing: TypeAlias = Literal["list_objects", "list_objects_v2"]
"""How objects are listed: storages of before 2016 know the first alone."""

_UNEXPLAINED = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.FORBIDDEN})


def head(bucket: BucketAt, key: str) -> Record:
    """What an object is like.

    Raises:
        botocore.exceptions.ClientError: the storage refused, and says why.
    """
    from botocore.exceptions import ClientError  # noqa: PLC0415 - the SDK is loaded at first use

    try:
        return bucket.call("head_object", Key=key)
    except ClientError as error:
        if status_of(error) in _UNEXPLAINED:
            # The answer to a HEAD has no body, so it does not say whether keys are wrong or only not allowed this.
            bucket.call("get_object", Key=key, Range="bytes=0-0")["Body"].close()
        raise


def properties(content_type: str, metadata: Pairs) -> dict[str, object]:
    """What an object is written with, besides its content."""
    return {"ContentType": content_type or "application/octet-stream", "Metadata": to_metadata(metadata)}


def range_header(wanted: ByteRange) -> str:
    """A range as HTTP has it."""
    if wanted.suffix is not None:
        return f"bytes=-{wanted.suffix}"
    return f"bytes={wanted.first}-{'' if wanted.last is None else wanted.last}"


def chunks(body: StreamingBody) -> Iterator[bytes]:
    """A content as it comes; closing this closes the connection if it is not read to its end."""
    try:
        while chunk := body.read(CHUNK):
            yield chunk
    finally:
        body.close()


def page_of(
    bucket: BucketAt, listing: Listing, prefix: str | None, delimiter: str | None, page: PageRequest
) -> tuple[Record, str | None]:
    """One page of a bucket's objects, and what the next one is asked for with; None at the end."""
    newer = listing == "list_objects_v2"
    marker = "ContinuationToken" if newer else "Marker"
    wanted = {"Prefix": prefix, "Delimiter": delimiter, "MaxKeys": page.limit, marker: page.marker}
    answer = bucket.call(listing, **{name: value for name, value in wanted.items() if value is not None})
    if not answer.get("IsTruncated"):
        return answer, None
    return answer, str(answer["NextContinuationToken"] if newer else answer.get("NextMarker") or _last_name(answer))


def _last_name(answer: Record) -> str:
    """The last name on a page: where the older listing goes on."""
    names: list[str] = [one["Key"] for one in answer.get("Contents", ())]
    names += [one["Prefix"] for one in answer.get("CommonPrefixes", ())]
    return max(names, key=str.encode)
