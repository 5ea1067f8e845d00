"""Networks and interfaces: logical networks, and the virtual network cards of machines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from deltacloud.context import Context
from deltacloud.errors import NotFound, NotSupported
from deltacloud.inputs import NewNetworkInterface
from deltacloud.models import Network, NetworkInterface
from deltacloud.texts import new_name
from deltacloud_rhevm import orders
from deltacloud_rhevm.base import RhevmBase
from deltacloud_rhevm.client import Engine
from deltacloud_rhevm.documents import Element, identifier, text
from deltacloud_rhevm.mapping import interface_from, network_from, status


class NetworkHooks(RhevmBase):
    """Logical networks and interfaces."""

    def list_networks(self, context: Context) -> Iterator[Network]:
        """The networks of the data centre that machines can be in."""
        engine = self._engine(context)
        if self._is_old:
            found = engine.get("clusters", self._cluster(context, engine, None), "networks")
        else:
            found = engine.get("datacenters", self._center(context, engine).id, "networks")
        yield from map(network_from, filter(_is_for_machines, found))

    def list_network_interfaces(self, context: Context) -> Iterator[NetworkInterface]:
        """The interfaces of all machines of the data centre."""
        engine = self._engine(context)
        networks = {} if self._is_old else _networks_of_profiles(engine)
        for machine, interface in self._interfaces(context, engine):
            yield interface_from(interface, machine, networks)

    def create_network_interface(self, context: Context, new: NewNetworkInterface) -> NetworkInterface:
        """Give a machine an interface; the first ordinary profile of the network leads it there."""
        engine, name = self._engine(context), new.name or new_name("nic_")
        if self._is_old:
            document, networks = orders.old_interface(name, new.network_id), {}
        else:
            profile = _profile_to(engine, new.network_id)
            document, networks = orders.interface(name, profile), {profile: new.network_id}
        made = engine.post(document, "vms", new.instance_id, "nics")
        return interface_from(made, new.instance_id, networks)

    def destroy_network_interface(self, context: Context, network_interface_id: str) -> None:
        """Delete an interface, once the machine is found that has it."""
        engine = self._engine(context)
        for machine, interface in self._interfaces(context, engine):
            if interface.get("id") == network_interface_id:
                engine.delete("vms", machine, "nics", network_interface_id)
                return
        raise NotFound("There is no such network interface")

    def _interfaces(self, context: Context, engine: Engine) -> Iterator[tuple[str, Element]]:
        """Ids of machines, each with one of its interfaces."""
        follow = {} if self._is_old else {"follow": "nics.reporteddevices"}
        for machine in self._members(context, engine, "vms", **follow):
            found = machine.get("id", "")
            for interface in engine.get("vms", found, "nics") if self._is_old else machine.iterfind("nics/nic"):
                yield found, interface


def _is_for_machines(network: Element) -> bool:
    """Whether it carries machines' traffic, rather than the hosts' alone, and works."""
    usages = {usage.text for usage in network.iterfind("usages/usage")}
    return (not usages or "vm" in usages) and status(network) in ("", "operational")


def _networks_of_profiles(engine: Engine) -> Mapping[str, str]:
    """Ids of networks by those of the profiles that lead there."""
    profiles = ((one.get("id", ""), identifier(one, "network")) for one in engine.get("vnicprofiles"))
    return {profile: network for profile, network in profiles if network is not None}


def _profile_to(engine: Engine, network_id: str) -> str:
    """The id of a profile that leads to a network.

    Raises:
        NotSupported: it has none, or such as pass a host's card through only.
    """
    for profile in engine.get("networks", network_id, "vnicprofiles"):
        if text(profile, "pass_through/mode") in (None, "disabled"):
            return profile.get("id", "")
    raise NotSupported("The network has no profile for machines; an administrator can add one")
