"""What a list of blobs holds: blobs, and names that are folded into one entry."""

from __future__ import annotations

from collections.abc import Iterator

from deltacloud.models import Blob, BlobEntry
from deltacloud_mock.blobtable import BlobTable


def walk(
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
