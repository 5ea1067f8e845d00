"""Buckets: what blobs are kept in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import cast

from deltacloud.api.answers import BucketShown
from deltacloud.api.collections import rows
from deltacloud.api.exchange import Exchange
from deltacloud.api.operations import PAGING, Collection, Operation
from deltacloud.inputs import Filters, NewBucket, PageRequest
from deltacloud.kernel.lists import peek
from deltacloud.models import BlobEntry, Bucket, Model
from deltacloud.parameters import Parameter

IN_MEMORY = 1000
"""A list of more blobs than this is streamed."""

FOLDERS = "/"
"""What people have names folded at, unless they ask otherwise."""
SHOWN = 200
"""How many blobs a page for people has, unless they ask otherwise."""

PREFIX = Parameter(name="prefix", location="query", help="Only blobs whose names begin so")
DELIMITER = Parameter(name="delimiter", location="query", help="Fold names at this text, as folders")


def _new(exchange: Exchange) -> NewBucket:
    values = exchange.parameters
    return NewBucket(name=values.text("name") or "", location=values.text("location") or None)


def _create(exchange: Exchange) -> BucketShown:
    bucket: Bucket = exchange.call("create_bucket", new=_new(exchange))
    entries = [BlobEntry(id=one) for one in bucket.blob_ids or ()]
    return BucketShown(
        bucket,
        entries,
        complete=not bucket.size,
        located=True,
        status=201,
        browser=exchange.path("buckets", bucket.id),
    )


def _show(exchange: Exchange) -> BucketShown:
    """A bucket and its blobs: counted and in memory while they are few, streamed with the count at the end else."""
    identifier = exchange.ids["id"]
    bucket = cast("Bucket", exchange.find("get_bucket", "list_buckets", "bucket_id", identifier))
    if "list_blobs" not in exchange.driver.hooks:
        return BucketShown(bucket, entries=None)
    values = exchange.parameters
    browsed = exchange.format == "html"
    prefix, delimiter = values.text("prefix") or None, values.text("delimiter")
    delimiter = (FOLDERS if browsed and delimiter is None else delimiter) or None
    part = Filters(id=(identifier, prefix or "", delimiter or ""))
    page = exchange.page("blobs", part, usual=SHOWN if browsed else None)
    if page is not None and browsed:
        return _browsed(exchange, bucket, prefix, delimiter, page)
    answer = exchange.lister.blobs(identifier, prefix, delimiter, page)
    if page is not None:
        return BucketShown(bucket, _entries(list(answer.items)), next_marker=answer.next_marker)
    first, every = peek(answer.items, IN_MEMORY + 1)
    complete = prefix is None and delimiter is None
    if len(first) <= IN_MEMORY:
        return BucketShown(bucket, _entries(first), complete=complete)
    return BucketShown(bucket, _entries(every), complete=complete, streamed=True)


def _browsed(
    exchange: Exchange, bucket: Bucket, prefix: str | None, delimiter: str | None, page: PageRequest
) -> BucketShown:
    """A page for people, filled up from as many of the cloud's pages as it takes."""
    found: list[Model] = []
    marker, wanted = page.marker, page.limit or SHOWN
    while len(found) < wanted:
        part = PageRequest(limit=wanted - len(found), marker=marker)
        answer = exchange.lister.blobs(bucket.id, prefix, delimiter, part)
        found += exchange.timed(answer.items)
        marker = answer.next_marker
        if marker is None:
            break
    complete = page.marker is None and marker is None and prefix is None and delimiter is None
    return BucketShown(bucket, _entries(found), complete=complete, next_marker=marker)


def _entries(items: Iterable[object]) -> Iterable[BlobEntry]:
    return cast("Iterable[BlobEntry]", items)


def _show_row() -> Operation:
    row = rows.replaced(rows.show("buckets", "bucket"), _show)
    return replace(row, parameters=(*row.parameters, PREFIX, DELIMITER, *PAGING))


BUCKETS = Collection(
    name="buckets",
    singular="bucket",
    title="Buckets",
    help="What blobs are kept in",
    operations=(
        rows.index("buckets", "the buckets"),
        _show_row(),
        rows.replaced(
            rows.create(
                "buckets",
                "bucket",
                _new,
                Parameter(name="name", required=True, help="Name of the new bucket"),
                browse=True,
            ),
            _create,
        ),
        rows.destroy("buckets", "bucket", expect="delete_bucket"),
    ),
)
