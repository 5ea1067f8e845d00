"""Rules of firewalls: what they are called, what adds them, and what takes them away."""

from __future__ import annotations

from ipaddress import ip_interface
from typing import Any

import pytest

from awscloud.wire import parsed
from deltacloud.errors import InvalidRequest
from deltacloud.inputs import AddressSource, GroupSource, NewFirewallRule
from deltacloud.models import FirewallSource
from deltacloud_ec2.mapping.firewalls import firewall_from, firewall_id, referred
from deltacloud_ec2.mapping.permissions import permission_for, revocation

OWNER, DEFAULT = "393485797142", "vpc-default"
TCP_22 = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22}
EVERYTHING_OUT: dict[str, Any] = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
PAIR = {"GroupId": "sg-1", "UserId": OWNER}
NAMES = {"sg-1": "default"}


def group(*ingress: dict[str, Any], egress: tuple[dict[str, Any], ...] = (EVERYTHING_OUT,)) -> dict[str, Any]:
    """A group of the default network."""
    return {
        "GroupId": "sg-9", "GroupName": "web", "Description": "the web", "OwnerId": OWNER, "VpcId": DEFAULT,
        "IpPermissions": list(ingress), "IpPermissionsEgress": list(egress),
    }  # fmt: skip


def ids(found: dict[str, Any]) -> list[str]:
    """The ids of a group's rules."""
    return [rule.id for rule in firewall_from(found, DEFAULT, NAMES).rules]


def addresses(*blocks: str) -> tuple[AddressSource, ...]:
    """Sources that are addresses."""
    return tuple(AddressSource(ip_interface(block)) for block in blocks)


def test_a_rule_is_called_as_the_original_called_it() -> None:
    found = group({**TCP_22, "UserIdGroupPairs": [PAIR], "IpRanges": [{"CidrIp": "10.1.2.0/24"}]})
    assert ids(found) == [f"{OWNER}~tcp~22~22~@group,{OWNER},default,@address,ipv4,10.1.2.0,24"]


def test_a_rule_for_all_protocols_has_no_ports() -> None:
    assert ids(group({"IpProtocol": "-1", "IpRanges": [{"CidrIp": "10.0.0.0/8"}]})) == [
        f"{OWNER}~-1~~~@address,ipv4,10.0.0.0,8"
    ]


def test_what_goes_out_is_shown_but_for_what_each_new_group_has() -> None:
    out = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    (rule,) = firewall_from(group(egress=(EVERYTHING_OUT, out)), DEFAULT, NAMES).rules
    assert (rule.direction, rule.id) == ("egress", f"{OWNER}~tcp~443~443~@address,ipv4,0.0.0.0,0~egress")


def test_everything_may_come_in_only_where_a_rule_says_so() -> None:
    (rule,) = firewall_from(group(EVERYTHING_OUT), DEFAULT, NAMES).rules
    assert (rule.direction, rule.allow_protocol, rule.port_from) == ("ingress", "-1", "")


def test_sources_are_groups_and_addresses_of_both_versions_and_lists_of_prefixes() -> None:
    found = group({
        **TCP_22, "UserIdGroupPairs": [PAIR, {"GroupId": "sg-x", "UserId": "222233334444"}],
        "Ipv6Ranges": [{"CidrIpv6": "2001:db8::/32", "Description": "home"}],
        "PrefixListIds": [{"PrefixListId": "pl-1"}],
    })  # fmt: skip
    assert firewall_from(found, DEFAULT, NAMES).rules[0].sources == (
        FirewallSource(type="group", name="default", owner=OWNER),
        FirewallSource(type="group", name="sg-x", owner="222233334444"),
        FirewallSource(type="address", family="ipv6", address="2001:db8::", prefix="32"),
        FirewallSource(type="address", address="pl-1"),
    )
    assert referred([found]) == {"sg-1", "sg-x"}


@pytest.mark.parametrize(
    ("network", "default", "shown"),
    [(DEFAULT, DEFAULT, "web"), ("vpc-other", DEFAULT, "sg-9"), ("vpc-other", None, "sg-9"), (None, None, "web")],
)
def test_a_name_is_an_id_where_it_is_unique(network: str | None, default: str | None, shown: str) -> None:
    assert firewall_id("sg-9", "web", network, default) == shown


def test_a_rule_with_all_its_sources_is_one_permission() -> None:
    new = NewFirewallRule(
        protocol="TCP",
        port_from=22,
        port_to=23,
        sources=(*addresses("10.1.2.3/24", "2001:db8::1/64"), GroupSource("x")),
    )
    assert permission_for(new, [PAIR]) == {
        "IpProtocol": "tcp", "FromPort": 22, "ToPort": 23, "UserIdGroupPairs": [PAIR],
        "IpRanges": [{"CidrIp": "10.1.2.0/24"}], "Ipv6Ranges": [{"CidrIpv6": "2001:db8::/64"}],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("protocol", "first", "last", "ports"),
    [
        ("tcp", 80, 90, (80, 90)),
        ("tcp", 80, None, (80, 80)),
        ("tcp", None, None, (0, 65535)),
        ("udp", None, 53, (0, 53)),
        ("icmp", None, None, (-1, -1)),
        ("icmp", 8, None, (8, -1)),
        ("icmp", 8, 0, (8, 0)),
        ("50", None, None, None),
        ("-1", 80, 80, None),
        (None, None, None, None),
    ],
)
def test_ports_that_are_not_told_are_all_of_the_protocol(
    protocol: str | None, first: int | None, last: int | None, ports: tuple[int, int] | None
) -> None:
    new = NewFirewallRule(protocol=protocol, port_from=first, port_to=last, sources=addresses("10.0.0.0/8"))
    permission = permission_for(new, [])
    assert (None if ports is None else dict(zip(("FromPort", "ToPort"), ports, strict=True)) or None) == (
        {key: permission[key] for key in ("FromPort", "ToPort") if key in permission} or None
    )
    assert permission["IpProtocol"] == (protocol or "-1")


