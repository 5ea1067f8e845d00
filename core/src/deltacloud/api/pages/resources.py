"""Pages of single resources."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import msgspec
from markupsafe import Markup

from deltacloud.api import collections
from deltacloud.api.pages import controls, members
from deltacloud.api.pages.charts import Chart, chart
from deltacloud.api.pages.choices import Choices
from deltacloud.api.pages.documents import diagram
from deltacloud.api.pages.engine import render
from deltacloud.api.pages.lists import pace
from deltacloud.api.pages.site import Link, Site, folders, place, site_of
from deltacloud.api.pages.values import without, words
from deltacloud.models import Blob, Model
from deltacloud.secret import Secret

if TYPE_CHECKING:
    from deltacloud.api.answers import Shown
    from deltacloud.api.exchange import Exchange
    from deltacloud.api.operations import Collection

Value: TypeAlias = Mapping[str, object]
"""A JSON object."""

_ELSEWHERE = frozenset({"href", "actions", "blob_list", "create_image", "state"})
"""Members that a page shows in another way: as its own address, as buttons, as a table, as a badge."""


@dataclass(frozen=True, slots=True)
class Inner:
    """An entry of a collection inside a resource, such as a rule of a firewall."""

    value: Value
    controls: controls.Controls


def details(exchange: Exchange, answer: Shown) -> bytes:
    """The page of one resource: every member that its JSON has, and what can be done with it."""
    value = members.of_item(exchange.view, answer.collection, answer.item)
    return resource(exchange, collections.BY_NAME[answer.collection], answer.item, value, {})


def resource(
    exchange: Exchange, collection: Collection, item: Model, value: Value, more: Mapping[str, object]
) -> bytes:
    """The page of any resource.

    Args:
        exchange: The request.
        collection: What it is a member of.
        item: The resource.
        value: Its members, as JSON has them.
        more: What the page shows besides.
    """
    site, fields = site_of(exchange.request), _fields(item)
    inner = {
        one.name: _inner(exchange, site, one, fields, value)
        for one in collections.COLLECTIONS
        if one.within == collection.name and one.name in value
    }
    name = value.get("name") or item.id
    content = {
        "up": _up(site, collection, item),
        "kind": words(collection.singular),
        "name": name,
        "members": _told(value, name, {*_ELSEWHERE, *inner}),
        "inner": inner,
        "controls": controls.of_item(site, collection, exchange.driver, fields, value).with_choices(Choices(exchange)),
        "browser": None,
        "next": "",
        "collection": collection,
        "machine": exchange.driver.states if collection.name == "instances" else None,
        "state": value.get("state"),
        "drawing": _drawing(exchange, collection, value.get("state")),
        "charts": _charts(value) if collection.name == "metrics" else None,
        "password": _told_once(exchange, item),
        "pace": pace(exchange, collection, [value]),
        **more,
    }
    title = f"{words(collection.singular)} {name}"
    own = None if exchange.request.method == "GET" else place(_path(collection), fields)
    return render("details", exchange.request, title, content, own=own, formats=True)


def _told(value: Value, name: object, elsewhere: Container[str]) -> Value:
    """The members that say something: not the name again, and no list of nothing."""
    said = without(value, elsewhere)
    return {key: one for key, one in said.items() if one not in ([], {}) and not (key == "name" and one == name)}


def _drawing(exchange: Exchange, collection: Collection, state: object) -> Markup | None:
    """Where an instance is in its life."""
    machine = exchange.driver.states
    return diagram(machine, str(state)) if machine is not None and state and collection.name == "instances" else None


def _charts(value: Value) -> list[Chart]:
    """What a metric measures, as pictures."""
    properties = msgspec.convert(value.get("properties") or [], list[dict[str, object]])
    samples = [msgspec.convert(one.get("values") or [], list[dict[str, object]]) for one in properties]
    return [chart(str(one["name"]), some) for one, some in zip(properties, samples, strict=True)]


def _told_once(exchange: Exchange, item: Model) -> str:
    """The password of a new instance, which many clouds never tell again."""
    password = getattr(item, "password", None)
    return password.reveal() if isinstance(password, Secret) and exchange.request.method == "POST" else ""


def _fields(item: Model) -> dict[str, str]:
    """The fields of a resource's path."""
    return {"id": item.bucket_id, "blob_id": item.id} if isinstance(item, Blob) else {"id": item.id}


def _path(collection: Collection) -> str:
    """The path of a member, with its fields."""
    return next(one.path for one in collection.operations if one.name == "show")


def _up(site: Site, collection: Collection, item: Model) -> list[Link]:
    """What holds a resource: its list; for a blob the bucket, and the folders that its name goes through."""
    if not isinstance(item, Blob):
        return [Link(site.path(f"/{collection.name}"), collection.title)]
    buckets = collections.BY_NAME["buckets"]
    return [Link(site.path("/buckets"), buckets.title), *folders(site, item.bucket_id, item.id)]


def _inner(exchange: Exchange, site: Site, inner: Collection, fields: Mapping[str, str], value: Value) -> list[Inner]:
    entries: list[Value] = msgspec.convert(value[inner.name], list[dict[str, object]])
    own = f"{inner.singular}_id"
    return [
        Inner(one, controls.of_item(site, inner, exchange.driver, {**fields, own: str(one["id"])}, one))
        for one in entries
    ]


def next_page(exchange: Exchange, site: Site, marker: str | None) -> str:
    """The address of the next page of the API's paging; empty at the end."""
    return "" if marker is None else site.link(exchange.next_link(marker))
