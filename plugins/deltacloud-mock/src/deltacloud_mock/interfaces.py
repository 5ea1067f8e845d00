"""Network interfaces and public addresses of instances, within a write."""

from __future__ import annotations

from ipaddress import ip_network

from msgspec.structs import replace

from deltacloud.errors import Conflict, InvalidRequest, NotFound
from deltacloud.models import Address, Instance, InstanceAddress, NetworkInterface
from deltacloud_mock.base import named, stamped
from deltacloud_mock.records import ADDRESSES, INSTANCES, NETWORK_INTERFACES, NETWORKS, SUBNETS
from deltacloud_mock.session import Session


def block_of(text: str) -> str:
    """A block of addresses in CIDR notation, as it was written.

    Raises:
        InvalidRequest: it is none.
    """
    try:
        ip_network(text, strict=False)
    except ValueError:
        raise InvalidRequest(f"'{text}' is no block of addresses in CIDR notation", "address_block") from None
    return text


def plug(session: Session, user: str, instance_id: str, network_id: str, name: str | None) -> NetworkInterface:
    """Give an instance an interface with the lowest free address of a subnet, or of a network.

    Raises:
        NotFound: there is no such instance, or neither a subnet nor a network of that id.
        Conflict: no address is free, or the name is taken.
    """
    instance = session.need(INSTANCES, user, instance_id, "instance")
    block = _block(session, user, network_id)
    identifier = named(name) if name else stamped(session, NETWORK_INTERFACES, user, "nic_")
    interface = NetworkInterface(
        id=identifier,
        name=identifier,
        ip_address=None if block is None else _lowest_free(session, user, network_id, block),
        network_id=network_id,
        instance_id=instance_id,
    )
    session.add(NETWORK_INTERFACES, user, interface)
    interfaces = (*(instance.network_interface_ids or ()), identifier)
    session.save(INSTANCES, user, replace(instance, network_interface_ids=interfaces))
    return interface


def unplug(session: Session, user: str, interface: NetworkInterface) -> None:
    """Delete an interface, and take it from its instance."""
    session.remove(NETWORK_INTERFACES, user, interface.id)
    instance = session.get(INSTANCES, user, interface.instance_id or "")
    if instance is not None and instance.network_interface_ids is not None:
        left = tuple(one for one in instance.network_interface_ids if one != interface.id)
        session.save(INSTANCES, user, replace(instance, network_interface_ids=left))


def unplug_all(session: Session, user: str, network_id: str) -> None:
    """Delete all interfaces of a subnet or network."""
    for interface in session.all(NETWORK_INTERFACES, user):
        if interface.network_id == network_id:
            unplug(session, user, interface)


def shown_as(address: Address) -> InstanceAddress:
    """How an instance shows an address that is associated with it."""
    return InstanceAddress(address.id)


def show_remaining(session: Session, user: str, instance_id: str) -> None:
    """Have an instance, if it is still there, show another address associated with it, else its host name."""
    instance = session.get(INSTANCES, user, instance_id)
    if instance is not None:
        others = [shown_as(one) for one in session.all(ADDRESSES, user) if one.instance_id == instance_id]
        shown = others[-1] if others else host_name(instance, "public")
        session.save(INSTANCES, user, replace(instance, public_addresses=(shown,)))


def host_name(instance: Instance, side: str) -> InstanceAddress:
    """The ``public`` or ``private`` host name of an instance."""
    return InstanceAddress(f"{instance.image_id}.{instance.id}.{side}.com", "hostname")


def _block(session: Session, user: str, network_id: str) -> str | None:
    subnet = session.get(SUBNETS, user, network_id)
    if subnet is not None:
        return subnet.address_block
    network = session.get(NETWORKS, user, network_id)
    if network is None:
        raise NotFound(f"There is no subnet or network '{network_id}'")
    return next(iter(network.address_blocks), None)


def _lowest_free(session: Session, user: str, network_id: str, block: str) -> str:
    taken = {one.ip_address for one in session.all(NETWORK_INTERFACES, user) if one.network_id == network_id}
    for address in ip_network(block, strict=False).hosts():
        if str(address) not in taken:
            return str(address)
    raise Conflict(f"No address is free in {block}")
