"""Firewalls, addresses, load balancers, networks, subnets and interfaces of the pretend cloud."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from ipaddress import ip_interface

import pytest

from deltacloud.errors import Conflict, Forbidden, InvalidRequest, NotFound
from deltacloud.inputs import (
    AddressSource,
    GroupSource,
    NewFirewall,
    NewFirewallRule,
    NewInstance,
    NewLoadBalancer,
    NewNetwork,
    NewNetworkInterface,
    NewSubnet,
)
from deltacloud.models import InstanceAddress, Listener
from mockcloud import Clock, Cloud

SSH = NewFirewallRule(
    protocol="tcp",
    port_from=22,
    port_to=22,
    sources=(AddressSource(ip_interface("10.1.2.3/24")), GroupSource(name="web", owner="42")),
)
SSH_ID = "mockuser~tcp~22~22~@address,ipv4,10.1.2.3,24,@group,42,web"


@pytest.fixture
def walled(cloud: Cloud) -> Cloud:
    """A cloud with a firewall ``fw``."""
    cloud.call("create_firewall", new=NewFirewall(name="fw", description="a wall"))
    return cloud


def test_a_new_firewall_has_no_rules_and_belongs_to_the_caller(walled: Cloud) -> None:
    found = walled.call("get_firewall", firewall_id="fw")
    assert (found.id, found.name, found.description, found.owner_id, found.rules) == (
        "fw", "fw", "a wall", "mockuser", (),
    )  # fmt: skip
    assert walled.ids("list_firewalls") == ["default", "fw"]
    with pytest.raises(Conflict):
        walled.call("create_firewall", new=NewFirewall(name="fw", description=""))


def test_a_rule_s_id_says_what_it_is(walled: Cloud) -> None:
    (rule,) = walled.call("create_firewall_rule", firewall_id="fw", new=SSH).rules
    assert rule.id == SSH_ID
    assert (rule.allow_protocol, rule.port_from, rule.port_to, rule.direction) == ("tcp", "22", "22", "ingress")
    address, group = rule.sources
    assert (address.type, address.family, address.address, address.prefix) == ("address", "ipv4", "10.1.2.3", "24")
    assert (group.type, group.name, group.owner) == ("group", "web", "42")
    assert walled.call("get_firewall", firewall_id="fw").rules == (rule,)


def test_rules_without_ports_in_ipv6_and_outwards_have_ids_of_their_own(walled: Cloud) -> None:
    sources = (AddressSource(ip_interface("2001:db8::1/64")),)
    for direction in ("ingress", "egress"):
        walled.call("create_firewall_rule", firewall_id="fw", new=NewFirewallRule(sources=sources, direction=direction))
    rules = walled.call("get_firewall", firewall_id="fw").rules
    assert [rule.id for rule in rules] == [
        "mockuser~~~~@address,ipv6,2001:db8::1,64",
        "mockuser~~~~@address,ipv6,2001:db8::1,64~egress",
    ]
    assert [rule.direction for rule in rules] == ["ingress", "egress"]
    assert rules[0].port_from is None


def test_the_same_rule_is_not_added_twice(walled: Cloud) -> None:
    walled.call("create_firewall_rule", firewall_id="fw", new=SSH)
    with pytest.raises(Conflict):
        walled.call("create_firewall_rule", firewall_id="fw", new=SSH)


@pytest.mark.parametrize("rule_id", [SSH_ID, SSH_ID.replace(",@", "@")])
def test_a_rule_is_deleted_by_its_id_in_either_style(walled: Cloud, rule_id: str) -> None:
    walled.call("create_firewall_rule", firewall_id="fw", new=SSH)
    walled.call("destroy_firewall_rule", firewall_id="fw", rule_id=rule_id)
    assert walled.call("get_firewall", firewall_id="fw").rules == ()
    with pytest.raises(NotFound):
        walled.call("destroy_firewall_rule", firewall_id="fw", rule_id=rule_id)


def test_a_firewall_with_instances_in_it_is_not_deleted(walled: Cloud) -> None:
    instance = walled.call("create_instance", new=NewInstance(image_id="img1", firewall_ids=("fw",)))
    with pytest.raises(Conflict, match=instance.id):
        walled.call("destroy_firewall", firewall_id="fw")
    walled.call("destroy_instance", instance=walled.call("stop_instance", instance=instance))
    walled.call("destroy_firewall", firewall_id="fw")
    with pytest.raises(NotFound):
        walled.call("destroy_firewall", firewall_id="fw")


# Addresses


def test_addresses_count_up_from_the_highest_one(cloud: Cloud) -> None:
    assert cloud.call("create_address").id == "192.168.0.5"
    cloud.call("destroy_address", address_id="192.168.0.2")
    assert cloud.call("create_address").id == "192.168.0.6"
    for _ in range(5):
        cloud.call("create_address")
    assert cloud.ids("list_addresses")[-2:] == ["192.168.0.10", "192.168.0.11"]


def test_the_first_address_of_all(cloud: Cloud) -> None:
    for address in cloud.ids("list_addresses"):
        cloud.call("destroy_address", address_id=address)
    assert cloud.call("create_address").id == "192.168.0.1"


def test_an_instance_shows_the_address_that_it_has(cloud: Cloud) -> None:
    cloud.call("associate_address", address_id="192.168.0.3", instance_id="inst0")
    assert cloud.call("get_address", address_id="192.168.0.3").instance_id == "inst0"
    shown = cloud.call("get_instance", instance_id="inst0").public_addresses
    assert shown == (InstanceAddress("192.168.0.3", "ipv4"),)
    cloud.call("associate_address", address_id="192.168.0.1", instance_id="inst0")
    cloud.call("disassociate_address", address_id="192.168.0.1")
    assert cloud.call("get_instance", instance_id="inst0").public_addresses == shown
    cloud.call("disassociate_address", address_id="192.168.0.3")
    shown = cloud.call("get_instance", instance_id="inst0").public_addresses
    assert shown == (InstanceAddress("img1.inst0.public.com", "hostname"),)


def test_an_address_in_use_is_neither_given_back_nor_given_away(cloud: Cloud) -> None:
    cloud.call("associate_address", address_id="192.168.0.3", instance_id="inst0")
    with pytest.raises(Forbidden, match=r"^AddressInUse$"):
        cloud.call("associate_address", address_id="192.168.0.3", instance_id="inst1")
    with pytest.raises(Forbidden, match=r"^AddressInUse$"):
        cloud.call("destroy_address", address_id="192.168.0.3")
    with pytest.raises(Forbidden, match=r"^AddressNotInUse$"):
        cloud.call("disassociate_address", address_id="192.168.0.4")


def test_an_address_and_its_instance_must_be_there(cloud: Cloud) -> None:
    for hook, arguments in (
        ("get_address", {}),
        ("destroy_address", {}),
        ("disassociate_address", {}),
        ("associate_address", {"instance_id": "inst0"}),
    ):
        with pytest.raises(NotFound):
            cloud.call(hook, address_id="10.0.0.1", **arguments)
    with pytest.raises(NotFound):
        cloud.call("associate_address", address_id="192.168.0.3", instance_id="nosuch")
    assert cloud.call("get_address", address_id="192.168.0.3").instance_id is None


# Load balancers

LISTENERS = (Listener(protocol="TCP", load_balancer_port=443, instance_port=8443),)


def test_a_load_balancer_holds_the_instances_registered_with_it(make_cloud: Callable[..., Cloud]) -> None:
    cloud = make_cloud(clock=Clock(1_800_000_000.9))
    made = cloud.call("create_load_balancer", new=NewLoadBalancer(name="lb", realm_id="eu", listeners=LISTENERS))
    assert (made.id, made.realm_ids, made.listeners, made.instances) == ("lb", ("eu",), LISTENERS, ())
    assert made.created_at == datetime.fromtimestamp(1_800_000_000, UTC)
    assert made.public_addresses == ("lb-1234.elb.example.com",)
    for _ in range(2):
        made = cloud.call("register_with_load_balancer", load_balancer_id="lb", instance_id="inst0")
    assert made.instances == (cloud.call("get_instance", instance_id="inst0"),)
    assert cloud.items("list_load_balancers") == [cloud.call("get_load_balancer", load_balancer_id="lb")] == [made]
    made = cloud.call("unregister_from_load_balancer", load_balancer_id="lb", instance_id="inst0")
    assert made.instances == ()
    with pytest.raises(NotFound):
        cloud.call("unregister_from_load_balancer", load_balancer_id="lb", instance_id="inst0")


def test_a_load_balancer_forgets_an_instance_that_is_gone(cloud: Cloud) -> None:
    cloud.call("create_load_balancer", new=NewLoadBalancer(name="lb", realm_id="us", listeners=LISTENERS))
    cloud.call("register_with_load_balancer", load_balancer_id="lb", instance_id="inst0")
    stopped = cloud.call("stop_instance", instance=cloud.call("get_instance", instance_id="inst0"))
    cloud.call("destroy_instance", instance=stopped)
    assert cloud.call("create_instance", new=NewInstance(image_id="img1")).id == "inst0"
    assert cloud.call("get_load_balancer", load_balancer_id="lb").instances == ()


def test_load_balancers_refer_to_nothing_that_is_not_there(cloud: Cloud) -> None:
    with pytest.raises(NotFound):
        cloud.call("create_load_balancer", new=NewLoadBalancer(name="lb", realm_id="no", listeners=LISTENERS))
    cloud.call("create_load_balancer", new=NewLoadBalancer(name="lb", realm_id="us", listeners=LISTENERS))
    with pytest.raises(Conflict):
        cloud.call("create_load_balancer", new=NewLoadBalancer(name="lb", realm_id="us", listeners=LISTENERS))
    with pytest.raises(NotFound):
        cloud.call("register_with_load_balancer", load_balancer_id="lb", instance_id="nosuch")
    cloud.call("destroy_load_balancer", load_balancer_id="lb")
    for hook in ("destroy_load_balancer", "get_load_balancer"):
        with pytest.raises(NotFound):
            cloud.call(hook, load_balancer_id="lb")


# Networks


def test_a_network_with_a_subnet_and_an_interface_and_their_end(cloud: Cloud) -> None:
    network = cloud.call("create_network", new=NewNetwork(name="gnet", address_block="172.16.0.0/16"))
    assert (network.id, network.state, network.address_blocks, network.subnet_ids) == (
        "gnet", "UP", ("172.16.0.0/16",), (),
    )  # fmt: skip
    new = NewSubnet(network_id="gnet", address_block="172.16.1.0/24", name="gsub")
    subnet = cloud.call("create_subnet", new=new)
    assert (subnet.id, subnet.network_id, subnet.type) == ("gsub", "gnet", None)
    assert cloud.call("get_network", network_id="gnet").subnet_ids == ("gsub",)
    interface = cloud.call(
        "create_network_interface",
        new=NewNetworkInterface(instance_id="inst0", network_id="gsub", name="gnic"),
    )
    assert (interface.id, interface.network_id, interface.ip_address) == ("gnic", "gsub", "172.16.1.1")
    assert cloud.call("get_instance", instance_id="inst0").network_interface_ids == ("gnic",)
    cloud.call("destroy_network", network_id="gnet")
    for hook, argument, thing in (
        ("get_network", "network_id", "gnet"),
        ("get_subnet", "subnet_id", "gsub"),
        ("get_network_interface", "network_interface_id", "gnic"),
    ):
        with pytest.raises(NotFound):
            cloud.call(hook, **{argument: thing})
    assert cloud.call("get_instance", instance_id="inst0").network_interface_ids == ()


def test_unnamed_networks_get_names_and_need_no_block(cloud: Cloud) -> None:
    networks = [cloud.call("create_network", new=NewNetwork()) for _ in range(3)]
    assert len({network.id for network in networks}) == 3
    assert all(re.fullmatch(r"net_\d+", network.id) for network in networks)
    assert networks[0].address_blocks == ()
    subnet = cloud.call("create_subnet", new=NewSubnet(network_id=networks[0].id, address_block="10.9.0.0/16"))
    assert re.fullmatch(r"subnet_\d+", subnet.id)
    new = NewNetworkInterface(instance_id="inst0", network_id=networks[1].id)
    interface = cloud.call("create_network_interface", new=new)
    assert re.fullmatch(r"nic_\d+", interface.id)
    assert interface.ip_address is None


def test_a_number_that_someone_took_as_a_name_is_not_given_again(make_cloud: Callable[..., Cloud]) -> None:
    cloud = make_cloud(clock=Clock(1_800_000_000))
    cloud.call("create_network", new=NewNetwork(name="net_1800000000"))
    assert cloud.call("create_network", new=NewNetwork()).id == "net_1800000001"


def test_an_interface_gets_the_lowest_free_address_until_there_is_none(cloud: Cloud) -> None:
    cloud.call("create_subnet", new=NewSubnet(network_id="net1", address_block="192.168.9.0/30", name="tiny"))
    new = NewNetworkInterface(instance_id="inst0", network_id="tiny")
    made = [cloud.call("create_network_interface", new=new) for _ in range(2)]
    assert [one.ip_address for one in made] == ["192.168.9.1", "192.168.9.2"]
    with pytest.raises(Conflict):
        cloud.call("create_network_interface", new=new)
    cloud.call("destroy_network_interface", network_interface_id=made[0].id)
    assert cloud.call("create_network_interface", new=new).ip_address == "192.168.9.1"


def test_an_interface_may_be_in_a_network_itself(cloud: Cloud) -> None:
    new = NewNetworkInterface(instance_id="inst0", network_id="net2", name="n")
    assert cloud.call("create_network_interface", new=new).ip_address == "10.0.0.1"


def test_a_subnet_takes_its_interfaces_with_it(cloud: Cloud) -> None:
    cloud.call("destroy_subnet", subnet_id="subnet1")
    assert cloud.call("get_network", network_id="net1").subnet_ids == ("subnet2",)
    assert cloud.ids("list_network_interfaces") == ["nicinst3"]
    assert cloud.call("get_instance", instance_id="inst1").network_interface_ids == ()


def test_networks_refer_to_nothing_that_is_not_there(cloud: Cloud) -> None:
    new_subnet = NewSubnet(network_id="nosuch", address_block="10.0.0.0/8")
    for hook, arguments in (
        ("create_subnet", {"new": new_subnet}),
        ("create_network_interface", {"new": NewNetworkInterface(instance_id="inst0", network_id="nosuch")}),
        ("create_network_interface", {"new": NewNetworkInterface(instance_id="nosuch", network_id="net1")}),
        ("destroy_network", {"network_id": "nosuch"}),
        ("destroy_subnet", {"subnet_id": "nosuch"}),
        ("destroy_network_interface", {"network_interface_id": "nosuch"}),
    ):
        with pytest.raises(NotFound):
            cloud.call(hook, **arguments)
    with pytest.raises(InvalidRequest):
        cloud.call("create_network", new=NewNetwork(address_block="10.0.0.0/99"))
