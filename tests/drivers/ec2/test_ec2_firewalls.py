"""Firewalls: security groups by name and by id, in the default network and in others."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_interface

import pytest

from awscloud.accounts import Accounts
from awscloud.calls import Hooks
from awscloud.things import another_network, name
from deltacloud.errors import Conflict, NotFound
from deltacloud.inputs import AddressSource, GroupSource, NewFirewall, NewFirewallRule
from deltacloud.models import Firewall, FirewallSource

pytestmark = pytest.mark.doubles

OWNER = "111111111111"
HOME = AddressSource(ip_interface("10.1.2.0/24"))
OFFICE = AddressSource(ip_interface("2001:db8::/32"))


@pytest.fixture
def firewall(ec2: Hooks) -> Iterator[str]:
    made = ec2.call("create_firewall", new=NewFirewall(name=name("firewall"), description="for a test"))
    yield made.id
    ec2.call("destroy_firewall", firewall_id=made.id)


def rule(**fields: object) -> NewFirewallRule:
    """A new rule for port 22."""
    plain: dict[str, object] = {"protocol": "tcp", "port_from": 22, "port_to": 22, "sources": (HOME,)}
    return NewFirewallRule(**(plain | fields))  # type: ignore[arg-type]


def test_a_firewall_is_named_by_its_name_and_found_by_its_id_too(ec2: Hooks, moto: Accounts) -> None:
    wanted = name("firewall")
    made = ec2.call("create_firewall", new=NewFirewall(name=wanted, description="for a test"))
    assert made == Firewall(id=wanted, name=wanted, description="for a test", owner_id=OWNER, rules=())
    groups = moto.client("ec2").describe_security_groups(Filters=[{"Name": "group-name", "Values": [wanted]}])
    assert ec2.call("get_firewall", firewall_id=groups["SecurityGroups"][0]["GroupId"]) == made
    assert made in ec2.list("firewalls")
    with pytest.raises(Conflict):
        ec2.call("create_firewall", new=NewFirewall(name=wanted, description="again"))
    ec2.call("destroy_firewall", firewall_id=wanted)
    with pytest.raises(NotFound):
        ec2.call("get_firewall", firewall_id=wanted)


def test_firewalls_of_other_networks_go_by_their_ids(ec2: Hooks, moto: Accounts, firewall: str) -> None:
    with another_network(moto) as (network, _):
        cloud = moto.client("ec2")
        there = cloud.create_security_group(GroupName=firewall, Description="elsewhere", VpcId=network)["GroupId"]
        listed = {one.id: one for one in ec2.list("firewalls")}
        assert (listed[there].name, listed[firewall].name) == (firewall, firewall)
        assert ec2.call("get_firewall", firewall_id=there).description == "elsewhere"
        shown = ec2.call("create_firewall_rule", firewall_id=there, new=rule(sources=(GroupSource("default"),)))
        assert shown.rules[0].sources[0].type == "group"
        assert (shown.rules[0].sources[0].name or "").startswith("sg-")
        ec2.call("destroy_firewall", firewall_id=there)
        assert ec2.call("get_firewall", firewall_id=firewall).id == firewall


def test_a_rule_is_made_of_addresses_and_firewalls(ec2: Hooks, firewall: str) -> None:
    sources = (HOME, OFFICE, GroupSource("default", OWNER), GroupSource(firewall))
    shown = ec2.call("create_firewall_rule", firewall_id=firewall, new=rule(sources=sources))
    (made,) = shown.rules
    assert (made.allow_protocol, made.port_from, made.port_to, made.direction) == ("tcp", "22", "22", "ingress")
    assert set(made.sources) == {
        FirewallSource(type="group", name="default", owner=OWNER),
        FirewallSource(type="group", name=firewall, owner=OWNER),
        FirewallSource(type="address", family="ipv4", address="10.1.2.0", prefix="24"),
        FirewallSource(type="address", family="ipv6", address="2001:db8::", prefix="32"),
    }
    assert made.id.startswith(f"{OWNER}~tcp~22~22~@group,{OWNER},")
    ec2.call("destroy_firewall_rule", firewall_id=firewall, rule_id=made.id)
    assert ec2.call("get_firewall", firewall_id=firewall).rules == ()
    with pytest.raises(NotFound, match="no such rule"):
        ec2.call("destroy_firewall_rule", firewall_id=firewall, rule_id=made.id)


def test_a_group_may_be_named_by_its_id(ec2: Hooks, firewall: str, moto: Accounts) -> None:
    groups = moto.client("ec2").describe_security_groups(Filters=[{"Name": "group-name", "Values": [firewall]}])
    source = GroupSource(groups["SecurityGroups"][0]["GroupId"])
    shown = ec2.call("create_firewall_rule", firewall_id=firewall, new=rule(sources=(source,)))
    assert shown.rules[0].sources == (FirewallSource(type="group", name=firewall, owner=OWNER),)


def test_a_rule_takes_away_what_it_showed_and_leaves_what_came_later(ec2: Hooks, firewall: str) -> None:
    first = ec2.call("create_firewall_rule", firewall_id=firewall, new=rule()).rules[0]
    both = ec2.call("create_firewall_rule", firewall_id=firewall, new=rule(sources=(OFFICE,))).rules[0]
    assert len(both.sources) == 2
    ec2.call("destroy_firewall_rule", firewall_id=firewall, rule_id=first.id)
    (left,) = ec2.call("get_firewall", firewall_id=firewall).rules
    assert left.sources == (FirewallSource(type="address", family="ipv6", address="2001:db8::", prefix="32"),)


def test_what_may_go_out_is_a_rule_of_its_own(ec2: Hooks, firewall: str) -> None:
    new = rule(direction="egress", port_from=443, port_to=443)
    (made,) = ec2.call("create_firewall_rule", firewall_id=firewall, new=new).rules
    assert (made.direction, made.id) == ("egress", f"{OWNER}~tcp~443~443~@address,ipv4,10.1.2.0,24~egress")
    ec2.call("destroy_firewall_rule", firewall_id=firewall, rule_id=made.id)
    assert ec2.call("get_firewall", firewall_id=firewall).rules == ()


def test_the_way_out_that_each_new_firewall_has_can_be_closed(ec2: Hooks, firewall: str, moto: Accounts) -> None:
    rule_id = f"{OWNER}~-1~~~@address,ipv4,0.0.0.0,0~egress"
    ec2.call("destroy_firewall_rule", firewall_id=firewall, rule_id=rule_id)
    groups = moto.client("ec2").describe_security_groups(Filters=[{"Name": "group-name", "Values": [firewall]}])
    assert groups["SecurityGroups"][0]["IpPermissionsEgress"] == []


def test_a_rule_that_is_there_is_a_conflict(ec2: Hooks, firewall: str) -> None:
    ec2.call("create_firewall_rule", firewall_id=firewall, new=rule())
    with pytest.raises(Conflict):
        ec2.call("create_firewall_rule", firewall_id=firewall, new=rule())


def test_a_source_that_is_not_there_is_not_found(ec2: Hooks, firewall: str) -> None:
    for source in (GroupSource("nothing-like-it"), GroupSource("sg-00000000000000000")):
        with pytest.raises(NotFound):
            ec2.call("create_firewall_rule", firewall_id=firewall, new=rule(sources=(source,)))


def test_a_firewall_that_is_not_there_is_not_found(ec2: Hooks) -> None:
    for unknown in ("nothing", "sg-00000000000000000", "sg-*", "*"):
        for hook in ("get_firewall", "destroy_firewall"):
            with pytest.raises(NotFound):
                ec2.call(hook, firewall_id=unknown)
        with pytest.raises(NotFound):
            ec2.call("create_firewall_rule", firewall_id=unknown, new=rule())
