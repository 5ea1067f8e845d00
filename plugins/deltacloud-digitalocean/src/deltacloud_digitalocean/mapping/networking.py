"""Firewalls, addresses, load balancers and networks; and rules in the words of DigitalOcean."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from ipaddress import ip_interface

from deltacloud.errors import InvalidRequest
from deltacloud.inputs import AddressSource, GroupSource, NewFirewallRule
from deltacloud.models import Address, Firewall, FirewallRule, FirewallSource, Listener, LoadBalancer, Network
from deltacloud_digitalocean import records
from deltacloud_digitalocean.groups import groups_in

ALL_PORTS = "0"
_PROTOCOLS = ("tcp", "udp", "icmp")
_EVERYWHERE = ("0.0.0.0/0", "::/0")
OPEN = tuple(
    {"protocol": protocol, "ports": ALL_PORTS, "destinations": {"addresses": list(_EVERYWHERE)}}
    for protocol in _PROTOCOLS
)
"""Outbound rules that let everything out: a firewall has to have a rule, and what none allows is shut."""
_DIRECTIONS = {"ingress": ("inbound_rules", "sources"), "egress": ("outbound_rules", "destinations")}


def firewall_from(firewall: records.Firewall, owner: str) -> Firewall:
    """A firewall with the rules of both directions."""
    return Firewall(
        id=firewall.id,
        name=firewall.name,
        owner_id=owner,
        rules=tuple(model for model, _ in rules_of(firewall, owner)),
    )


def rules_of(firewall: records.Firewall, owner: str) -> Iterator[tuple[FirewallRule, dict[str, object]]]:
    """The rules of a firewall, each with the body that names it to the cloud."""
    for direction, (member, side) in _DIRECTIONS.items():
        for rule in getattr(firewall, member) or ():
            peers = getattr(rule, side) or records.Peers()
            body = rule_body(direction, rule.protocol, rule.ports or ALL_PORTS, peers)
            yield _rule(direction, rule, peers, owner), body


def rule_body(direction: str, protocol: str, ports: str, peers: records.Peers) -> dict[str, object]:
    """The body that adds or removes one rule."""
    member, side = _DIRECTIONS[direction]
    fields = {name: list(value) for name in peers.__struct_fields__ if (value := getattr(peers, name))}
    return {member: [{"protocol": protocol, "ports": ports, side: fields}]}


def ports_text(new: NewFirewallRule) -> str:
    """The ports of a new rule, as the cloud writes them.

    Raises:
        InvalidRequest: only one end of a range is given.
    """
    if protocol_of(new) == "icmp" or (new.port_from is None and new.port_to is None):
        return ALL_PORTS
    first, last = new.port_from, new.port_to
    if first is None or last is None:
        raise InvalidRequest("A range of ports has two ends", "port_from" if first is None else "port_to")
    return str(first) if first == last else f"{first}-{last}"


def protocol_of(new: NewFirewallRule) -> str:
    """The protocol of a new rule.

    Raises:
        InvalidRequest: DigitalOcean does not know it.
    """
    protocol = (new.protocol or "tcp").lower()
    if protocol not in _PROTOCOLS:
        raise InvalidRequest(f"DigitalOcean's firewalls know {', '.join(_PROTOCOLS)}", "protocol")
    return protocol


def addresses_of(new: NewFirewallRule) -> tuple[str, ...]:
    """The blocks of addresses of a new rule; host bits, which the cloud does not keep, are left out."""
    return tuple(str(one.interface.network) for one in new.sources if isinstance(one, AddressSource))


def groups_of(new: NewFirewallRule) -> tuple[str, ...]:
    """The names of the groups of a new rule."""
    return tuple(one.name for one in new.sources if isinstance(one, GroupSource))


def address_from(address: records.ReservedAddress) -> Address:
    """A reserved address."""
    droplet = None if address.droplet is None else address.droplet.id
    return Address(id=address.ip, instance_id=None if droplet is None else str(droplet))


def load_balancer_from(balancer: records.LoadBalancer) -> LoadBalancer:
    """A load balancer."""
    slug = None if balancer.region is None else balancer.region.slug
    return LoadBalancer(
        id=balancer.id,
        name=balancer.name,
        realm_ids=() if slug is None else (slug,),
        public_addresses=tuple(filter(None, (balancer.ip, balancer.ipv6))),
        created_at=balancer.created_at,
        listeners=tuple(
            Listener(
                protocol=one.entry_protocol.upper(), load_balancer_port=one.entry_port, instance_port=one.target_port
            )
            for one in balancer.forwarding_rules
        ),
        instances=tuple(map(str, balancer.droplet_ids or ())),
    )


def forwarding_rule(listener: Listener) -> dict[str, object]:
    """A listener as the cloud's rule; what comes encrypted goes on as it is, for there are no certificates here.

    Raises:
        InvalidRequest: DigitalOcean does not know the protocol.
    """
    protocol = listener.protocol.lower()
    if protocol not in ("http", "https", "tcp", "udp"):
        raise InvalidRequest("DigitalOcean's load balancers know HTTP, HTTPS, TCP and UDP", "listener_protocol")
    rule: dict[str, object] = {
        "entry_protocol": protocol,
        "entry_port": listener.load_balancer_port,
        "target_protocol": protocol,
        "target_port": listener.instance_port,
    }
    return {**rule, "tls_passthrough": True} if protocol == "https" else rule


def network_from(vpc: records.Vpc) -> Network:
    """A VPC."""
    return Network(id=vpc.id, name=vpc.name, state="UP", address_blocks=(vpc.ip_range,) if vpc.ip_range else ())


def _rule(direction: str, rule: records.Rule, peers: records.Peers, owner: str) -> FirewallRule:
    every = rule.ports in (None, "", ALL_PORTS, "all")
    first, _, last = ("" if every else str(rule.ports)).partition("-")
    return FirewallRule(
        id=_identity(direction, rule, peers),
        allow_protocol=rule.protocol,
        port_from=first or None,
        port_to=last or first or None,
        direction=direction,
        rule_action="accept",
        sources=tuple(_sources(peers, owner)),
    )


def _sources(peers: records.Peers, owner: str) -> Iterator[FirewallSource]:
    for address in peers.addresses or ():
        yield _block(address)
    yield from (FirewallSource(type="group", name=group, owner=owner) for group in groups_in(peers))


def _block(text: str) -> FirewallSource:
    try:
        return FirewallSource.of_addresses(ip_interface(text))
    except ValueError:
        return FirewallSource(type="address", address=text)


def _identity(direction: str, rule: records.Rule, peers: records.Peers) -> str:
    """An id made of all that a rule is: rules of DigitalOcean's have none, and two that are alike are one."""
    members = [sorted(map(str, getattr(peers, name) or ())) for name in peers.__struct_fields__]
    whole = json.dumps([direction, rule.protocol, rule.ports, members])
    return hashlib.sha256(whole.encode()).hexdigest()[:16]
