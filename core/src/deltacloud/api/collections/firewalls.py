"""Firewalls and their rules."""

from __future__ import annotations

from typing import Literal, cast

from deltacloud.api.answers import Done, Shown
from deltacloud.api.collections import rows
from deltacloud.api.exchange import Exchange
from deltacloud.api.operations import ID, Collection, Operation, number, text
from deltacloud.inputs import NewFirewall, NewFirewallRule
from deltacloud.parameters import Parameter


def _new(exchange: Exchange) -> NewFirewall:
    values = exchange.parameters
    return NewFirewall(name=values.text("name") or "", description=values.text("description") or "")


def _create_rule(exchange: Exchange) -> Shown:
    values = exchange.parameters
    new = NewFirewallRule(
        protocol=values.text("protocol") or None,
        port_from=values.integer("port_from"),
        port_to=values.integer("port_to"),
        direction=cast("Literal['ingress', 'egress']", values.text("direction") or "ingress"),
        sources=values.firewall_sources(),
    )
    firewall = exchange.call("create_firewall_rule", firewall_id=exchange.ids["id"], new=new)
    return Shown("firewalls", firewall, 201)


def _destroy_rule(exchange: Exchange) -> Done:
    firewall = exchange.ids["id"]
    exchange.call("destroy_firewall_rule", firewall_id=firewall, rule_id=exchange.ids["rule_id"])
    return Done(browser=exchange.path("firewalls", firewall))


FIREWALLS = Collection(
    name="firewalls",
    singular="firewall",
    title="Firewalls",
    help="A named set of rules about who may reach instances",
    operations=(
        rows.index("firewalls", "the firewalls"),
        rows.show("firewalls", "firewall"),
        rows.create(
            "firewalls",
            "firewall",
            _new,
            text("name", "Name of the new firewall", required=True),
            text("description", "Description of the new firewall", required=True),
        ),
        rows.destroy("firewalls", "firewall", expect="delete_firewall"),
    ),
)

RULES = Collection(
    name="rules",
    singular="rule",
    title="Rules",
    help="What a firewall lets through",
    within="firewalls",
    listed=False,
    operations=(
        Operation(
            name="create",
            method="POST",
            path="/firewalls/{id}/rules",
            handler=_create_rule,
            help="Add a rule to a firewall",
            needs=("create_firewall_rule",),
            expect="create_firewall_rule",
            parameters=(
                ID,
                text("protocol", "tcp, udp, icmp, or what else the cloud knows"),
                number("port_from", "First port (or ICMP type)"),
                number("port_to", "Last port (or ICMP code)"),
                text("direction", "Which way", values=("ingress", "egress")),
                Parameter(name="ip_address", type="array", indexed=True, help="Addresses in CIDR notation, v4 or v6"),
                Parameter(name="group", indexed=True, help="Name of a source firewall"),
                Parameter(name="groupNowner", indexed=True, help="Owner of source firewall N"),
            ),
            status=201,
            form="/firewalls/{id}/new_rule",
        ),
        Operation(
            name="destroy",
            method="DELETE",
            path="/firewalls/{id}/{rule_id}",
            handler=_destroy_rule,
            help="Delete a rule",
            needs=("destroy_firewall_rule",),
            expect="delete_firewall_rule",
            parameters=(ID, Parameter(name="rule_id", location="path", required=True, help="Id of the rule")),
            status=204,
            shape="none",
        ),
    ),
)
