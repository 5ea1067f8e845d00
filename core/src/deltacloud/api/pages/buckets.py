"""The page of a bucket: its blobs as a file browser has them, by folders, a page at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from deltacloud.api import collections
from deltacloud.api.pages import members
from deltacloud.api.pages.fields import FieldSet, field_sets
from deltacloud.api.pages.resources import Value, next_page, resource
from deltacloud.api.pages.site import Link, Site, folders, place, site_of, with_query
from deltacloud.api.representations import bucket_listing_json

if TYPE_CHECKING:
    from deltacloud.api.answers import BucketShown
    from deltacloud.api.exchange import Exchange
    from deltacloud.models import BlobEntry


@dataclass(frozen=True, slots=True)
class BlobRow:
    """A row of the list: a blob, or a beginning that several names share; links are empty where none lead on."""

    value: Value
    name: str
    url: str
    content: str
    can: str

    @property
    def folder(self) -> bool:
        """Whether it stands for all names that begin so."""
        return self.value["rel"] == "prefix"


@dataclass(frozen=True, slots=True)
class Upload:
    """The form that puts a blob into the bucket.

    Attributes:
        url: Where it posts to.
        prefix: What the names of new blobs begin with, in this folder.
        sets: The fields.
    """

    url: str
    prefix: str
    sets: tuple[FieldSet, ...]


@dataclass(frozen=True, slots=True)
class Browser:
    """The blobs that are shown.

    Attributes:
        rows: The rows.
        folders: The way to the folder shown, from the bucket on.
        prefix: The beginning that all their names share.
        flat: Whether names are shown whole, not by folders.
        other: The address of the other view.
        upload: The form to upload with; None where the driver cannot.
        deletes: Whether blobs can be deleted.
    """

    rows: list[BlobRow]
    folders: list[Link]
    prefix: str
    flat: bool
    other: str
    upload: Upload | None
    deletes: bool


def bucket(exchange: Exchange, answer: BucketShown, entries: list[BlobEntry] | None) -> bytes:
    """The page of a bucket, with its blobs where they can be listed."""
    view, shown = exchange.view, answer.bucket
    site = site_of(exchange.request)
    if entries is None:
        value, browser = members.of_item(view, "buckets", shown), None
    else:
        value = msgspec.json.decode(bucket_listing_json(view, shown, entries, complete=answer.complete))["bucket"]
        browser = _browser(exchange, site, shown.id, msgspec.convert(value["blob_list"], list[dict[str, object]]))
    content = {"browser": browser, "next": next_page(exchange, site, answer.next_marker)}
    return resource(exchange, collections.BY_NAME["buckets"], shown, value, content)


def _browser(exchange: Exchange, site: Site, bucket_id: str, entries: Sequence[Value]) -> Browser:
    """The blobs that are shown, and the way to the other view of them."""
    prefix, flat = exchange.parameters.text("prefix") or "", exchange.parameters.text("delimiter") == ""
    here = site.path(place("/buckets/{id}", {"id": bucket_id}))
    pairs = [*([("prefix", prefix)] if prefix else []), *([] if flat else [("delimiter", "")])]
    return Browser(
        rows=_rows(exchange, site, entries, prefix),
        folders=folders(site, bucket_id, prefix),
        prefix=prefix,
        flat=flat,
        other=with_query(here, *pairs) if pairs else here,
        upload=_upload(exchange, site, bucket_id, prefix),
        deletes=_can(exchange, "destroy"),
    )


def _can(exchange: Exchange, name: str) -> bool:
    row = collections.BY_NAME["blobs"].operation(name)
    return row is not None and row.available(exchange.driver)


def _rows(exchange: Exchange, site: Site, entries: Sequence[Value], prefix: str) -> list[BlobRow]:
    """The rows, folders before blobs."""
    return sorted(_made(exchange, site, entries, prefix), key=lambda one: not one.folder)


def _made(exchange: Exchange, site: Site, entries: Sequence[Value], prefix: str) -> Iterator[BlobRow]:
    shows, reads, deletes = (_can(exchange, name) for name in ("show", "content", "destroy"))
    delimiter = exchange.parameters.text("delimiter")
    for one in entries:
        url, identifier = site.target(one), str(one["id"])
        name = identifier.removeprefix(prefix) or identifier
        if one["rel"] == "prefix":
            inside = with_query(url, ("delimiter", delimiter)) if delimiter else url
            yield BlobRow(one, name, inside, "", "")
        else:
            content = f"{url}/content" if reads else ""
            yield BlobRow(one, name, url if shows else "", content, "destroy" if deletes else "")


def _upload(exchange: Exchange, site: Site, bucket_id: str, prefix: str) -> Upload | None:
    blobs = collections.BY_NAME["blobs"]
    create = blobs.operation("create")
    if create is None or not create.available(exchange.driver):
        return None
    fields = {"id": bucket_id}
    where = site.path(place(create.path, fields))
    asked = [one for one in blobs.declared(create, exchange.driver) if one.name in ("blob_id", "blob_data")]
    sets = field_sets("upload", asked, {"blob_id": prefix})
    return Upload(where, prefix, sets)
