"""Rules of firewalls, and their ids in the style of EC2's: ``owner~protocol~from~to~@address,...,@group,...``."""

from __future__ import annotations

from deltacloud.inputs import AddressSource, FirewallSourceInput, NewFirewallRule
from deltacloud.models import FirewallRule, FirewallSource


def rule_of(new: NewFirewallRule, account: str, separator: str) -> FirewallRule:
    """The rule that a client asks for.

    Args:
        new: What it asks for.
        account: The owner of the firewall.
        separator: What stands between the sources in the id.
    """
    port_from, port_to = _text(new.port_from), _text(new.port_to)
    sources = tuple(_source(source, account) for source in new.sources)
    parts = [account, new.protocol or "", port_from or "", port_to or "", separator.join(map(_item, sources))]
    if new.direction == "egress":
        parts.append(new.direction)  # the original knew no other direction than inwards
    return FirewallRule(
        id="~".join(parts),
        allow_protocol=new.protocol,
        port_from=port_from,
        port_to=port_to,
        direction=new.direction,
        sources=sources,
    )


def same_id(one: str, other: str) -> bool:
    """Whether two ids name the same rule; the comma between sources may be left out."""
    return one.replace(",@", "@") == other.replace(",@", "@")


def _source(source: FirewallSourceInput, account: str) -> FirewallSource:
    if isinstance(source, AddressSource):
        return FirewallSource.of_addresses(source.interface)
    return FirewallSource(type="group", name=source.name, owner=source.owner or account)


def _item(source: FirewallSource) -> str:
    if source.type == "address":
        return f"@address,{source.family},{source.address},{source.prefix}"
    return f"@group,{source.owner},{source.name}"


def _text(port: int | None) -> str | None:
    return None if port is None else str(port)
