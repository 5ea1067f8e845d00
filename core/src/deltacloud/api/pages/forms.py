"""Pages with the form of an operation."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING

from deltacloud.api import collections
from deltacloud.api.pages.advice import advice
from deltacloud.api.pages.choices import Choices
from deltacloud.api.pages.engine import framed
from deltacloud.api.pages.fields import field_sets, folds, has_file
from deltacloud.api.pages.frame import frame_of, unread
from deltacloud.api.pages.site import Link, Site, place, site_of
from deltacloud.api.pages.values import words
from deltacloud.errors import DeltacloudError

if TYPE_CHECKING:
    from deltacloud.api.exchange import Exchange
    from deltacloud.api.incoming import Incoming
    from deltacloud.api.operations import Collection, Operation
    from deltacloud.api.representations.errors import ErrorFacts

_MENDABLE = (HTTPStatus.BAD_REQUEST, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT)
"""What may go well once something else is filled in."""


def form(exchange: Exchange, collection: Collection, operation: Operation) -> bytes:
    """The page whose form posts to an operation; the query string fills fields in."""
    request = exchange.request
    values = {**dict(request.route.link_parameters()), **dict(request.query)}
    content = _content(exchange, collection, operation, values)
    return framed("form", frame_of(request), operation.help, {"facts": None, **content})


def refused(facts: ErrorFacts, request: Incoming) -> bytes | None:
    """The form that was sent, as it was filled in, with what is wrong; None where no form was, or no other would help.

    Secrets and files are not filled in again.
    """
    exchange = request.exchange
    if exchange is None or facts.status not in _MENDABLE or exchange.parameters.empty or request.cross_site:
        return None
    operation = exchange.operation
    if not operation.form:
        return None
    collection = next(one for one in collections.COLLECTIONS if operation in one.operations)
    try:
        content = _content(exchange, collection, operation, exchange.parameters.texts)
    except DeltacloudError:
        return None
    return framed("form", unread(request), operation.help, {"facts": facts, "advice": advice(facts), **content})


def _content(
    exchange: Exchange, collection: Collection, operation: Operation, values: Mapping[str, str]
) -> dict[str, object]:
    site = site_of(exchange.request)
    sets = field_sets(operation.name, collection.declared(operation, exchange.driver), values)
    return {
        "up": _crumbs(site, collection, exchange.ids),
        "url": site.path(place(operation.path, exchange.ids)),
        "multipart": has_file(sets),
        "parts": folds(Choices(exchange).offered(sets)),
        "submit": _submit(collection, operation),
        "upload": collection.name == "blobs" and operation.name == "create",
    }


def _submit(collection: Collection, operation: Operation) -> str:
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
