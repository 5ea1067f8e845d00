"""Blobs: contents of any kind and size, in buckets."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import cast

from deltacloud.api.answers import Answer, Content, Done, Shown
from deltacloud.api.exchange import Exchange
from deltacloud.api.operations import ANY, ID, Collection, Operation
from deltacloud.api.ranges import content_of
from deltacloud.api.uploads import blob_form, upload_of
from deltacloud.errors import InvalidRequest
from deltacloud.inputs import BlobProperties
from deltacloud.models import Blob
from deltacloud.parameters import Parameter

_BLOB = Parameter(name="blob_id", location="path", required=True, help="Name of the blob")
_PLACE = (ID, _BLOB)
_METADATA = Parameter(
    name="X-Deltacloud-Blobmeta-*",
    location="header",
    help="One for each entry of metadata; its name ends in the entry's",
)
_WITH_METADATA = ((204, ("X-Deltacloud-Blobmeta-*",)),)
_WITH_CONTENT = ("Accept-Ranges", "Content-Disposition", "ETag", "Last-Modified")
_SEGMENT = re.compile(r"([0-9]{1,6})\s*=\s*(\S+)")


def _where(exchange: Exchange) -> dict[str, object]:
    return {"bucket_id": exchange.ids["id"], "blob_id": exchange.ids["blob_id"]}


def _blob(exchange: Exchange) -> Blob:
    return cast("Blob", exchange.call("get_blob", **_where(exchange)))


def _show(exchange: Exchange) -> Shown:
    return Shown("blobs", _blob(exchange))


def _content(exchange: Exchange) -> Content:
    return Content(content_of(exchange, _where(exchange)), exchange.ids["blob_id"])


def _metadata(exchange: Exchange) -> Done:
    return Done(metadata=_blob(exchange).user_metadata)


def _replace_metadata(exchange: Exchange) -> Done:
    metadata = exchange.blob_metadata()
    exchange.call("replace_blob_metadata", metadata=metadata, **_where(exchange))
    return Done(metadata=metadata)


def _destroy(exchange: Exchange) -> Done:
    upload = exchange.parameters.text("segmented_blob")
    if upload:
        exchange.require("abort_segmented_upload", "create_blob")
        exchange.call("abort_segmented_upload", upload_id=upload, **_where(exchange))
    else:
        exchange.call("destroy_blob", **_where(exchange))
    return Done(browser=exchange.path("buckets", exchange.ids["id"]))


def _put(exchange: Exchange) -> Answer:
    """A whole blob; or, with ``blob_type=segmented``, one of the steps of an upload in parts."""
    values = exchange.parameters
    if values.text("blob_type") == "segmented":
        return _segmented(exchange, values.text("segmented_blob") or None)
    exchange.require("write_blob", "create_blob")
    blob: Blob = exchange.call("write_blob", upload=upload_of(exchange), **_where(exchange))
    return Shown("blobs", blob)


def _segmented(exchange: Exchange, upload_id: str | None) -> Answer:
    exchange.require("begin_segmented_upload", "create_blob")
    where = _where(exchange)
    properties = BlobProperties(content_type=exchange.content_type(), metadata=exchange.blob_metadata())
    if upload_id is None:
        started: str = exchange.call("begin_segmented_upload", properties=properties, **where)
        return Done(headers=(("X-Deltacloud-SegmentedBlob", started),))
    order = exchange.parameters.integer("segment_order")
    if order is not None:
        segment: str = exchange.call(
            "write_segment", upload_id=upload_id, number=order, upload=upload_of(exchange), **where
        )
        return Done(headers=(("X-Deltacloud-BlobSegmentId", segment),))
    segments = _manifest(exchange.body_text())
    blob: Blob = exchange.call(
        "finish_segmented_upload", upload_id=upload_id, segments=segments, properties=properties, **where
    )
    return Shown("blobs", blob)


def _manifest(text: str) -> tuple[tuple[int, str], ...]:
    """``1=SID1 , 2=SID2`` as pairs, in order of the numbers."""
    segments: dict[int, str] = {}
    for part in text.split(","):
        found = _SEGMENT.fullmatch(part.strip())
        if found is None:
            raise InvalidRequest("The body must list the segments as '1=ID , 2=ID'", "segments")
        segments[int(found[1])] = found[2]
    return tuple(sorted(segments.items()))


def _post(exchange: Exchange) -> Shown:
    """A blob out of a form."""
    with blob_form(exchange) as (blob_id, upload):
        blob: Blob = exchange.call("write_blob", bucket_id=exchange.ids["id"], blob_id=blob_id, upload=upload)
    return Shown("blobs", blob, 201)


def _segment_parameters() -> tuple[Parameter, ...]:
    return (
        Parameter(
            name="blob_type",
            location="query",
            values=("segmented",),
            help="Upload in parts (also header X-Deltacloud-BlobType)",
        ),
        Parameter(
            name="segmented_blob", location="query", help="Id of the upload (also header X-Deltacloud-SegmentedBlob)"
        ),
        Parameter(
            name="segment_order",
            location="query",
            type="integer",
            minimum=1,
            help="Number of the part (also header X-Deltacloud-SegmentOrder)",
        ),
    )


_READ_METADATA = Operation(
    name="metadata",
    method="HEAD",
    path="/buckets/{id}/{blob_id}",
    handler=_metadata,
    help="Send a blob's metadata in headers",
    needs=("get_blob",),
    expect="blob",
    parameters=_PLACE,
    status=204,
    formats=ANY,
    shape="none",
    headers=_WITH_METADATA,
)

BLOBS = Collection(
    name="blobs",
    singular="blob",
    title="Blobs",
    help="A content of any kind and size, in a bucket",
    within="buckets",
    listed=False,
    operations=(
        Operation(
            name="show",
            method="GET",
            path="/buckets/{id}/{blob_id}",
            handler=_show,
            help="Show a blob, without its content",
            needs=("get_blob",),
            expect="blob",
            parameters=_PLACE,
        ),
        Operation(
            name="content",
            method="GET",
            path="/buckets/{id}/{blob_id}/content",
            handler=_content,
            help="Send the content of a blob, or a range of it",
            needs=("read_blob",),
            expect="blob",
            parameters=(*_PLACE, Parameter(name="Range", location="header", help="Which bytes")),
            formats=ANY,
            shape="other",
            headers=((200, _WITH_CONTENT), (206, (*_WITH_CONTENT, "Content-Range"))),
        ),
        Operation(
            name="create",
            method="POST",
            path="/buckets/{id}",
            handler=_post,
            help="Upload a blob with its metadata",
            needs=("write_blob",),
            expect="create_blob",
            parameters=(
                ID,
                Parameter(name="blob_id", required=True, help="Name of the new blob"),
                Parameter(name="blob_data", type="file", required=True, help="Its content: a file, or a text"),
                Parameter(name="meta_params", type="integer", minimum=0, help="How many pairs of metadata follow"),
                Parameter(name="meta_name", indexed=True, help="Name of metadata N"),
                Parameter(name="meta_value", indexed=True, help="Value of metadata N"),
            ),
            status=201,
            body="form",
            form="/buckets/{id}/new_blob_form_d15cfd90",
        ),
        Operation(
            name="put",
            method="PUT",
            path="/buckets/{id}/{blob_id}",
            handler=_put,
            help="Create a blob: the body is its content",
            needs=("write_blob", "begin_segmented_upload"),
            expect="create_blob",
            parameters=(*_PLACE, *_segment_parameters(), _METADATA),
            body="content",
            headers=((204, ("X-Deltacloud-SegmentedBlob", "X-Deltacloud-BlobSegmentId")),),
        ),
        _READ_METADATA,
        replace(
            _READ_METADATA,
            name="read_metadata",
            path="/buckets/{id}/{blob_id}/metadata",
            expect="blob_metadata",
        ),
        Operation(
            name="update_metadata",
            method="POST",
            path="/buckets/{id}/{blob_id}",
            handler=_replace_metadata,
            help="Replace a blob's metadata by that of the request's headers",
            needs=("replace_blob_metadata",),
            expect="update_blob_metadata",
            parameters=(*_PLACE, _METADATA),
            status=204,
            formats=ANY,
            body="none",
            shape="none",
            headers=_WITH_METADATA,
        ),
        Operation(
            name="destroy",
            method="DELETE",
            path="/buckets/{id}/{blob_id}",
            handler=_destroy,
            help="Delete a blob; with segmented_blob, throw an unfinished upload away",
            needs=("destroy_blob",),
            expect="delete_blob",
            parameters=(*_PLACE, _segment_parameters()[1]),
            status=204,
            shape="none",
        ),
    ),
)
