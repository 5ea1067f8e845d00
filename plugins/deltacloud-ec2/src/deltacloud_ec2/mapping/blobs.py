"""S3's objects and this project's blobs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from deltacloud.blobs import BlobContent
from deltacloud.models import Blob, BlobEntry, Pairs
from deltacloud.texts import header_value, text_of_header, unquoted

Record = Mapping[str, Any]

_CONTENT_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)", re.ASCII)
KEPT = (
    "CacheControl", "ContentDisposition", "ContentEncoding", "ContentLanguage", "ContentType", "Expires",
    "StorageClass", "ServerSideEncryption", "SSEKMSKeyId", "BucketKeyEnabled", "WebsiteRedirectLocation",
)  # fmt: skip
"""What an object has besides its metadata, as an answer names it and a copy of it has to be told."""


def to_metadata(pairs: Pairs) -> dict[str, str]:
    """Metadata as S3 takes it; S3 itself answers with encoded words where a header cannot carry a value."""
    return {name: header_value(value) for name, value in pairs}


def from_metadata(metadata: Mapping[str, str]) -> Pairs:
    """The reverse of :func:`to_metadata`; names in lower case, in alphabetical order."""
    return tuple(sorted((name.lower(), text_of_header(value)) for name, value in metadata.items()))


def blob_from(record: Record, bucket_id: str, blob_id: str) -> Blob:
    """A blob, from the answer to HeadObject or GetObject."""
    return Blob(
        id=blob_id,
        bucket_id=bucket_id,
        content_length=record.get("ContentLength"),
        content_type=record.get("ContentType"),
        last_modified=record.get("LastModified"),
        user_metadata=from_metadata(record.get("Metadata", {})),
        etag=unquoted(record.get("ETag")),
    )


def content_from(record: Record, chunks: Iterable[bytes]) -> BlobContent:
    """A blob's content, from the answer to GetObject."""
    found = _CONTENT_RANGE.fullmatch(record.get("ContentRange", ""))
    modified: datetime | None = record.get("LastModified")
    return BlobContent(
        chunks=chunks,
        content_type=record.get("ContentType"),
        length=record.get("ContentLength"),
        content_range=None if found is None else (int(found[1]), int(found[2]), int(found[3])),
        etag=unquoted(record.get("ETag")),
        last_modified=modified,
        on_close=record["Body"].close,
    )


def entries_from(page: Record) -> Iterator[BlobEntry]:
    """Blobs and folded prefixes of one page of a listing, in the order of their names."""
    found = [
        BlobEntry(
            id=record["Key"],
            content_length=record.get("Size"),
            last_modified=record.get("LastModified"),
            etag=unquoted(record.get("ETag")),
        )
        for record in page.get("Contents", ())
    ]
    folded = [BlobEntry(id=record["Prefix"], is_prefix=True) for record in page.get("CommonPrefixes", ())]
    return iter(sorted(found + folded, key=lambda entry: entry.id.encode()) if folded else found)


def kept(record: Record) -> dict[str, object]:
    """What a copy of an object has to be told to be like it, its metadata excepted."""
    return {name: record[name] for name in KEPT if record.get(name)}
