"""Pages of lists: sorted, narrowed and cut into pages here, out of the whole list.

A request with ``limit`` or ``marker`` gets the page that the API's paging gives, as it came. Without them a list is
read whole, as any format has it, and :data:`SHOWN` entries of it are shown at a time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from deltacloud.api import collections
from deltacloud.api.incoming import MOUNT
from deltacloud.api.pages import columns, controls, members
from deltacloud.api.pages.engine import render
from deltacloud.api.pages.filters import filter_fields
from deltacloud.api.pages.ordering import narrowed, ordered
from deltacloud.api.pages.site import FIND, PAGE, SORT, Link, left, site_of, with_query
from deltacloud.api.pages.tones import changes
from deltacloud.api.pages.values import words

if TYPE_CHECKING:
    from deltacloud.api.answers import Listed
    from deltacloud.api.exchange import Exchange
    from deltacloud.api.operations import Collection

Value: TypeAlias = Mapping[str, object]
Pairs: TypeAlias = tuple[tuple[str, str], ...]

SHOWN = 50
"""How many entries a page has."""
VIEW = "view"
"""In the query string: a short form of the page."""
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its member's name, its heading, the link that sorts by it, and how it is sorted now."""

    name: str
    title: str
    url: str
    order: str


@dataclass(frozen=True, slots=True)
class Row:
    """An entry of a list: its address, and what can be done with it from here."""

    value: Value
    title: str
    url: str
    can: str


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of a list is shown: its first and last number, of how many that were found, of how many in all."""

    first: int
    last: int
    found: int
    total: int
    links: tuple[Link, ...]


def listing(exchange: Exchange, answer: Listed) -> bytes:
    """The page of a list; or, with ``view=count``, how many there are."""
    collection = collections.BY_NAME[answer.collection]
    entries = members.of_items(exchange.view, answer.collection, answer.items)
    request, site = exchange.request, site_of(exchange.request)
    made = f"/{answer.collection}" if request.method == "POST" else None
    if request.last(VIEW) == "count":
        return render("count", request, collection.title, {"summary": summary(exchange, collection, entries)})
    names = columns.shown(answer.collection, entries)
    cut = exchange.parameters.text("limit") is not None or exchange.parameters.text("marker") is not None
    wanted = "" if cut else (request.last(FIND) or "")[:_LONGEST]
    found = narrowed(entries, names, wanted)
    order = "" if cut else request.last(SORT) or ""
    found = ordered(found, names, order)
    part, shown = _part(exchange, found, len(entries), made, cut=cut)
    bulk = controls.of_several(collection, exchange.driver)
    named = any(one.get("name") not in (None, "", one["id"]) for one in entries)
    titles = ("name", "id", *names) if named else ("name", *names)
    content = {
        "collection": collection,
        "bulk": bulk,
        "columns": [_column(exchange, name, order, made, sortable=not cut) for name in titles],
        "rows": [_row(exchange, collection, one, site.target(one)) for one in shown],
        "part": part,
        "cut": cut,
        "found": wanted,
        "order": order,
        "filters": filter_fields(exchange, collection),
        "filtered": bool(_filters(exchange)),
        "reset": site.path(f"/{collection.name}"),
        "next": "" if answer.next_marker is None else site.link(exchange.next_link(answer.next_marker)),
        "controls": controls.of_list(site, collection, exchange.driver),
        "machine": exchange.driver.states if collection.name == "instances" else None,
        "pace": pace(exchange, collection, shown),
    }
    return render("list", request, collection.title, content, own=made, formats=True)


def summary(exchange: Exchange, collection: Collection, entries: Sequence[Value]) -> dict[str, object]:
    """How many entries there are, and how many in each state."""
    states = Counter(str(one["state"]) for one in entries if one.get("state"))
    site = site_of(exchange.request)
    url = site.path(f"/{collection.name}")
    filtered = any(one.name == "state" for one in collection.operations[0].parameters)
    return {
        "count": len(entries),
        "states": [
            (state, count, with_query(url, ("state", state) if filtered else (FIND, state)))
            for state, count in states.most_common()
        ],
        "machine": exchange.driver.states if collection.name == "instances" else None,
    }


def pace(exchange: Exchange, collection: Collection, entries: Iterable[Value]) -> int:
    """Seconds after which a page is worth reading again; 0 for what has no states."""
    machine = exchange.driver.states if collection.name == "instances" else None
    states = [str(one["state"]) for one in entries if one.get("state")]
    if any(changes(state, machine) for state in states):
        return 2
    return 30 if states else 0


def _filters(exchange: Exchange) -> Pairs:
    """The filters of the API that the request names."""
    return tuple(pair for pair in left(exchange.request, "format", "limit", "marker") if pair[1])


def _part(
    exchange: Exchange, found: list[dict[str, object]], total: int, made: str | None, *, cut: bool
) -> tuple[Part, list[dict[str, object]]]:
    """The part of a list that the request asks for."""
    if cut or made is not None:
        return Part(min(1, total), total, total, total, ()), found
    pages = max(1, -(-len(found) // SHOWN))
    number = min(max(_number(exchange.request.last(PAGE)), 1), pages)
    start = (number - 1) * SHOWN
    shown = found[start : start + SHOWN]
    wanted = (("First page", 1), ("Previous page", number - 1), ("Next page", number + 1), ("Last page", pages))
    there = {1: number > 1, number - 1: number > 1, number + 1: number < pages, pages: number < pages}
    links = tuple(Link(_address(exchange, **{PAGE: str(place)}), text) for text, place in wanted if there.get(place))
    return Part(start + 1 if shown else 0, start + len(shown), len(found), total, links if pages > 1 else ()), shown


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < len(str(10**9)) else 1


def _address(exchange: Exchange, **changed: str) -> str:
    """The request's own address with some of what pages add changed."""
    request = exchange.request
    url = site_of(request).path(request.path.removeprefix(MOUNT))
    kept = {name: request.last(name) or "" for name in (FIND, SORT) if PAGE in changed or name not in changed}
    pairs = [*left(request), *((name, value) for name, value in {**kept, **changed}.items() if value)]
    return with_query(url, *pairs) if pairs else url


def _column(exchange: Exchange, name: str, order: str, made: str | None, *, sortable: bool) -> Column:
    if not sortable or made is not None:
        return Column(name, words(name), "", "")
    chosen = order.removeprefix("-") == name
    backwards = chosen and not order.startswith("-")
    direction = ("descending" if order.startswith("-") else "ascending") if chosen else ""
    return Column(name, words(name), _address(exchange, **{SORT: f"-{name}" if backwards else name}), direction)


def _row(exchange: Exchange, collection: Collection, value: Value, url: str) -> Row:
    can = controls.allowed(collection, exchange.driver, value)
    return Row(value, str(value.get("name") or value["id"]), url, " ".join(can))
