"""Permissions of security groups: what adds a rule, and what takes one away."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from ipaddress import ip_interface
from typing import Any

from deltacloud.errors import InvalidRequest
from deltacloud.inputs import AddressSource, NewFirewallRule
from deltacloud_ec2.client import Record
from deltacloud_ec2.mapping.firewalls import EGRESS, EVERYTHING, rules_of, source_id, sources_of

_PORTS: Mapping[str, tuple[int, int]] = {
    "tcp": (0, 65535), "udp": (0, 65535), "icmp": (-1, -1), "icmpv6": (-1, -1), "1": (-1, -1), "58": (-1, -1),
    "6": (0, 65535), "17": (0, 65535),
}  # fmt: skip
"""All ports of the protocols that have some; all types and codes of ICMP."""
_ANY = -1
_SOURCE = re.compile(r"(?:^|,)(?=@group,|@address,)")
_PARTS = 4
"""Owner, protocol and two ports come before the sources in a rule's id."""


def permission_for(new: NewFirewallRule, groups: Iterable[Mapping[str, str]]) -> dict[str, Any]:
    """The one permission that adds a rule.

    Args:
        new: The rule.
        groups: Its source groups, in the API's words.

    Raises:
        InvalidRequest: it names ports and no protocol.
    """
    protocol = (new.protocol or EVERYTHING).lower()
    permission: dict[str, Any] = {"IpProtocol": protocol} | _ports(new, protocol)
    pairs = [dict(group) for group in groups]
    if pairs:
        permission["UserIdGroupPairs"] = pairs
    for source in new.sources:
        if isinstance(source, AddressSource):
            block = str(source.interface.network)
            if source.interface.version == 4:  # noqa: PLR2004 - the version of the protocol
                permission.setdefault("IpRanges", []).append({"CidrIp": block})
            else:
                permission.setdefault("Ipv6Ranges", []).append({"CidrIpv6": block})
    return permission


def _ports(new: NewFirewallRule, protocol: str) -> dict[str, int]:
    if protocol == EVERYTHING:
        if new.protocol is None and (new.port_from is not None or new.port_to is not None):
            raise InvalidRequest("Ports are those of a protocol, and none is named", "protocol")
        return {}
    least, most = _PORTS.get(protocol, (None, None))
    first = least if new.port_from is None else new.port_from
    last = new.port_to
    if last is None:
        last = most if new.port_from is None or least == _ANY else first
    return {} if first is None or last is None else {"FromPort": first, "ToPort": last}


def revocation(group: Record, rule_id: str, names: Mapping[str, str]) -> tuple[str, dict[str, Any]] | None:
    """The direction and the permission that take a rule away; None if the group has no such rule.

    A rule's id lists its sources, and more may have been added to the same ports since it was shown: only those listed
    are taken away.

    Args:
        group: The group, as it is now.
        rule_id: The rule's id, as it was shown.
        names: What other groups are called here, by their ids.
    """
    direction = EGRESS if rule_id.endswith(f"~{EGRESS}") else "ingress"
    *head, sources = rule_id.removesuffix(f"~{EGRESS}").split("~", _PARTS)
    wanted = {_canonical(one) for one in _SOURCE.split(sources) if one}
    for one in rules_of(group, names):
        if one.direction == direction and one.rule.id.split("~", _PARTS)[:_PARTS] == head:
            chosen = _narrowed(one.permission, wanted, names)
            if chosen is not None:
                return direction, chosen
    return None


def _narrowed(permission: Record, wanted: set[str], names: Mapping[str, str]) -> dict[str, Any] | None:
    """The part of a permission that has just these sources; None if it lacks one of them, or none is wanted."""
    left: dict[str, Any] = {key: permission[key] for key in ("IpProtocol", "FromPort", "ToPort") if key in permission}
    found: set[str] = set()
    for member in ("UserIdGroupPairs", "IpRanges", "Ipv6Ranges", "PrefixListIds"):
        for entry in permission.get(member) or ():
            (source,) = sources_of({member: [entry]}, names)
            named = _canonical(source_id(source))
            if named in wanted:
                found.add(named)
                left.setdefault(member, []).append(_plain(entry))
    return left if wanted and found == wanted else None


def _plain(entry: Record) -> dict[str, str]:
    """A source without its description, and a group by its id alone: that is how the API wants it back."""
    kept = {key: value for key, value in entry.items() if key in ("CidrIp", "CidrIpv6", "PrefixListId", "UserId")}
    named = "GroupId" if entry.get("GroupId") else "GroupName"
    return kept | ({named: entry[named]} if entry.get(named) else {})


def _canonical(source: str) -> str:
    """A source as the cloud would write it: it drops the host part of a block of addresses."""
    kind, _, rest = source.partition(",")
    parts = rest.split(",")
    if kind != "@address" or len(parts) != 3:  # noqa: PLR2004 - family, address and prefix
        return source
    try:
        network = ip_interface(f"{parts[1]}/{parts[2]}").network
    except ValueError:
        return source
    return f"@address,ipv{network.version},{network.network_address},{network.prefixlen}"
