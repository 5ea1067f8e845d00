"""Addresses: public ones, that can be moved between instances."""

from __future__ import annotations

from deltacloud.api.answers import Done
from deltacloud.api.collections import rows
from deltacloud.api.exchange import Exchange
from deltacloud.api.operations import ID, Collection, Operation, text


def _nothing(_exchange: Exchange) -> None:
    """A new address is told nothing."""


def _associate(exchange: Exchange) -> Done:
    address = exchange.ids["id"]
    exchange.call("associate_address", address_id=address, instance_id=exchange.parameters.text("instance_id"))
    return Done(202, browser=exchange.path("addresses", address))


def _disassociate(exchange: Exchange) -> Done:
    address = exchange.ids["id"]
    exchange.call("disassociate_address", address_id=address)
    return Done(202, browser=exchange.path("addresses", address))


ADDRESSES = Collection(
    name="addresses",
    singular="address",
    title="Addresses",
    help="A public address that can be moved between instances",
    operations=(
        rows.index("addresses", "the addresses"),
        rows.show("addresses", "address"),
        rows.create("addresses", "address", _nothing, form=False),
        rows.destroy("addresses", "address"),
        Operation(
            name="associate",
            method="POST",
            path="/addresses/{id}/associate",
            handler=_associate,
            help="Let an instance have the address",
            needs=("associate_address",),
            expect="associate_address",
            parameters=(ID, text("instance_id", "The instance", required=True)),
            status=202,
            action=True,
            form="/addresses/{id}/associate",
            shape="none",
        ),
        Operation(
            name="disassociate",
            method="POST",
            path="/addresses/{id}/disassociate",
            handler=_disassociate,
            help="Take the address from its instance",
            needs=("disassociate_address",),
            expect="associate_address",
            parameters=(ID,),
            status=202,
            action=True,
            shape="none",
        ),
    ),
)
