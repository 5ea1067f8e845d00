"""The documentation: collections, operations and parameters, with the request's driver."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from deltacloud.api.pages.engine import render
from deltacloud.api.pages.fields import in_order
from deltacloud.api.pages.site import Link, site_of
from deltacloud.api.pages.trial import trial

if TYPE_CHECKING:
    from deltacloud.api.exchange import Exchange
    from deltacloud.api.operations import Collection, Operation


def docs_index(exchange: Exchange, collections: Sequence[Collection]) -> bytes:
    """All collections, whatever the driver supports."""
    rows = [(one, one.available(exchange.driver)) for one in collections if not one.within]
    return render("docs_index", exchange.request, "API documentation", {"collections": rows})


def docs_collection(exchange: Exchange, collection: Collection, inner: Sequence[Collection]) -> bytes:
    """A collection: its features, the collections inside it, its operations."""
    driver = exchange.driver
    content = {
        "up": [_index(exchange)],
        "collection": collection,
        "features": [one for one in driver.features.values() if one.applies_to(collection.name)],
        "inner": inner,
        "operations": [(one, one.available(driver)) for one in collection.operations],
    }
    return render("docs_collection", exchange.request, collection.title, content)


def docs_operation(exchange: Exchange, collection: Collection, operation: Operation) -> bytes:
    """An operation and its parameters, those of the driver's features among them."""
    content = {
        "up": [_index(exchange), Link(site_of(exchange.request).path(f"/docs/{collection.name}"), collection.title)],
        "collection": collection,
        "operation": operation,
        "available": operation.available(exchange.driver),
        "parameters": in_order(collection.declared(operation, exchange.driver)),
        "trial": trial(exchange, collection, operation),
    }
    return render("docs_operation", exchange.request, f"{collection.title}: {operation.name}", content)


def _index(exchange: Exchange) -> Link:
    return Link(site_of(exchange.request).path("/docs"), "API documentation")
