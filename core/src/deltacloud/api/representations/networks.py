"""Networks, subnets and network interfaces."""

from __future__ import annotations

from collections.abc import Callable

from deltacloud.api.parsing.percent import segment
from deltacloud.api.representations.markup import attribute, text
from deltacloud.api.representations.representation import Representation
from deltacloud.api.representations.view import View, located
from deltacloud.models import Network, NetworkInterface, Subnet


def network_xml(view: View, indent: str) -> Callable[[Network], str]:
    """Makes the writer of one document's networks."""
    inner, inmost = f"{indent}  ", f"{indent}    "
    networks, subnets = view.collection("networks"), view.collection("subnets")

    def write(network: Network) -> str:
        href = f"{networks}/{segment(network.id)}"
        name = "" if network.name is None else f"{inner}<name>{text(network.name)}</name>\n"
        state = "" if network.state is None else f"{inner}<state>{text(network.state)}</state>\n"
        blocks = "".join([f"{inmost}<address_block>{text(one)}</address_block>\n" for one in network.address_blocks])
        parts = "".join([f"{inmost}<subnet {located(subnets, one)}></subnet>\n" for one in network.subnet_ids])
        return (
            f"{indent}<network href='{href}' id='{attribute(network.id)}'>\n"
            f"{name}{state}"
            f"{inner}<address_blocks>\n{blocks}{inner}</address_blocks>\n"
            f"{inner}<subnets>\n{parts}{inner}</subnets>\n"
            f"{_actions(view, 'destroy_network', href, inner)}{indent}</network>\n"
        )

    return write


def network_json(view: View) -> Callable[[Network], dict[str, object]]:
    """Makes the builder of one document's networks."""

    def build(network: Network) -> dict[str, object]:
        return {
            "id": network.id,
            "name": network.name,
            "href": f"{view.api}/networks/{segment(network.id)}",
            "state": network.state,
            "address_blocks": network.address_blocks,
            "subnets": [_link(f"{view.api}/subnets", one) for one in network.subnet_ids],
        }

    return build


def subnet_xml(view: View, indent: str) -> Callable[[Subnet], str]:
    """Makes the writer of one document's subnets. The address block and the network's id stand on their own lines."""
    inner, inmost = f"{indent}  ", f"{indent}    "
    subnets = view.collection("subnets")

    def write(subnet: Subnet) -> str:
        href = f"{subnets}/{segment(subnet.id)}"
        name = "" if subnet.name is None else f"{inner}<name>{text(subnet.name)}</name>\n"
        state = "" if subnet.state is None else f"{inner}<state>{text(subnet.state)}</state>\n"
        addresses, parent = subnet.address_block, subnet.network_id
        block = (
            "" if addresses is None else f"{inner}<address_block>\n{inmost}{text(addresses)}\n{inner}</address_block>\n"
        )
        network = "" if parent is None else f"{inner}<network>\n{inmost}{text(parent)}\n{inner}</network>\n"
        return (
            f"{indent}<subnet href='{href}' id='{attribute(subnet.id)}'>\n"
            f"{name}{state}{block}{network}{_actions(view, 'destroy_subnet', href, inner)}{indent}</subnet>\n"
        )

    return write


def subnet_json(view: View) -> Callable[[Subnet], dict[str, object]]:
    """Makes the builder of one document's subnets."""

    def build(subnet: Subnet) -> dict[str, object]:
        return {
            "id": subnet.id,
            "name": subnet.name,
            "href": f"{view.api}/subnets/{segment(subnet.id)}",
            "type": subnet.type,
            "state": subnet.state,
            "address_block": subnet.address_block,
            "network": _link(f"{view.api}/networks", subnet.network_id),
        }

    return build


def network_interface_xml(view: View, indent: str) -> Callable[[NetworkInterface], str]:
    """Makes the writer of one document's interfaces, which belong to a subnet where the driver has subnets."""
    inner = f"{indent}  "
    interfaces, instances = view.collection("network_interfaces"), view.collection("instances")
    rel = "subnet" if "list_subnets" in view.hooks else "network"
    networks = view.collection(f"{rel}s")

    def write(interface: NetworkInterface) -> str:
        href = f"{interfaces}/{segment(interface.id)}"
        name = "" if interface.name is None else f"{inner}<name>{text(interface.name)}</name>\n"
        address = interface.ip_address
        reached = "" if address is None else f"{inner}<ip_address>{text(address)}</ip_address>\n"
        parent, instance = interface.network_id, interface.instance_id
        network = (
            ""
            if parent is None
            else f"{inner}<network {located(networks, parent)} rel='{rel}'>{text(parent)}</network>\n"
        )
        holder = (
            "" if instance is None else f"{inner}<instance {located(instances, instance)}>{text(instance)}</instance>\n"
        )
        return (
            f"{indent}<network_interface href='{href}' id='{attribute(interface.id)}'>\n"
            f"{name}{reached}{network}{holder}"
            f"{_actions(view, 'destroy_network_interface', href, inner)}{indent}</network_interface>\n"
        )

    return write


def network_interface_json(view: View) -> Callable[[NetworkInterface], dict[str, object]]:
    """Makes the builder of one document's interfaces; the network's URL is one of a network always, as it was."""

    def build(interface: NetworkInterface) -> dict[str, object]:
        return {
            "id": interface.id,
            "name": interface.name,
            "href": f"{view.api}/network_interfaces/{segment(interface.id)}",
            "network": _link(f"{view.api}/networks", interface.network_id),
            "instance": _link(f"{view.api}/instances", interface.instance_id),
            "ip_address": interface.ip_address,
        }

    return build


def _actions(view: View, hook: str, href: str, indent: str) -> str:
    """The one action that these have, when the driver implements it."""
    destroy = f"{indent}  <link href='{href}' method='delete' rel='destroy' />\n" if hook in view.hooks else ""
    return f"{indent}<actions>\n{destroy}{indent}</actions>\n"


def _link(collection: str, identifier: str | None) -> dict[str, object]:
    """A link without ``rel``; an unknown one links to the collection itself."""
    return {"id": identifier, "href": collection if identifier is None else f"{collection}/{segment(identifier)}"}


NETWORKS = Representation("networks", "network", network_xml, network_json)
SUBNETS = Representation("subnets", "subnet", subnet_xml, subnet_json)
NETWORK_INTERFACES = Representation(
    "network_interfaces", "network_interface", network_interface_xml, network_interface_json
)
