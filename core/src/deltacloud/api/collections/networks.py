"""Networks, their subnets, and the interfaces of instances."""

from __future__ import annotations

from deltacloud.api.collections import rows
from deltacloud.api.exchange import Exchange
from deltacloud.api.operations import Collection, text
from deltacloud.errors import InvalidRequest
from deltacloud.inputs import NewNetwork, NewNetworkInterface, NewSubnet


def _new_network(exchange: Exchange) -> NewNetwork:
    values = exchange.parameters
    return NewNetwork(address_block=values.text("address_block") or None, name=values.text("name") or None)


def _new_subnet(exchange: Exchange) -> NewSubnet:
    values = exchange.parameters
    return NewSubnet(
        network_id=values.text("network_id") or "",
        address_block=values.text("address_block") or "",
        name=values.text("name") or None,
    )


def _new_interface(exchange: Exchange) -> NewNetworkInterface:
    values = exchange.parameters
    network = values.text("subnet") or values.text("network")
    if not network:
        raise InvalidRequest("Parameter 'network' must not be empty", "network")
    return NewNetworkInterface(
        instance_id=values.text("instance") or "", network_id=network, name=values.text("name") or None
    )


NETWORKS = Collection(
    name="networks",
    singular="network",
    title="Networks",
    help="A private network",
    operations=(
        rows.index("networks", "the networks"),
        rows.show("networks", "network"),
        rows.create(
            "networks",
            "network",
            _new_network,
            text("address_block", "Its addresses, in CIDR notation"),
            text("name", "Name of the new network"),
        ),
        rows.destroy("networks", "network"),
    ),
)

SUBNETS = Collection(
    name="subnets",
    singular="subnet",
    title="Subnets",
    help="A part of a network",
    operations=(
        rows.index("subnets", "the subnets"),
        rows.show("subnets", "subnet"),
        rows.create(
            "subnets",
            "subnet",
            _new_subnet,
            text("network_id", "The network", required=True),
            text("address_block", "Its addresses, in CIDR notation", required=True),
            text("name", "Name of the new subnet"),
        ),
        rows.destroy("subnets", "subnet"),
    ),
)

NETWORK_INTERFACES = Collection(
    name="network_interfaces",
    singular="network_interface",
    title="Network interfaces",
    help="An interface of an instance on a network",
    operations=(
        rows.index("network_interfaces", "the network interfaces"),
        rows.show("network_interfaces", "network_interface"),
        rows.create(
            "network_interfaces",
            "network_interface",
            _new_interface,
            text("instance", "The instance", required=True),
            text("network", "The network, or a subnet of it", required=True),
            text("subnet", "The subnet, where it is not named as network"),
            text("name", "Name of the new interface"),
        ),
        rows.destroy("network_interfaces", "network_interface"),
    ),
)
