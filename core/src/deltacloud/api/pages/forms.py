"""Pages with the form of an operation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deltacloud.api import collections
from deltacloud.api.pages.engine import render
from deltacloud.api.pages.fields import field_sets, has_file
from deltacloud.api.pages.site import Link, place, site_of
from deltacloud.api.pages.values import words

if TYPE_CHECKING:
    from deltacloud.api.exchange import Exchange
    from deltacloud.api.operations import Collection, Operation


def form(exchange: Exchange, collection: Collection, operation: Operation) -> bytes:
    """The page whose form posts to an operation; the query string fills fields in."""
    request, site = exchange.request, site_of(exchange.request)
    values = {**dict(request.route.link_parameters()), **dict(request.query)}
    sets = field_sets(operation.name, collection.declared(operation, exchange.driver), values)
    outer = collections.BY_NAME.get(collection.within, collection)
    content = {
        "up": Link(site.path(f"/{outer.name}"), outer.title),
        "url": site.path(place(operation.path, exchange.ids)),
        "multipart": has_file(sets),
        "sets": sets,
        "submit": words(operation.name),
    }
    return render("form", site, operation.help, content)