def test_ports_without_a_protocol_are_refused() -> None:
    with pytest.raises(InvalidRequest, match="protocol") as raised:
        permission_for(NewFirewallRule(port_from=80, sources=addresses("10.0.0.0/8")), [])
    assert raised.value.parameter == "protocol"


BOTH = {
    **TCP_22,
    "UserIdGroupPairs": [PAIR],
    "IpRanges": [{"CidrIp": "10.1.2.0/24", "Description": "us"}, {"CidrIp": "10.9.0.0/16"}],
}
HEAD = f"{OWNER}~tcp~22~22~"
BLOCK = {"IpRanges": [{"CidrIp": "10.1.2.0/24"}]}


@pytest.mark.parametrize(
    ("sources", "taken"),
    [
        ("@address,ipv4,10.1.2.0,24", BLOCK),
        ("@address,ipv4,10.1.2.3,24", BLOCK),
        (f"@group,{OWNER},default,@address,ipv4,10.1.2.0,24", {"UserIdGroupPairs": [PAIR], **BLOCK}),
        (f"@address,ipv4,10.1.2.0,24,@group,{OWNER},default", {"UserIdGroupPairs": [PAIR], **BLOCK}),
        (f"@group,{OWNER},default", {"UserIdGroupPairs": [PAIR]}),
        ("@address,ipv4,10.1.2.0,24,@address,ipv4,10.7.0.0,16", None),
        ("@address,ipv4,10.7.0.0,16", None),
        ("", None),
        ("nonsense", None),
    ],
)
def test_a_rule_takes_away_the_sources_that_it_lists_and_no_more(sources: str, taken: dict[str, Any] | None) -> None:
    wanted = None if taken is None else ("ingress", {**TCP_22, **taken})
    assert revocation(group(BOTH), HEAD + sources, NAMES) == wanted


@pytest.mark.parametrize("rule_id", ["", "~", "nothing", f"{OWNER}~udp~22~22~@address,ipv4,10.1.2.0,24", "~" * 9])
def test_an_id_that_no_rule_has_takes_nothing_away(rule_id: str) -> None:
    assert revocation(group(BOTH), rule_id, NAMES) is None


def test_a_way_out_is_taken_away_as_such_and_so_can_the_one_that_is_not_shown() -> None:
    assert revocation(group(), f"{OWNER}~-1~~~@address,ipv4,0.0.0.0,0~egress", {}) == ("egress", EVERYTHING_OUT)
    assert revocation(group(), f"{OWNER}~-1~~~@address,ipv4,0.0.0.0,0", {}) is None


def test_a_name_with_commas_and_signs_in_it_is_one_source() -> None:
    names = {"sg-1": "a,b@c"}
    found = group({**TCP_22, "UserIdGroupPairs": [PAIR], "IpRanges": [{"CidrIp": "10.0.0.0/8"}]})
    (rule,) = firewall_from(found, DEFAULT, names).rules
    assert revocation(found, rule.id, names) == (
        "ingress", {**TCP_22, "UserIdGroupPairs": [PAIR], "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}
    )  # fmt: skip


def test_rules_come_over_the_wire() -> None:
    answer = parsed(
        "ec2",
        "DescribeSecurityGroups",
        '<DescribeSecurityGroupsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><securityGroupInfo><item>'
        f"<ownerId>{OWNER}</ownerId><groupId>sg-9</groupId><groupName>web</groupName>"
        "<groupDescription>the web</groupDescription><vpcId>vpc-default</vpcId><ipPermissions><item>"
        "<ipProtocol>tcp</ipProtocol><fromPort>22</fromPort><toPort>22</toPort>"
        f"<groups><item><userId>{OWNER}</userId><groupId>sg-1</groupId></item></groups>"
        "<ipRanges><item><cidrIp>10.1.2.0/24</cidrIp></item></ipRanges></item></ipPermissions></item>"
        "</securityGroupInfo></DescribeSecurityGroupsResponse>",
    )
    (found,) = answer["SecurityGroups"]
    firewall = firewall_from(found, DEFAULT, NAMES)
    assert (firewall.id, firewall.name, firewall.description, firewall.owner_id) == ("web", "web", "the web", OWNER)
    assert ids(found) == [f"{HEAD}@group,{OWNER},default,@address,ipv4,10.1.2.0,24"]
