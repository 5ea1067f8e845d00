"""Firewalls and their rules."""

from __future__ import annotations

from typing import ClassVar

from msgspec.structs import replace

from deltacloud.context import Context
from deltacloud.errors import Conflict, NotFound
from deltacloud.inputs import NewFirewall, NewFirewallRule, PageRequest
from deltacloud.models import Firewall, Page
from deltacloud_mock import rules
from deltacloud_mock.base import MockBase, named
from deltacloud_mock.records import FIREWALLS, INSTANCES
from deltacloud_mock.session import Session


class FirewallHooks(MockBase):
    """The hooks of firewalls."""

    _source_separator: ClassVar[str] = ","
    """What stands between the sources in a rule's id."""

    def list_firewalls(self, context: Context, page: PageRequest) -> Page[Firewall]:
        """The caller's firewalls, with their rules."""
        return self._list(context, "list_firewalls", FIREWALLS, page)

    def get_firewall(self, context: Context, firewall_id: str) -> Firewall:
        """One firewall."""
        return self._get(context, "get_firewall", FIREWALLS, firewall_id)

    def create_firewall(self, context: Context, new: NewFirewall) -> Firewall:
        """A firewall without rules; its name is its id."""

        def build(session: Session, user: str) -> tuple[Firewall]:
            name = named(new.name)
            firewall = Firewall(id=name, name=name, description=new.description, owner_id=self._account(user))
            return (session.add(FIREWALLS, user, firewall),)

        return self._create(context, "create_firewall", FIREWALLS, new, build)[0]

    def destroy_firewall(self, context: Context, firewall_id: str) -> None:
        """Delete a firewall that no instance is in."""
        user = self._gate.admit(context, "destroy_firewall")
        with self._store.writing() as session:
            session.need(FIREWALLS, user, firewall_id)
            for instance in session.all(INSTANCES, user):
                if firewall_id in (instance.firewall_ids or ()):
                    raise Conflict(f"'{instance.id}' is in the firewall")
            session.remove(FIREWALLS, user, firewall_id)

    def create_firewall_rule(self, context: Context, firewall_id: str, new: NewFirewallRule) -> Firewall:
        """Add a rule that the firewall has not."""

        def build(session: Session, user: str) -> tuple[Firewall]:
            firewall = session.need(FIREWALLS, user, firewall_id)
            rule = rules.rule_of(new, self._account(user), self._source_separator)
            if any(one.id == rule.id for one in firewall.rules):
                raise Conflict("The firewall has this rule already")
            return (session.save(FIREWALLS, user, replace(firewall, rules=(*firewall.rules, rule))),)

        return self._create(context, "create_firewall_rule", FIREWALLS, (firewall_id, new), build)[0]

    def destroy_firewall_rule(self, context: Context, firewall_id: str, rule_id: str) -> None:
        """Delete a rule, its id with or without commas between the sources."""
        user = self._gate.admit(context, "destroy_firewall_rule")
        with self._store.writing() as session:
            firewall = session.need(FIREWALLS, user, firewall_id)
            left = tuple(rule for rule in firewall.rules if not rules.same_id(rule.id, rule_id))
            if len(left) == len(firewall.rules):
                raise NotFound("NotFound")
            session.save(FIREWALLS, user, replace(firewall, rules=left))

    def _account(self, user: str) -> str:
        """What firewalls call their owner."""
        return user
