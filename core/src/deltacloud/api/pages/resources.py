"""Pages of resources: lists, single ones, and buckets with their blobs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from deltacloud.api import collections
from deltacloud.api.pages import columns, controls, members
from deltacloud.api.pages.engine import render
from deltacloud.api.pages.site import Link, Site, alternates, place, site_of, with_query
from deltacloud.api.pages.values import words
from deltacloud.api.representations import bucket_listing_json
from deltacloud.models import Blob, BlobEntry, Model

if TYPE_CHECKING:
    from deltacloud.api.answers import BucketShown, Listed, Shown
    from deltacloud.api.exchange import Exchange
    from deltacloud.api.operations import Collection

Value: TypeAlias = Mapping[str, object]
"""A JSON object."""

_ELSEWHERE = frozenset({"href", "actions", "blob_list"})
"""Members that a page shows in another way: as its own address, as buttons, as a table."""


@dataclass(frozen=True, slots=True)
class Inner:
    """An entry of a collection inside a resource, such as a rule of a firewall."""

    value: Value
    controls: controls.Controls


@dataclass(frozen=True, slots=True)
class BlobRow:
    """A row of a bucket's list: a blob, or a beginning that several names share; links are empty where none lead on."""

    value: Value
    url: str
    content: str


def listing(exchange: Exchange, answer: Listed) -> bytes:
    """The page of a list."""
    collection = collections.BY_NAME[answer.collection]
    entries = members.of_items(exchange.view, answer.collection, answer.items)
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
    value = members.of_item(exchange.view, answer.collection, answer.item)
    return _resource(exchange, collections.BY_NAME[answer.collection], answer.item, value, {})


def bucket(exchange: Exchange, answer: BucketShown, entries: list[BlobEntry] | None) -> bytes:
    """The page of a bucket, with its blobs where they can be listed."""
    view, shown = exchange.view, answer.bucket
    if entries is None:
        value, blobs = members.of_item(view, "buckets", shown), None
    else:
        value = msgspec.json.decode(bucket_listing_json(view, shown, entries, complete=answer.complete))["bucket"]
        blobs = _blobs(exchange, msgspec.convert(value["blob_list"], list[dict[str, object]]))
    content = {"blobs": blobs, "next": _next(exchange, site_of(exchange.request), answer.next_marker)}
    return _resource(exchange, collections.BY_NAME["buckets"], shown, value, content)


def _resource(
    exchange: Exchange, collection: Collection, item: Model, value: Value, more: Mapping[str, object]
) -> bytes:
    site, fields = site_of(exchange.request), _fields(item)
    inner = {
        one.name: _inner(exchange, site, one, fields, value)
        for one in collections.COLLECTIONS
        if one.within == collection.name and one.name in value
    }
    content = {
        "up": _up(site, collection, item),
        "members": {name: one for name, one in value.items() if name not in _ELSEWHERE and name not in inner},
        "inner": inner,
        "controls": controls.of_item(site, collection, exchange.driver, fields, value),
        "blobs": None,
        "next": "",
        **more,
    }
    title = f"{words(collection.singular)} {value.get('name') or item.id}"
    own = alternates(exchange.request, place(_path(collection), fields))
    return render("details", site, title, content, alternates=own)


def _fields(item: Model) -> dict[str, str]:
    """The fields of a resource's path."""
    return {"id": item.bucket_id, "blob_id": item.id} if isinstance(item, Blob) else {"id": item.id}


def _path(collection: Collection) -> str:
    """The path of a member, with its fields."""
    return next(one.path for one in collection.operations if one.name == "show")


def _up(site: Site, collection: Collection, item: Model) -> Link:
    if isinstance(item, Blob):
        path = place(_path(collections.BY_NAME["buckets"]), {"id": item.bucket_id})
        return Link(site.path(path), f"Bucket {item.bucket_id}")
    return Link(site.path(f"/{collection.name}"), collection.title)


def _inner(exchange: Exchange, site: Site, inner: Collection, fields: Mapping[str, str], value: Value) -> list[Inner]:
    entries: list[Value] = msgspec.convert(value[inner.name], list[dict[str, object]])
    own = f"{inner.singular}_id"
    return [
        Inner(one, controls.of_item(site, inner, exchange.driver, {**fields, own: str(one["id"])}, one))
        for one in entries
    ]


def _blobs(exchange: Exchange, entries: Sequence[Value]) -> list[BlobRow]:
    site, blobs = site_of(exchange.request), collections.BY_NAME["blobs"]
    can = {one.name for one in blobs.operations if one.available(exchange.driver)}
    delimiter = exchange.parameters.text("delimiter")
    rows = []
    for one in entries:
        url = site.target(one)
        if one["rel"] == "prefix":
            rows.append(BlobRow(one, with_query(url, ("delimiter", delimiter)) if delimiter else url, ""))
        else:
            rows.append(BlobRow(one, url if "show" in can else "", f"{url}/content" if "content" in can else ""))
    return rows


def _next(exchange: Exchange, site: Site, marker: str | None) -> str:
    return "" if marker is None else site.link(exchange.next_link(marker))
