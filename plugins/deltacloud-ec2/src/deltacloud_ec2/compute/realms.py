"""Hooks about the cloud itself: providers, the account, and realms."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from deltacloud.context import Context
from deltacloud.errors import Forbidden, NotFound
from deltacloud.models import Provider, Realm
from deltacloud_ec2.client import Client, each
from deltacloud_ec2.compute.base import ComputeBase
from deltacloud_ec2.compute.meanings import meant
from deltacloud_ec2.mapping.realms import AVAILABLE, provider_from, site_of, subnet_realm_from, zone_from


class RealmHooks(ComputeBase):
    """Regions are providers; zones, and subnets in them, are realms."""

    def list_providers(self, context: Context) -> Iterator[Provider]:
        """The regions that the account has enabled."""
        yield from map(provider_from, self._ec2(context).describe_regions().get("Regions") or ())

    def inspect_account(self, context: Context) -> frozenset[str] | None:
        """Checks the credentials, by asking for the zones; whoever may not ask is known all the same."""
        with suppress(Forbidden), meant():
            self._ec2(context).describe_availability_zones()
        return None

    def list_realms(self, context: Context) -> Iterator[Realm]:
        """The zones, then the subnets."""
        client = self._ec2(context)
        yield from map(zone_from, client.describe_availability_zones().get("AvailabilityZones") or ())
        yield from self._subnet_realms(client)

    def get_realm(self, context: Context, realm_id: str) -> Realm:
        """A zone, or a subnet in one."""
        client = self._ec2(context)
        if site_of(realm_id).subnet_id:
            found = self._subnet_realms(client, realm_id)
        else:
            found = map(zone_from, client.describe_availability_zones().get("AvailabilityZones") or ())
        for realm in found:
            if realm.id == realm_id:
                return realm
        raise NotFound

    def _subnet_realms(self, client: Client, realm_id: str = "") -> Iterator[Realm]:
        """The subnets as realms; all of them, or at most one."""
        wanted = self._narrowed(("subnet-id", filter(None, [site_of(realm_id).subnet_id])))
        return map(subnet_realm_from, each(client, "describe_subnets", "Subnets", **wanted))

    def _zone(self, context: Context, realm_id: str | None) -> str:
        """The zone of a realm, or without one the first that is available.

        Raises:
            NotFound: no zone is available.
        """
        zone = site_of(realm_id).zone
        if zone:
            return zone
        for record in self._ec2(context).describe_availability_zones().get("AvailabilityZones") or ():
            if record.get("State") == AVAILABLE:
                return str(record["ZoneName"])
        raise NotFound("No availability zone is available")
