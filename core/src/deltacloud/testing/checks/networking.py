"""Firewalls and their rules, addresses, load balancers, networks and what is in them."""

from __future__ import annotations

from ipaddress import ip_interface

from deltacloud.errors import NotFound
from deltacloud.inputs import AddressSource, GroupSource, NewFirewallRule
from deltacloud.models import Firewall, FirewallRule, FirewallSource
from deltacloud.testing.caller import ids_of, raised_by, said
from deltacloud.testing.check import REFERENCE, check, expect
from deltacloud.testing.resources import RESOURCES
from deltacloud.testing.run import Run

_FIREWALLS = ("list_firewalls", "create_firewall", "create_firewall_rule")
_ADDRESSES = ("list_addresses", "create_address", "associate_address", "disassociate_address")
_BALANCERS = ("list_load_balancers", "create_load_balancer")
_REGISTERING = (*_BALANCERS, "register_with_load_balancer", "unregister_from_load_balancer")
_SOURCES = ("10.1.0.0/16", "192.0.2.7/32")


def _rules(run: Run, new: NewFirewallRule) -> tuple[str, tuple[FirewallRule, ...]]:
    """A new firewall with one rule: its id, and the rules that are read afterwards and were not there before.

    Clouds may begin a firewall with rules of their own, such as one that lets everything out.
    """
    firewall = run.make(RESOURCES["firewalls"]).id
    before = {rule.id for rule in run.main.find(RESOURCES["firewalls"], firewall).rules}
    made = run.main.call("create_firewall_rule", firewall_id=firewall, new=new)
    expect(isinstance(made, Firewall), f"create_firewall_rule returned {type(made).__name__}, not the firewall")
    after = run.main.find(RESOURCES["firewalls"], firewall).rules
    return firewall, tuple(rule for rule in after if rule.id not in before)


def _shown(source: FirewallSource) -> str:
    return f"{source.address}/{source.prefix}" if source.type == "address" else str(source.name)


@check(
    "firewalls.rules",
    "a rule keeps its protocol, ports and every address that it was given",
    (REFERENCE, "Firewalls"),
    hooks=_FIREWALLS,
)
def _rule(run: Run) -> None:
    sources = tuple(AddressSource(ip_interface(one)) for one in _SOURCES)
    _, rules = _rules(run, NewFirewallRule(protocol="tcp", port_from=22, port_to=23, sources=sources))
    expect(rules, "shows a firewall without the rule that it was given")
    ports = {(rule.allow_protocol, str(rule.port_from), str(rule.port_to)) for rule in rules}
    expect(ports == {("tcp", "22", "23")}, f"shows {ports} of a rule for tcp, ports 22 to 23")
    shown = sorted(_shown(source) for rule in rules for source in rule.sources)
    expect(shown == sorted(_SOURCES), f"shows the sources {shown} of a rule for {', '.join(_SOURCES)}")


@check("firewalls.groups", "a rule keeps the firewall that it lets in", (REFERENCE, "Firewalls"), hooks=_FIREWALLS)
def _group(run: Run) -> None:
    other = run.standing("firewalls")
    source = GroupSource(other.name or other.id, other.owner_id)
    _, rules = _rules(run, NewFirewallRule(protocol="tcp", port_from=80, port_to=80, sources=(source,)))
    shown = [_shown(source) for rule in rules for source in rule.sources]
    expect(shown == [source.name], f"shows the sources {shown} of a rule for the members of {source.name}")


@check(
    "firewalls.rules.destroy",
    "a rule that is destroyed is gone, and an unknown one is NotFound",
    (REFERENCE, "Firewalls"),
    hooks=(*_FIREWALLS, "destroy_firewall_rule"),
)
def _unruled(run: Run) -> None:
    source = AddressSource(ip_interface(_SOURCES[0]))
    firewall, rules = _rules(run, NewFirewallRule(protocol="udp", port_from=53, port_to=53, sources=(source,)))
    for rule in rules:
        run.main.call("destroy_firewall_rule", firewall_id=firewall, rule_id=rule.id)
    left = {rule.id for rule in run.main.find(RESOURCES["firewalls"], firewall).rules}
    expect(left.isdisjoint(rule.id for rule in rules), "still shows a rule that it destroyed")
    gone = rules[0].id if rules else "nothing"
    error = raised_by(lambda: run.main.call("destroy_firewall_rule", firewall_id=firewall, rule_id=gone))
    expect(isinstance(error, NotFound), f"destroy_firewall_rule said {said(error)} of a rule that is not there")


