"""Pages with the form of an operation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deltacloud.api import collections
from deltacloud.api.pages.choices import Choices
from deltacloud.api.pages.engine import render
from deltacloud.api.pages.fields import field_sets, folds, has_file
from deltacloud.api.pages.site import Link, Site, place, site_of
from deltacloud.api.pages.values import words

if TYPE_CHECKING:
    from deltacloud.api.exchange import Exchange
    from deltacloud.api.operations import Collection, Operation


def form(exchange: Exchange, collection: Collection, operation: Operation) -> bytes:
    """The page whose form posts to an operation; the query string fills fields in."""
    request, site = exchange.request, site_of(exchange.request)
    values = {**dict(request.route.link_parameters()), **dict(request.query)}
    sets = field_sets(operation.name, collection.declared(operation, exchange.driver), values)
    content = {
        "up": _crumbs(site, collection, exchange.ids),
        "url": site.path(place(operation.path, exchange.ids)),
        "multipart": has_file(sets),
        "parts": folds(Choices(exchange).offered(sets)),
        "submit": submit_text(collection, operation),
        "upload": collection.name == "blobs" and operation.name == "create",
    }
    return render("form", request, operation.help, content)


def submit_text(collection: Collection, operation: Operation) -> str:
    """What the button of a form says: what it makes, or what it does."""
    if operation.name != "create":
        return words(operation.name)
    return f"{'Upload' if collection.name == 'blobs' else 'Create'} {words(collection.singular).lower()}"


def _crumbs(site: Site, collection: Collection, ids: dict[str, str]) -> list[Link]:
    """The list that a new member goes into, and the member that is acted on."""
    outer = collections.BY_NAME.get(collection.within, collection)
    links = [Link(site.path(f"/{outer.name}"), outer.title)]
    if "id" in ids:
        show = outer.operation("show")
        if show is not None:
            links.append(Link(site.path(place(show.path, ids)), f"{words(outer.singular)} {ids['id']}"))
    return links
