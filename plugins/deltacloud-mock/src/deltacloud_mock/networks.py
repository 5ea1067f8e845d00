"""Networks, subnets and interfaces."""

from __future__ import annotations

from msgspec.structs import replace

from deltacloud.context import Context
from deltacloud.inputs import NewNetwork, NewNetworkInterface, NewSubnet, PageRequest
from deltacloud.models import Network, NetworkInterface, Page, Subnet
from deltacloud_mock import interfaces
from deltacloud_mock.base import MockBase, named, stamped
from deltacloud_mock.records import NETWORK_INTERFACES, NETWORKS, SUBNETS
from deltacloud_mock.session import Session


class NetworkHooks(MockBase):
    """The hooks of private networks."""

    def list_networks(self, context: Context, page: PageRequest) -> Page[Network]:
        """The caller's networks."""
        return self._list(context, "list_networks", NETWORKS, page)

    def get_network(self, context: Context, network_id: str) -> Network:
        """One network."""
        return self._get(context, "get_network", NETWORKS, network_id)

    def create_network(self, context: Context, new: NewNetwork) -> Network:
        """A network; its name is its id."""

        def build(session: Session, user: str) -> tuple[Network]:
            name = named(new.name) if new.name else stamped(session, NETWORKS, user, "net_")
            blocks = (interfaces.block_of(new.address_block),) if new.address_block else ()
            network = Network(id=name, name=name, state="UP", address_blocks=blocks)
            return (session.add(NETWORKS, user, network),)

        return self._create(context, "create_network", NETWORKS, new, build)[0]

    def destroy_network(self, context: Context, network_id: str) -> None:
        """Delete a network, its subnets, and all interfaces in them."""
        user = self._gate.admit(context, "destroy_network")
        with self._store.writing() as session:
            network = session.need(NETWORKS, user, network_id)
            for subnet_id in network.subnet_ids:
                interfaces.unplug_all(session, user, subnet_id)
                session.remove(SUBNETS, user, subnet_id)
            interfaces.unplug_all(session, user, network_id)
            session.remove(NETWORKS, user, network_id)

    def list_subnets(self, context: Context, page: PageRequest) -> Page[Subnet]:
        """The caller's subnets."""
        return self._list(context, "list_subnets", SUBNETS, page)

    def get_subnet(self, context: Context, subnet_id: str) -> Subnet:
        """One subnet."""
        return self._get(context, "get_subnet", SUBNETS, subnet_id)

    def create_subnet(self, context: Context, new: NewSubnet) -> Subnet:
        """A subnet; its name is its id."""

        def build(session: Session, user: str) -> tuple[Subnet]:
            network = session.need(NETWORKS, user, new.network_id, "network")
            name = named(new.name) if new.name else stamped(session, SUBNETS, user, "subnet_")
            block = interfaces.block_of(new.address_block)
            subnet = Subnet(id=name, name=name, state="UP", address_block=block, network_id=network.id)
            session.save(NETWORKS, user, replace(network, subnet_ids=(*network.subnet_ids, name)))
            return (session.add(SUBNETS, user, subnet),)

        return self._create(context, "create_subnet", SUBNETS, new, build)[0]

    def destroy_subnet(self, context: Context, subnet_id: str) -> None:
        """Delete a subnet and the interfaces in it."""
        user = self._gate.admit(context, "destroy_subnet")
        with self._store.writing() as session:
            subnet = session.need(SUBNETS, user, subnet_id)
            interfaces.unplug_all(session, user, subnet_id)
            network = session.need(NETWORKS, user, subnet.network_id or "")
            left = tuple(one for one in network.subnet_ids if one != subnet_id)
            session.save(NETWORKS, user, replace(network, subnet_ids=left))
            session.remove(SUBNETS, user, subnet_id)

    def list_network_interfaces(self, context: Context, page: PageRequest) -> Page[NetworkInterface]:
        """The interfaces of the caller's instances."""
        return self._list(context, "list_network_interfaces", NETWORK_INTERFACES, page)

    def get_network_interface(self, context: Context, network_interface_id: str) -> NetworkInterface:
        """One interface."""
        return self._get(context, "get_network_interface", NETWORK_INTERFACES, network_interface_id)

    def create_network_interface(self, context: Context, new: NewNetworkInterface) -> NetworkInterface:
        """An interface in a subnet, or in a network where ``network_id`` names one."""

        def build(session: Session, user: str) -> tuple[NetworkInterface]:
            return (interfaces.plug(session, user, new.instance_id, new.network_id, new.name),)

        return self._create(context, "create_network_interface", NETWORK_INTERFACES, new, build)[0]

    def destroy_network_interface(self, context: Context, network_interface_id: str) -> None:
        """Delete an interface."""
        user = self._gate.admit(context, "destroy_network_interface")
        with self._store.writing() as session:
            interfaces.unplug(session, user, session.need(NETWORK_INTERFACES, user, network_interface_id))