@check(
    "addresses.associate",
    "an address shows its instance until it is taken away",
    (REFERENCE, "Addresses"),
    hooks=_ADDRESSES,
)
def _associate(run: Run) -> None:
    resource = RESOURCES["addresses"]
    who, instance = run.main, run.standing("instances").id
    address = run.make(resource).id
    who.call("associate_address", address_id=address, instance_id=instance)
    run.wait(
        lambda: who.find(resource, address).instance_id == instance or None,
        "shows an address without the instance that it was given",
    )
    who.call("disassociate_address", address_id=address)
    run.wait(
        lambda: who.find(resource, address).instance_id is None or None,
        "shows an address with the instance that it was taken from",
    )


@check(
    "addresses.in-use",
    "an address in use is not given back: Conflict",
    (REFERENCE, "Addresses"),
    hooks=(*_ADDRESSES, "destroy_address"),
)
def _in_use(run: Run) -> None:
    address = run.make(RESOURCES["addresses"]).id
    run.main.call("associate_address", address_id=address, instance_id=run.standing("instances").id)
    error = raised_by(lambda: run.main.call("destroy_address", address_id=address))
    expect(isinstance(error, run.conflicts), f"destroy_address said {said(error)} of an address in use")


@check(
    "load_balancers.listeners",
    "a load balancer keeps its realm and its listeners",
    (REFERENCE, "Load balancers"),
    hooks=_BALANCERS,
)
def _listeners(run: Run) -> None:
    made = run.make(RESOURCES["load_balancers"])
    shown = run.main.find(RESOURCES["load_balancers"], made.id)
    listeners = [(one.load_balancer_port, one.instance_port) for one in shown.listeners]
    expect(listeners == [(80, 8080)], f"shows listeners {listeners}, asked for 80 to 8080")
    expect(shown.realm_ids, "shows a load balancer that is nowhere")


@check(
    "load_balancers.register",
    "an instance is behind a load balancer from register to unregister",
    (REFERENCE, "Load balancers"),
    hooks=_REGISTERING,
)
def _register(run: Run) -> None:
    resource = RESOURCES["load_balancers"]
    who, instance = run.main, run.standing("instances").id
    balancer = run.make(resource).id

    def behind() -> list[object]:
        return [getattr(one, "id", one) for one in who.find(resource, balancer).instances]

    who.call("register_with_load_balancer", load_balancer_id=balancer, instance_id=instance)
    run.wait(lambda: behind() == [instance] or None, "shows a load balancer without the registered instance")
    who.call("unregister_from_load_balancer", load_balancer_id=balancer, instance_id=instance)
    run.wait(lambda: behind() == [] or None, "shows a load balancer with an instance that was unregistered")


@check(
    "subnets.within",
    "a subnet shows its network and block, and the network its subnet",
    (REFERENCE, "Networks"),
    hooks=("list_networks", "create_network", "list_subnets", "create_subnet"),
)
def _within(run: Run) -> None:
    network = run.make(RESOURCES["networks"]).id
    block = run.backend.address_blocks[1]
    subnet = run.make(RESOURCES["subnets"], {"network_id": network, "address_block": block}).id
    shown = run.main.find(RESOURCES["subnets"], subnet)
    expect(shown.network_id == network, f"shows a subnet of network {shown.network_id}, made in {network}")
    expect(shown.address_block == block, f"shows a subnet with the block {shown.address_block}, asked for {block}")
    expect(subnet in run.main.find(RESOURCES["networks"], network).subnet_ids, "shows a network without its subnet")


@check(
    "network_interfaces.plugged",
    "an interface shows its instance and its network",
    (REFERENCE, "Networks"),
    hooks=("list_network_interfaces", "create_network_interface"),
)
def _plugged(run: Run) -> None:
    made = run.make(RESOURCES["network_interfaces"])
    shown = run.main.find(RESOURCES["network_interfaces"], made.id)
    instance, where = run.standing("instances").id, "subnets" if run.has("list_subnets") else "networks"
    expect(shown.instance_id == instance, f"shows an interface of instance {shown.instance_id}, made for {instance}")
    network = run.standing(where).id
    expect(shown.network_id == network, f"shows an interface in {shown.network_id}, made in {network}")


@check(
    "metrics.samples",
    "a metric shows samples with a time in Unix seconds",
    (REFERENCE, "Metrics"),
    hooks=("list_metrics", "get_metric"),
)
def _metrics(run: Run) -> None:
    run.standing("instances")
    listed = run.main.items(RESOURCES["metrics"])
    expect(listed, "lists no metrics of an instance")
    for metric in listed[:5]:
        found = run.main.call("get_metric", metric_id=metric.id)
        expect(found.id in ids_of(listed), f"get_metric of {metric.id} gave {found.id}")
