"""The entry point for people: what the driver offers, and how much of it there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deltacloud.api import collections, hardware
from deltacloud.api.pages import members
from deltacloud.api.pages.engine import render
from deltacloud.api.pages.lists import summary
from deltacloud.api.pages.navigation import grouped
from deltacloud.api.pages.site import Link, site_of
from deltacloud.errors import DeltacloudError
from deltacloud.inputs import Filters

if TYPE_CHECKING:
    from collections.abc import Iterable

    from deltacloud.api.exchange import Exchange
    from deltacloud.api.operations import Collection
    from deltacloud.api.representations import EntryPoint
    from deltacloud.models import Model

_UNCOUNTED = frozenset({"drivers", "instance_states"})
_MADE_FIRST = ("instances", "buckets", "storage_volumes")
"""What people come to make; the beginning of the page offers it."""
COUNT = "count"
"""In the query string: count everything before the page is sent, for who has no scripts."""


def entry_point(exchange: Exchange, entry: EntryPoint) -> bytes:
    """What the driver offers, with counts where they are asked for; scripts ask for each of them on its own."""
    site, kind = site_of(exchange.request), exchange.driver.kind
    names = frozenset(entry.collections)
    asked = exchange.credentials is not None or kind.credentials is None
    countable = names - _UNCOUNTED if asked else frozenset()
    wanted = sorted(countable) if exchange.request.last(COUNT) else []
    content = {
        "groups": grouped(names),
        "countable": countable,
        "creates": [
            Link(site.path(row.form), row.help)
            for name in _MADE_FIRST
            if (row := collections.BY_NAME[name].operation("create")) and row.form and row.available(exchange.driver)
        ][:2],
        "credentials": kind.credentials,
        "provider": exchange.provider.text or "",
        "summaries": {name: _counted(exchange, collections.BY_NAME[name]) for name in wanted},
    }
    return render("entry_point", exchange.request, kind.title, content, formats=True)


def _counted(exchange: Exchange, collection: Collection) -> dict[str, object] | str:
    """How many there are; a sentence where that cannot be told."""
    try:
        if collection.name == "hardware_profiles":
            items: Iterable[Model] = hardware.profiles(exchange, Filters())
        else:
            items = exchange.lister.whole(f"list_{collection.name}", Filters())
        found = exchange.timed(items)
    except DeltacloudError as error:
        return f"Not counted: {error.message}"
    return summary(exchange, collection, members.of_items(exchange.view, collection.name, found))
