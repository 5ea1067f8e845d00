"""S3's objects and this project's blobs, and how metadata that is no plain ASCII passes through headers."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from deltacloud.blobs import BlobContent
from deltacloud.models import Blob, BlobEntry, Pairs

Record = Mapping[str, Any]

_PLAIN = re.compile(r"(?:[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?)?", re.ASCII)
_ENCODED = re.compile(r"=\?utf-8\?(?:b\?([A-Za-z0-9+/]*={0,2})|q\?([\x21-\x3e\x40-\x7e]*))\?=", re.IGNORECASE)
_HEXADECIMAL = re.compile(rb"=([0-9A-Fa-f]{2})")
_CONTENT_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)", re.ASCII)
KEPT = (
    "CacheControl", "ContentDisposition", "ContentEncoding", "ContentLanguage", "ContentType", "Expires",
    "StorageClass", "ServerSideEncryption", "SSEKMSKeyId", "BucketKeyEnabled", "WebsiteRedirectLocation",
)  # fmt: skip
"""What an object has besides its metadata, as an answer names it and a copy of it has to be told."""


def to_metadata(pairs: Pairs) -> dict[str, str]:
    """Metadata as S3 takes it: what is not plain ASCII is written as RFC 2047 says, which S3 itself answers with."""
    return {name: value if _is_plain(value) else _encoded(value) for name, value in pairs}


def from_metadata(metadata: Mapping[str, str]) -> Pairs:
    """The reverse of :func:`to_metadata`; names in lower case, in alphabetical order."""
    return tuple(sorted((name.lower(), _decoded(value)) for name, value in metadata.items()))


def blob_from(record: Record, bucket_id: str, blob_id: str) -> Blob:
    """A blob, from the answer to HeadObject or GetObject."""
    return Blob(
        id=blob_id,
        bucket_id=bucket_id,
        content_length=record.get("ContentLength"),
        content_type=record.get("ContentType"),
        last_modified=record.get("LastModified"),
        user_metadata=from_metadata(record.get("Metadata", {})),
        etag=etag_from(record),
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
        etag=etag_from(record),
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
            etag=etag_from(record),
        )
        for record in page.get("Contents", ())
    ]
    folded = [BlobEntry(id=record["Prefix"], is_prefix=True) for record in page.get("CommonPrefixes", ())]
    return iter(sorted(found + folded, key=lambda entry: entry.id.encode()) if folded else found)


def etag_from(record: Record) -> str | None:
    """An ETag without its quotes."""
    etag: str | None = record.get("ETag")
    return None if etag is None else etag.strip('"')


def kept(record: Record) -> dict[str, object]:
    """What a copy of an object has to be told to be like it, its metadata excepted."""
    return {name: record[name] for name in KEPT if record.get(name)}


def _is_plain(value: str) -> bool:
    """Whether a header carries it unchanged: no spaces at its ends or in a row, nothing that reads as encoded."""
    return _PLAIN.fullmatch(value) is not None and "  " not in value and "=?" not in value


def _encoded(value: str) -> str:
    return f"=?UTF-8?B?{base64.b64encode(value.encode()).decode('ascii')}?="


def _decoded(value: str) -> str:
    """A value as it was written; as it came, if it is not encoded or not as UTF-8 is."""
    words = [_ENCODED.fullmatch(word) for word in value.split()]
    if not words or None in words:
        return value
    try:
        return b"".join(_octets(word) for word in words if word is not None).decode()
    except (UnicodeDecodeError, binascii.Error):
        return value


def _octets(word: re.Match[str]) -> bytes:
    if word[1] is not None:
        return base64.b64decode(word[1], validate=True)
    plain = word[2].replace("_", " ").encode("ascii")
    return _HEXADECIMAL.sub(lambda digits: bytes([int(digits[1], 16)]), plain)
