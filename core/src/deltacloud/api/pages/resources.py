"""Pages of resources: lists, single ones, and buckets with their blobs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from deltacloud.api.collections import BY_NAME, COLLECTIONS
from deltacloud.api.pages import columns, controls
from deltacloud.api.pages.engine import render
from deltacloud.api.pages.site import Link, Site, alternates, place, site_of, with_query
from deltacloud.api.pages.values import words
from deltacloud.api.representations import REPRESENTATIONS
from deltacloud.api.representations.buckets import BUCKETS, bucket_listing_json
from deltacloud.models import Blob, BlobEntry, Model

if TYPE_CHECKING:
    from deltacloud.api.answers import BucketShown, Listed, Shown
    from deltacloud.api.exchange import Exchange
    from deltacloud.api.operations import Collection

Value: TypeAlias = Mapping[str, object]
"""A JSON object."""

_BLOBS = tuple(one for one in BY_NAME["blobs"].operations if one.name in ("show", "content"))
_ELSEWHERE = frozenset({"href", "actions", "blob_list"})
"""Members that a page shows in another way: as its own address, as buttons, as a table."""


@dataclass(frozen=True, slots=True)
class Inner:
    """An entry of a collection inside a resource, such as a rule of a firewall."""

    value: Value
    controls: controls.Controls


def listing(exchange: Exchange, answer: Listed) -> bytes:
    """The page of a list."""
    collection = BY_NAME[answer.collection]
    document = REPRESENTATIONS[answer.collection].json_list(exchange.view, answer.items)
    entries: list[Value] = msgspec.json.decode(document)[answer.collection]
    request, site = exchange.request, site_of(exchange.request)
    content = {
        "collection": collection,
        "entries": entries,
        "names": columns.shown(answer.collection, entries),
        "next": _next(exchange, site, answer.next_marker),
        "controls": controls.of_list(site, collection, exchange.driver),
    }
    own = f"/{answer.collection}" if request.method == "POST" else None
    return render("list", site, collection.title, content, alternates=alternates(request, own))


def details(exchange: Exchange, answer: Shown) -> bytes:
    """The page of one resource: every member that its JSON has, and what can be done with it."""
    collection = BY_NAME[answer.collection]
    document = REPRESENTATIONS[answer.collection].json_item(exchange.view, answer.item)
    return _resource(exchange, collection, answer.item, msgspec.json.decode(document)[collection.singular], {})


def bucket(exchange: Exchange, answer: BucketShown, entries: list[BlobEntry] | None) -> bytes:
    """The page of a bucket, with its blobs where they can be listed."""
    if entries is None:
        document = BUCKETS.json_item(exchange.view, answer.bucket)
    else:
        document = bucket_listing_json(exchange.view, answer.bucket, entries, complete=answer.complete)
    site = site_of(exchange.request)
    content = {
        "blobs": None if entries is None else [_blob(exchange, site, answer.bucket.id, one) for one in entries],
        "next": _next(exchange, site, answer.next_marker),
    }
    value = msgspec.json.decode(document)["bucket"]
    return _resource(exchange, BY_NAME["buckets"], answer.bucket, value, content)


def _resource(
    exchange: Exchange, collection: Collection, item: Model, value: Value, more: Mapping[str, object]
) -> bytes:
    site, fields = site_of(exchange.request), _fields(item)
    inner = {one.name: _inner(exchange, site, one, fields, value) for one in COLLECTIONS if _holds(collection, one, value)}
    content = {
        "up": _up(site, collection, item),
        "members": {name: one for name, one in value.items() if name not in _ELSEWHERE and name not in inner},
        "inner": inner,
        "controls": controls.of_item(site, collection, exchange.driver, fields, value),
        "blobs": None,
        "next": None,
        **more,
    }
    own = place(_path(collection), fields)
    title = f"{words(collection.singular)} {value.get('name') or item.id}"
    return render("details", site, title, content, alternates=alternates(exchange.request, own))


def _fields(item: Model) -> dict[str, str]:
    """The fields of a resource's path."""
    if isinstance(item, Blob):
        return {"id": item.bucket_id, "blob_id": item.id}
    return {"id": item.id}


def _path(collection: Collection) -> str:
    """The path of a member, with its fields."""
    return next(one.path for one in collection.operations if one.name == "show")


def _up(site: Site, collection: Collection, item: Model) -> Link:
    if isinstance(item, Blob):
        return Link(site.path(place(_path(BY_NAME["buckets"]), {"id": item.bucket_id})), f"Bucket {item.bucket_id}")
    return Link(site.path(f"/{collection.name}"), collection.title)


def _holds(collection: Collection, inner: Collection, value: Value) -> bool:
    return inner.within == collection.name and isinstance(value.get(inner.name), list)


def _inner(
    exchange: Exchange, site: Site, inner: Collection, fields: Mapping[str, str], value: Value
) -> list[Inner]:
    entries: list[Value] = value[inner.name]  # type: ignore[assignment]
    own = f"{inner.singular}_id"
    return [
        Inner(one, controls.of_item(site, inner, exchange.driver, {**fields, own: str(one["id"])}, one))
        for one in entries
    ]


def _next(exchange: Exchange, site: Site, marker: str | None) -> str:
    return "" if marker is None else site.link(exchange.next_link(marker))


@dataclass(frozen=True, slots=True)
class Entry:
    """A blob in a bucket's list, or (without a content) a beginning that several names share."""

    entry: BlobEntry
    url: str
    content: str = ""


def _blob(exchange: Exchange, site: Site, bucket_id: str, entry: BlobEntry) -> Entry:
    fields = {"id": bucket_id, "blob_id": entry.id}
    if entry.is_prefix:
        delimiter = exchange.parameters.text("delimiter") or ""
        url = site.path(place(_path(BY_NAME["buckets"]), fields))
        return Entry(entry, with_query(url, ("prefix", entry.id), ("delimiter", delimiter)))
    rows = {one.name: site.path(place(one.path, fields)) for one in _BLOBS if one.available(exchange.driver)}
    return Entry(entry, rows.get("show", ""), rows.get("content", ""))
