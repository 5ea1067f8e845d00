"""Drivers: which clouds this server knows."""

from __future__ import annotations

from deltacloud.api import documents
from deltacloud.api.answers import Document
from deltacloud.api.exchange import Exchange
from deltacloud.api.operations import ID, Collection, Operation


def _index(exchange: Exchange) -> Document:
    return documents.drivers(exchange)


def _show(exchange: Exchange) -> Document:
    return documents.driver(exchange, exchange.ids["id"])


DRIVERS = Collection(
    name="drivers",
    singular="driver",
    title="Drivers",
    help="A cloud that this server knows",
    operations=(
        Operation(
            name="index",
            method="GET",
            path="/drivers",
            handler=_index,
            help="List the installed drivers",
            public=True,
            shape="other",
        ),
        Operation(
            name="show",
            method="GET",
            path="/drivers/{id}",
            handler=_show,
            help="Show a driver, its providers and entry points, or why it does not load",
            parameters=(ID,),
            public=True,
            shape="other",
        ),
    ),
)
