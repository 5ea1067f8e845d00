"""Firewalls and their rules. Lists and single documents name their links apart."""

from __future__ import annotations

from collections.abc import Callable

from deltacloud.api.parsing.percent import segment
from deltacloud.api.representations.markup import attribute, cdata, text
from deltacloud.api.representations.representation import Representation
from deltacloud.api.representations.view import View
from deltacloud.models import Firewall, FirewallRule, FirewallSource


def firewall_xml(view: View, indent: str) -> Callable[[Firewall], str]:
    """Makes the writer of a single firewall: rules are added by ``update``."""
    return _writer(view, indent, "update", with_ids=False)


def listed_firewall_xml(view: View, indent: str) -> Callable[[Firewall], str]:
    """Makes the writer of a list's firewalls: rules are added by ``add_rule``, and links carry an id."""
    return _writer(view, indent, "add_rule", with_ids=True)


def _writer(view: View, indent: str, add: str, *, with_ids: bool) -> Callable[[Firewall], str]:
    inner, inmost = f"{indent}  ", f"{indent}    "
    firewalls = view.collection("firewalls")

    def write(firewall: Firewall) -> str:
        ident = f" id='{attribute(firewall.id)}'"
        linked = ident if with_ids else ""
        href = f"{firewalls}/{segment(firewall.id)}"
        description = firewall.description
        described = "" if description is None else f"{inner}<description>{cdata(description)}</description>\n"
        owner = "" if firewall.owner_id is None else f"{inner}<owner_id>{text(firewall.owner_id)}</owner_id>\n"
        return (
            f"{indent}<firewall href='{href}'{ident}>\n"
            f"{inner}<actions>\n"
            f"{inmost}<link href='{href}'{linked} method='delete' rel='destroy' />\n"
            f"{inmost}<link href='{href}/rules'{linked} method='post' rel='{add}' />\n"
            f"{inner}</actions>\n"
            f"{inner}<name>{cdata(firewall.id if firewall.name is None else firewall.name)}</name>\n"
            f"{described}{owner}"
            f"{inner}<rules>\n"
            f"{''.join([_rule(rule, href, inmost, with_ids=with_ids) for rule in firewall.rules])}"
            f"{inner}</rules>\n"
            f"{indent}</firewall>\n"
        )

    return write


def _rule(rule: FirewallRule, firewall: str, indent: str, *, with_ids: bool) -> str:
    inner = f"{indent}  "
    href, ident = f"{firewall}/{segment(rule.id)}", f" id='{attribute(rule.id)}'"
    return (
        f"{indent}<rule href='{href}'{ident}>\n"
        f"{inner}<actions>\n"
        f"{inner}  <link href='{href}'{ident if with_ids else ''} method='delete' rel='destroy' />\n"
        f"{inner}</actions>\n"
        f"{inner}<allow_protocol>{text(rule.allow_protocol or '')}</allow_protocol>\n"
        f"{inner}<port_from>{text(rule.port_from or '')}</port_from>\n"
        f"{inner}<port_to>{text(rule.port_to or '')}</port_to>\n"
        f"{inner}<direction>{text(rule.direction or '')}</direction>\n"
        f"{inner}<rule_action>{text(rule.rule_action or '')}</rule_action>\n"
        f"{inner}<log_rule>{'' if rule.log_rule is None else str(rule.log_rule).lower()}</log_rule>\n"
        f"{inner}<sources>\n{''.join([_source(one, inner) for one in rule.sources])}{inner}</sources>\n"
        f"{indent}</rule>\n"
    )


def _source(source: FirewallSource, indent: str) -> str:
    known = "".join([f" {name}='{attribute(value)}'" for name, value in sorted(_members(source).items())])
    return f"{indent}  <source{known}></source>\n"


def _members(source: FirewallSource) -> dict[str, str]:
    """What is known of a source, in the order of JSON."""
    if source.type == "group":
        members = {"type": "group", "name": source.name, "owner": source.owner}
    else:
        members = {"type": "address", "family": source.family, "address": source.address, "prefix": source.prefix}
    return {name: value for name, value in members.items() if value is not None}


def firewall_json(view: View) -> Callable[[Firewall], dict[str, object]]:
    """Makes the builder of one document's firewalls."""

    def build(firewall: Firewall) -> dict[str, object]:
        return {
            "id": firewall.id,
            "href": f"{view.api}/firewalls/{segment(firewall.id)}",
            "name": firewall.id if firewall.name is None else firewall.name,
            "description": firewall.description,
            "owner_id": firewall.owner_id,
            "rules": [_rule_json(rule) for rule in firewall.rules],
        }

    return build


def _rule_json(rule: FirewallRule) -> dict[str, object]:
    members: dict[str, object] = {
        "id": rule.id,
        "allow_protocol": rule.allow_protocol,
        "port_from": rule.port_from,
        "port_to": rule.port_to,
        "sources": [_members(source) for source in rule.sources],
        "direction": rule.direction,
        "rule_action": rule.rule_action,
        "log_rule": rule.log_rule,
    }
    return {name: value for name, value in members.items() if value is not None}


FIREWALLS = Representation("firewalls", "firewall", firewall_xml, firewall_json, listed_xml=listed_firewall_xml)
