"""Security groups, which are this project's firewalls, and what their rules are called.

A rule's id is ``owner~protocol~from~to~sources``, with ``~egress`` behind it where it is about what goes out. A source
is ``@address,family,address,prefix`` or ``@group,owner,name``; a comma stands between two.

Sources: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SecurityGroup.html and
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from deltacloud.models import Firewall, FirewallRule, FirewallSource
from deltacloud_ec2.client import Record

EVERYTHING = "-1"
"""Amazon's word for all protocols; such a rule has no ports."""
EGRESS = "egress"
_ID_PREFIX = "sg-"
_ANYWHERE = frozenset({"0.0.0.0/0", "::/0"})
_MEMBERS = {"IpRanges": ("CidrIp", "ipv4"), "Ipv6Ranges": ("CidrIpv6", "ipv6")}


class Rule(NamedTuple):
    """A rule, and what takes it away again: the direction, and the permission as the cloud has it."""

    rule: FirewallRule
    direction: str
    permission: Record


def is_group_id(text: str) -> bool:
    """Whether a firewall is named by its group's id; no group can be named like that."""
    return text.startswith(_ID_PREFIX)


def firewall_id(group_id: str | None, name: str | None, network: str | None, default_network: str | None) -> str:
    """What a group is called here: by its name where that is unique, in the default network, else by its id.

    Args:
        group_id: Its id.
        name: Its name.
        network: The network that it belongs to; None on clouds without networks.
        default_network: The caller's default network, if there is one.
    """
    by_name = network is None or network == default_network
    return (name if by_name and name else group_id) or name or ""


def firewall_from(group: Record, default_network: str | None, names: Mapping[str, str]) -> Firewall:
    """A group as a firewall.

    Args:
        group: The group.
        default_network: The caller's default network.
        names: What other groups are called here, by their ids.
    """
    return Firewall(
        id=id_of(group, default_network),
        name=group.get("GroupName"),
        description=group.get("Description"),
        owner_id=group.get("OwnerId"),
        rules=tuple(one.rule for one in rules_of(group, names) if not _is_the_given_one(one)),
    )


def id_of(group: Record, default_network: str | None) -> str:
    """What a group is called here."""
    return firewall_id(group.get("GroupId"), group.get("GroupName"), group.get("VpcId"), default_network)


def referred(groups: Iterable[Record]) -> set[str]:
    """The ids of all groups that the rules of some groups name."""
    return {
        pair["GroupId"]
        for group in groups
        for member in ("IpPermissions", "IpPermissionsEgress")
        for permission in group.get(member) or ()
        for pair in permission.get("UserIdGroupPairs") or ()
        if pair.get("GroupId")
    }


def rules_of(group: Record, names: Mapping[str, str]) -> Iterator[Rule]:
    """All rules of a group: what may come in, then what may go out."""
    owner = group.get("OwnerId") or ""
    for direction, member in (("ingress", "IpPermissions"), (EGRESS, "IpPermissionsEgress")):
        for permission in group.get(member) or ():
            yield Rule(_rule(permission, owner, direction, names), direction, permission)


def _rule(permission: Record, owner: str, direction: str, names: Mapping[str, str]) -> FirewallRule:
    sources = tuple(sources_of(permission, names))
    protocol, first, last = (_text(permission.get(name)) for name in ("IpProtocol", "FromPort", "ToPort"))
    named = ",".join(source_id(source) for source in sources)
    ending = f"~{EGRESS}" if direction == EGRESS else ""
    return FirewallRule(
        id=f"{owner}~{protocol}~{first}~{last}~{named}{ending}",
        allow_protocol=protocol,
        port_from=first,
        port_to=last,
        direction=direction,
        sources=sources,
    )


def sources_of(permission: Record, names: Mapping[str, str]) -> Iterator[FirewallSource]:
    """Where a permission lets traffic come from, or go to: groups, then addresses."""
    for pair in permission.get("UserIdGroupPairs") or ():
        group = pair.get("GroupId")
        yield FirewallSource(
            type="group", name=names.get(group or "") or pair.get("GroupName") or group, owner=pair.get("UserId")
        )
    for member, (key, family) in _MEMBERS.items():
        for block in permission.get(member) or ():
            address, _, prefix = block[key].partition("/")
            yield FirewallSource(
                type="address", family="ipv4" if family == "ipv4" else "ipv6", address=address, prefix=prefix
            )
    for listed in permission.get("PrefixListIds") or ():
        yield FirewallSource(type="address", address=listed["PrefixListId"])


def source_id(source: FirewallSource) -> str:
    """How a rule's id names a source."""
    if source.type == "group":
        return f"@group,{source.owner or ''},{source.name or ''}"
    return f"@address,{source.family or ''},{source.address or ''},{source.prefix or ''}"


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _is_the_given_one(one: Rule) -> bool:
    """Whether this is the rule that each new group has: everything may go out."""
    permission = one.permission
    blocks = {block[key] for member, (key, _) in _MEMBERS.items() for block in permission.get(member) or ()}
    others = permission.get("UserIdGroupPairs") or permission.get("PrefixListIds")
    return one.direction == EGRESS and one.rule.allow_protocol == EVERYTHING and not others and blocks <= _ANYWHERE
