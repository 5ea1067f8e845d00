"""Buckets and their lists of blobs, whole or streamed.

A list with a delimiter holds prefixes, too: an element ``prefix`` of its own, so that nobody takes one for a blob, and
in JSON an entry whose ``rel`` is ``prefix``. Their links list what begins so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from deltacloud.api.parsing.percent import percent_encoded, segment
from deltacloud.api.representations.encoding import encode
from deltacloud.api.representations.markup import DECLARATION, attribute, text, timestamp, utc
from deltacloud.api.representations.representation import Representation, batches
from deltacloud.api.representations.view import View, located
from deltacloud.models import BlobEntry, Bucket

_CHUNK = 200
"""How many entries make one chunk of a streamed document."""


def bucket_xml(view: View, indent: str) -> Callable[[Bucket], str]:
    """Makes the writer of buckets with the ids of their blobs, where the model has them."""

    def write(bucket: Bucket) -> str:
        entry = _entry_xml(view, bucket, f"{indent}  ")
        entries = "".join([entry(BlobEntry(id=one)) for one in bucket.blob_ids or ()])
        return f"{_head_xml(view, bucket, indent)}{_size_xml(_size(bucket), indent)}{entries}{indent}</bucket>\n"

    return write


def bucket_json(view: View) -> Callable[[Bucket], dict[str, object]]:
    """Makes the builder of buckets with the ids of their blobs, where the model has them."""

    def build(bucket: Bucket) -> dict[str, object]:
        entry = _entry_json(view, bucket)
        fields = _head_json(view, bucket)
        fields["size"] = _size(bucket)
        fields["blob_list"] = [entry(BlobEntry(id=one)) for one in bucket.blob_ids or ()]
        return fields

    return build


BUCKETS = Representation("buckets", "bucket", bucket_xml, bucket_json)


def bucket_listing_xml(view: View, bucket: Bucket, entries: Iterable[BlobEntry], *, complete: bool) -> bytes:
    """A bucket with its blobs in XML.

    Args:
        view: The view of the document.
        bucket: The bucket.
        entries: Its blobs and, with a delimiter, prefixes.
        complete: Whether ``entries`` are all of the bucket's blobs. Then they are counted; else the size is what the
            model says, or empty.
    """
    listed = list(entries)
    size = len(listed) if complete else bucket.size
    body = "".join(map(_entry_xml(view, bucket, "  "), listed))
    return f"{DECLARATION}{_head_xml(view, bucket, '')}{_size_xml(size, '')}{body}</bucket>\n".encode()


def bucket_listing_json(view: View, bucket: Bucket, entries: Iterable[BlobEntry], *, complete: bool) -> bytes:
    """A bucket with its blobs in JSON; see :func:`bucket_listing_xml`."""
    listed = list(map(_entry_json(view, bucket), entries))
    fields = _head_json(view, bucket)
    fields["size"] = len(listed) if complete else bucket.size
    fields["blob_list"] = listed
    return encode({"bucket": fields})


def stream_bucket_xml(view: View, bucket: Bucket, entries: Iterable[BlobEntry], *, complete: bool) -> Iterator[bytes]:
    """The document of :func:`bucket_listing_xml` in chunks, with the size after the blobs."""
    yield f"{DECLARATION}{_head_xml(view, bucket, '')}".encode()
    entry = _entry_xml(view, bucket, "  ")
    count = 0
    for batch in batches(entries, _CHUNK):
        count += len(batch)
        yield "".join(map(entry, batch)).encode()
    yield f"{_size_xml(count if complete else bucket.size, '')}</bucket>\n".encode()


def stream_bucket_json(view: View, bucket: Bucket, entries: Iterable[BlobEntry], *, complete: bool) -> Iterator[bytes]:
    """The document of :func:`bucket_listing_json` in chunks, with the size after the blobs."""
    yield b'{"bucket":' + encode(_head_json(view, bucket))[:-1] + b',"blob_list":['
    entry = _entry_json(view, bucket)
    count = 0
    for batch in batches(entries, _CHUNK):
        separator = b"," if count else b""
        count += len(batch)
        yield separator + encode([entry(one) for one in batch])[1:-1]
    yield b'],"size":' + encode(count if complete else bucket.size) + b"}}"


def _size(bucket: Bucket) -> int | None:
    return len(bucket.blob_ids) if bucket.size is None and bucket.blob_ids is not None else bucket.size


def _head_xml(view: View, bucket: Bucket, indent: str) -> str:
    name = text(bucket.id if bucket.name is None else bucket.name)
    return f"{indent}<bucket {located(view.collection('buckets'), bucket.id)}>\n{indent}  <name>{name}</name>\n"


def _size_xml(size: int | None, indent: str) -> str:
    return f"{indent}  <size>{'' if size is None else size}</size>\n"


def _head_json(view: View, bucket: Bucket) -> dict[str, object]:
    return {
        "id": bucket.id,
        "href": f"{view.api}/buckets/{segment(bucket.id)}",
        "name": bucket.id if bucket.name is None else bucket.name,
    }


def _entry_xml(view: View, bucket: Bucket, indent: str) -> Callable[[BlobEntry], str]:
    place = f"{view.collection('buckets')}/{segment(bucket.id)}"

    def write(entry: BlobEntry) -> str:
        if entry.is_prefix:
            href = f"{place}?prefix={percent_encoded(entry.id)}"
            return f"{indent}<prefix href='{href}' id='{attribute(entry.id)}'></prefix>\n"
        length = "" if entry.content_length is None else f"content_length='{entry.content_length}' "
        written = "" if entry.last_modified is None else f" last_modified='{timestamp(entry.last_modified)}'"
        return f"{indent}<blob {length}{located(place, entry.id)}{written}></blob>\n"

    return write


def _entry_json(view: View, bucket: Bucket) -> Callable[[BlobEntry], dict[str, object]]:
    place = f"{view.api}/buckets/{segment(bucket.id)}"

    def build(entry: BlobEntry) -> dict[str, object]:
        if entry.is_prefix:
            return {"rel": "prefix", "href": f"{place}?prefix={percent_encoded(entry.id)}", "id": entry.id}
        fields: dict[str, object] = {"rel": "blob", "href": f"{place}/{segment(entry.id)}", "id": entry.id}
        if entry.content_length is not None:
            fields["content_length"] = entry.content_length
        if entry.last_modified is not None:
            fields["last_modified"] = utc(entry.last_modified)
        return fields

    return build
