"""Hooks of firewalls and their rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from deltacloud.context import Context
from deltacloud.errors import NotFound
from deltacloud.inputs import GroupSource, NewFirewall, NewFirewallRule, NewInstance, PageRequest
from deltacloud.models import Firewall, Page
from deltacloud_ec2.client import Client, Record, each
from deltacloud_ec2.compute.networks import NetworkHooks
from deltacloud_ec2.compute.paging import Source, read_page
from deltacloud_ec2.mapping.firewalls import EGRESS, firewall_from, id_of, is_group_id, referred
from deltacloud_ec2.mapping.permissions import permission_for, revocation
from deltacloud_ec2.mapping.realms import site_of

_AT_ONCE = 200


class FirewallHooks(NetworkHooks):
    """Security groups: those of the default network by their names, all of them by their ids."""

    def list_firewalls(self, context: Context, page: PageRequest) -> Page[Firewall]:
        """Firewalls."""
        client = self._ec2(context)

        def read(answer: Record) -> list[Firewall]:
            return self._firewalls(context, client, answer.get("SecurityGroups") or ())

        return read_page([Source(client.describe_security_groups, read)], page, self._settings.page_size)

    def get_firewall(self, context: Context, firewall_id: str) -> Firewall:
        """One firewall."""
        return self._firewall(context, self._group(context, firewall_id))

    def create_firewall(self, context: Context, new: NewFirewall) -> Firewall:
        """Make a firewall in the default network."""
        client = self._ec2(context)
        made = client.create_security_group(GroupName=new.name, Description=new.description)["GroupId"]
        return self._firewall(context, self._group(context, made))

    def destroy_firewall(self, context: Context, firewall_id: str) -> None:
        """Delete a firewall that nothing uses."""
        self._ec2(context).delete_security_group(GroupId=self._group(context, firewall_id)["GroupId"])

    def create_firewall_rule(self, context: Context, firewall_id: str, new: NewFirewallRule) -> Firewall:
        """Add a rule, all of its sources at once."""
        group = self._group(context, firewall_id)
        groups = [self._source_group(context, group, one) for one in new.sources if isinstance(one, GroupSource)]
        self._authorize(self._ec2(context), group["GroupId"], new.direction, permission_for(new, groups))
        return self._firewall(context, self._group(context, group["GroupId"]))

    def destroy_firewall_rule(self, context: Context, firewall_id: str, rule_id: str) -> None:
        """Delete a rule; sources that were added to its ports since its id was shown stay.

        Raises:
            NotFound: the firewall has no such rule.
        """
        group = self._group(context, firewall_id)
        client = self._ec2(context)
        found = revocation(group, rule_id, self._names(context, client, [group]))
        if found is None:
            raise NotFound("The firewall has no such rule")
        self._revoke(client, group["GroupId"], *found)

    def _authorize(self, client: Client, group_id: str, direction: str, permission: dict[str, Any]) -> None:
        """Let a permission hold."""
        outward = direction == EGRESS
        authorize = client.authorize_security_group_egress if outward else client.authorize_security_group_ingress
        authorize(GroupId=group_id, IpPermissions=[permission])

    def _revoke(self, client: Client, group_id: str, direction: str, permission: dict[str, Any]) -> None:
        """Let it hold no longer."""
        outward = direction == EGRESS
        revoke = client.revoke_security_group_egress if outward else client.revoke_security_group_ingress
        revoke(GroupId=group_id, IpPermissions=[permission])

    def _group(self, context: Context, firewall_id: str) -> Record:
        """The group that a firewall is: by its id, or by its name in the default network.

        Raises:
            NotFound: there is none.
        """
        client = self._ec2(context)
        if is_group_id(firewall_id):
            members = ("SecurityGroups", "GroupId")
            return self._found(client, "describe_security_groups", members, "group-id", firewall_id)
        for group in self._named(context, client, [firewall_id], self._default_network(context)):
            return group
        raise NotFound

    def _named(self, _context: Context, client: Client, names: Iterable[str], network: str | None) -> list[Record]:
        """The groups of some names in a network; without one, those that are in none, as all are on some clouds."""
        wanted = tuple(names)
        narrowed = self._narrowed(("group-name", wanted), ("vpc-id", filter(None, [network])))
        groups = each(client, "describe_security_groups", "SecurityGroups", **narrowed)
        return [one for one in groups if one.get("VpcId") == network and one.get("GroupName") in wanted]

    def _firewall(self, context: Context, group: Record) -> Firewall:
        (firewall,) = self._firewalls(context, self._ec2(context), [group])
        return firewall

    def _firewalls(self, context: Context, client: Client, groups: Iterable[Record]) -> list[Firewall]:
        found = list(groups)
        network, names = self._default_network(context), self._names(context, client, found)
        return [firewall_from(group, network, names) for group in found]

    def _names(self, context: Context, client: Client, groups: list[Record]) -> Mapping[str, str]:
        """What the groups are called that the rules of some groups name; other accounts' are not known."""
        network = self._default_network(context)
        names = {group["GroupId"]: id_of(group, network) for group in groups}
        missing = sorted(referred(groups) - names.keys())
        for start in range(0, len(missing), _AT_ONCE):
            wanted = self._narrowed(("group-id", missing[start : start + _AT_ONCE]))
            for group in each(client, "describe_security_groups", "SecurityGroups", **wanted):
                names[group["GroupId"]] = id_of(group, network)
        return names

    def _source_group(self, context: Context, group: Record, source: GroupSource) -> dict[str, str]:
        """A source group in the API's words. Names are those of the firewall's own network, or the owner's.

        Raises:
            NotFound: the caller has no such group.
        """
        owner = source.owner or group["OwnerId"]
        if is_group_id(source.name):
            return {"GroupId": source.name, "UserId": owner}
        if owner != group["OwnerId"]:
            return {"GroupName": source.name, "UserId": owner}
        for found in self._named(context, self._ec2(context), [source.name], group.get("VpcId")):
            return {"GroupId": found["GroupId"], "UserId": owner}
        raise NotFound(f"There is no firewall {source.name}")

    def _launch_firewalls(self, context: Context, new: NewInstance) -> dict[str, Any]:
        """The parameter that puts new instances into firewalls, which are those of the network launched into.

        Raises:
            NotFound: there is no such firewall, or no such subnet.
        """
        if not new.firewall_ids:
            return {}
        names = [one for one in new.firewall_ids if not is_group_id(one)]
        ids = {} if not names else self._ids_of(context, names, site_of(new.realm_id, new.subnet_id).subnet_id)
        return {"SecurityGroupIds": [ids.get(one, one) for one in new.firewall_ids]}

    def _ids_of(self, context: Context, names: list[str], subnet_id: str | None) -> dict[str, str]:
        network = self._subnet(context, subnet_id)["VpcId"] if subnet_id else self._default_network(context)
        found = {one["GroupName"]: one["GroupId"] for one in self._named(context, self._ec2(context), names, network)}
        for name in names:
            if name not in found:
                raise NotFound(f"There is no firewall {name}")
        return found
