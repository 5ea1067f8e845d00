"""What the cloud says, in the words of Deltacloud: pure functions, record in, model out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from deltacloud.models import Blob, BlobEntry, Bucket
from deltacloud.texts import unquoted
from deltacloud_azure.names import metadata_from

if TYPE_CHECKING:
    from azure.storage.blob import BlobProperties

_DIRECTORY = "directory"


def bucket_from(name: str) -> Bucket:
    """A container."""
    return Bucket(id=name, name=name)


def blob_from(properties: BlobProperties, bucket_id: str, blob_id: str) -> Blob:
    """A blob of any kind."""
    return Blob(
        id=blob_id,
        bucket_id=bucket_id,
        content_length=properties.size,
        content_type=properties.content_settings.content_type,
        last_modified=properties.last_modified,
        user_metadata=metadata_from(properties.metadata),
        etag=unquoted(properties.etag),
    )


def entries_from(listing: Element) -> Iterator[BlobEntry]:
    """The entries of an answer to List Blobs, in their order.

    Accounts with a hierarchical namespace list directories among the blobs; they are left out.
    """
    for item in listing.iterfind("Blobs/*"):
        told = {one.tag: one.text for one in item.iterfind("Properties/*")}
        if item.tag == "BlobPrefix":
            yield BlobEntry(id=_name(item), is_prefix=True)
        elif told.get("ResourceType") != _DIRECTORY:
            yield _entry(_name(item), told)


def next_marker_from(listing: Element) -> str | None:
    """Where an answer to a list says that the next page begins; None at the end."""
    return listing.findtext("NextMarker") or None


def _entry(name: str, told: Mapping[str, str | None]) -> BlobEntry:
    length, modified = told.get("Content-Length"), told.get("Last-Modified")
    return BlobEntry(
        id=name,
        content_length=None if length is None else int(length),
        last_modified=None if modified is None else parsedate_to_datetime(modified),
        etag=unquoted(told.get("Etag")),
    )


def _name(item: Element) -> str:
    """The name of an entry; one with characters that XML has not is percent-encoded."""
    name = item.find("Name")
    if name is None or not name.text:
        raise ValueError("an entry has no name")
    return unquote(name.text) if name.get("Encoded") == "true" else name.text
