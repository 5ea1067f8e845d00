"""Firewalls, reserved addresses, load balancers, and VPCs as networks."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from deltacloud.context import Context
from deltacloud.errors import Conflict, InvalidRequest, NotFound, NotSupported
from deltacloud.inputs import NewFirewall, NewFirewallRule, NewLoadBalancer, NewNetwork
from deltacloud.models import Address, Firewall, LoadBalancer, Network
from deltacloud.texts import new_name
from deltacloud_digitalocean import groups, records
from deltacloud_digitalocean import operations as do
from deltacloud_digitalocean.base import DigitalOceanBase
from deltacloud_digitalocean.client import Api
from deltacloud_digitalocean.errors import Refusal
from deltacloud_digitalocean.mapping import networking as mapping

_FIREWALL_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9.-]+")


class NetworkingHooks(DigitalOceanBase):
    """What lies between instances and the rest of the world."""

    # Firewalls

    def list_firewalls(self, context: Context) -> Iterator[Firewall]:
        """The firewalls with their rules of both directions."""
        owner = self._owner(context)
        for firewall in self._api(context).pages(do.FIREWALLS_LIST, records.Firewall, "firewalls"):
            yield mapping.firewall_from(firewall, owner)

    def get_firewall(self, context: Context, firewall_id: str) -> Firewall:
        """One firewall."""
        firewall = self._api(context).get(do.FIREWALLS_GET, records.Firewall, "firewall", firewall_id)
        return mapping.firewall_from(firewall, self._owner(context))

    def create_firewall(self, context: Context, new: NewFirewall) -> Firewall:
        """Make a firewall that lets everything out and nothing in, with a tag of its own for its members."""
        if _FIREWALL_NAME.fullmatch(new.name) is None:
            raise InvalidRequest("A firewall's name has letters, digits, dots and hyphens", "name")
        api, tag = self._api(context), groups.own_tag(new.name)
        api.order(do.TAGS_CREATE, body={"name": tag})
        wanted = {"name": new.name, "tags": [tag], "outbound_rules": mapping.OPEN}
        firewall = api.send(do.FIREWALLS_CREATE, records.Firewall, "firewall", wanted)
        return mapping.firewall_from(firewall, self._owner(context))

    def destroy_firewall(self, context: Context, firewall_id: str) -> None:
        """Delete a firewall and its own tag.

        Raises:
            Conflict: it protects instances, which would stand open without it.
        """
        api = self._api(context)
        firewall = api.get(do.FIREWALLS_GET, records.Firewall, "firewall", firewall_id)
        tag = groups.own_tag_of(firewall)
        if firewall.droplet_ids or (tag is not None and _is_borne(api, tag)):
            raise Conflict("Instances use this firewall")
        api.order(do.FIREWALLS_DELETE, firewall_id)
        if tag is not None:
            _forget_tag(api, tag)

    def create_firewall_rule(self, context: Context, firewall_id: str, new: NewFirewallRule) -> Firewall:
        """Add a rule.

        Raises:
            NotFound: there is no such firewall, or none that a source names.
            NotSupported: a source names a firewall that was not made here.
        """
        api = self._api(context)
        body = mapping.rule_body(new.direction, mapping.protocol_of(new), mapping.ports_text(new), _peers(api, new))
        api.order(do.FIREWALLS_ADD_RULES, firewall_id, body=body)
        return self.get_firewall(context, firewall_id)

    def destroy_firewall_rule(self, context: Context, firewall_id: str, rule_id: str) -> None:
        """Delete a rule, which the cloud knows by its content alone."""
        api = self._api(context)
        firewall = api.get(do.FIREWALLS_GET, records.Firewall, "firewall", firewall_id)
        for rule, body in mapping.rules_of(firewall, ""):
            if rule.id == rule_id:
                api.order(do.FIREWALLS_DELETE_RULES, firewall_id, body=body)
                return
        raise NotFound

    # Addresses

    def list_addresses(self, context: Context) -> Iterator[Address]:
        """The reserved IPv4 addresses."""
        found = self._api(context).pages(do.ADDRESSES_LIST, records.ReservedAddress, "reserved_ips")
        yield from map(mapping.address_from, found)

    def get_address(self, context: Context, address_id: str) -> Address:
        """One reserved address."""
        found = self._api(context).get(do.ADDRESSES_GET, records.ReservedAddress, "reserved_ip", address_id)
        return mapping.address_from(found)

    def create_address(self, context: Context) -> Address:
        """Reserve an address, in the realm that ``realm_id`` names."""
        wanted = {"region": self._region(context, context.extra.get("realm_id"))}
        made = self._api(context).send(do.ADDRESSES_CREATE, records.ReservedAddress, "reserved_ip", wanted)
        return mapping.address_from(made)

    def destroy_address(self, context: Context, address_id: str) -> None:
        """Give an address back. The cloud would take it from its droplet without asking.

        Raises:
            Conflict: an instance uses it.
        """
        if self.get_address(context, address_id).instance_id is not None:
            raise Conflict("An instance uses this address")
        self._api(context).order(do.ADDRESSES_DELETE, address_id)

    def associate_address(self, context: Context, address_id: str, instance_id: str) -> None:
        """Give the address to an instance, and wait until it has it."""
        self._address_action(context, address_id, {"type": "assign", "droplet_id": do.number(instance_id)})

    def disassociate_address(self, context: Context, address_id: str) -> None:
        """Take the address from its instance, and wait until it is free."""
        self._address_action(context, address_id, {"type": "unassign"})

    # Load balancers

    def list_load_balancers(self, context: Context) -> Iterator[LoadBalancer]:
        """The load balancers."""
        found = self._api(context).pages(do.BALANCERS_LIST, records.LoadBalancer, "load_balancers")
        yield from map(mapping.load_balancer_from, found)

    def get_load_balancer(self, context: Context, load_balancer_id: str) -> LoadBalancer:
        """One load balancer."""
        found = self._api(context).get(do.BALANCERS_GET, records.LoadBalancer, "load_balancer", load_balancer_id)
        return mapping.load_balancer_from(found)

    def create_load_balancer(self, context: Context, new: NewLoadBalancer) -> LoadBalancer:
        """Make a load balancer. Its health check opens the instances' port; the cloud's own wants HTTP on port 80."""
        wanted = {
            "name": new.name,
            "region": self._region(context, new.realm_id),
            "forwarding_rules": [mapping.forwarding_rule(one) for one in new.listeners],
            "health_check": {"protocol": "tcp", "port": new.listeners[0].instance_port},
            "droplet_ids": [],
        }
        made = self._api(context).send(do.BALANCERS_CREATE, records.LoadBalancer, "load_balancer", wanted)
        return mapping.load_balancer_from(made)

    def destroy_load_balancer(self, context: Context, load_balancer_id: str) -> None:
        """Delete."""
        self._api(context).order(do.BALANCERS_DELETE, load_balancer_id)

    def register_with_load_balancer(self, context: Context, load_balancer_id: str, instance_id: str) -> LoadBalancer:
        """Put an instance behind a load balancer."""
        body = {"droplet_ids": [do.number(instance_id)]}
        self._api(context).order(do.BALANCERS_ADD_DROPLETS, load_balancer_id, body=body)
        return self.get_load_balancer(context, load_balancer_id)

    def unregister_from_load_balancer(self, context: Context, load_balancer_id: str, instance_id: str) -> LoadBalancer:
        """Take an instance from behind a load balancer."""
        body = {"droplet_ids": [do.number(instance_id)]}
        self._api(context).order(do.BALANCERS_REMOVE_DROPLETS, load_balancer_id, body=body)
        return self.get_load_balancer(context, load_balancer_id)

    # Networks

    def list_networks(self, context: Context) -> Iterator[Network]:
        """The VPCs."""
        yield from map(mapping.network_from, self._api(context).pages(do.VPCS_LIST, records.Vpc, "vpcs"))

    def get_network(self, context: Context, network_id: str) -> Network:
        """One VPC."""
        return mapping.network_from(self._api(context).get(do.VPCS_GET, records.Vpc, "vpc", network_id))

    def create_network(self, context: Context, new: NewNetwork) -> Network:
        """Make a VPC, in the realm that ``realm_id`` names; without a block of addresses the cloud chooses one."""
        wanted = {
            "name": new.name or new_name("net-"),
            "region": self._region(context, context.extra.get("realm_id")),
        }
        if new.address_block is not None:
            wanted["ip_range"] = new.address_block
        return mapping.network_from(self._api(context).send(do.VPCS_CREATE, records.Vpc, "vpc", wanted))

    def destroy_network(self, context: Context, network_id: str) -> None:
        """Delete a VPC.

        Raises:
            Conflict: it has members, or is its region's default.
        """
        self._api(context).order(do.VPCS_DELETE, network_id)

    def _address_action(self, context: Context, address_id: str, body: dict[str, object]) -> None:
        api = self._api(context)
        action = api.send(do.ADDRESS_ACTIONS_POST, records.Action, "action", body, address_id)
        api.finished(action, do.ADDRESS_ACTIONS_GET, address_id)


def _is_borne(api: Api, tag: str) -> bool:
    """Whether anything bears a tag."""
    try:
        found = api.get(do.TAGS_GET, records.Tag, "tag", tag)
    except Refusal as refused:
        if not refused.is_missing:  # somebody may have deleted it
            raise
        return False
    return found.resources is not None and found.resources.count > 0


def _forget_tag(api: Api, tag: str) -> None:
    """Delete a tag, unless somebody has done so."""
    try:
        api.order(do.TAGS_DELETE, tag)
    except Refusal as refused:
        if not refused.is_missing:
            raise


def _peers(api: Api, new: NewFirewallRule) -> records.Peers:
    """Who a new rule is about."""
    found: dict[str, list[str | int]] = {"addresses": list(mapping.addresses_of(new))}
    for group in mapping.groups_of(new):
        field, member = groups.kind_of(group) or ("tags", _own_tag_of_firewall(api, group))
        found.setdefault(field, []).append(do.number(member) if field == "droplet_ids" else member)
    return msgspec.convert(found, records.Peers)


def _own_tag_of_firewall(api: Api, name: str) -> str:
    for firewall in api.pages(do.FIREWALLS_LIST, records.Firewall, "firewalls"):
        if firewall.name == name:
            tag = groups.own_tag_of(firewall)
            if tag is None:
                raise NotSupported(f"The firewall {name} was not made here, and has no tag that tells its members")
            return tag
    raise NotFound(f"There is no firewall called {name}")
