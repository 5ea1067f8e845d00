"""Realms: availability zones, and the subnets in them, which are realms of the form ``zone:subnet``.

Sources: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AvailabilityZone.html and
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Subnet.html
"""

from __future__ import annotations

from typing import NamedTuple

from deltacloud.models import Provider, Realm
from deltacloud_ec2.client import Record

AVAILABLE = "available"


class Site(NamedTuple):
    """Where something is to be: in a zone, in a subnet, or wherever the cloud likes (both None)."""

    zone: str | None = None
    subnet_id: str | None = None


def realm_id_of(zone: str, subnet_id: str | None) -> str:
    """The id of the realm that a zone, or a subnet in it, is."""
    return f"{zone}:{subnet_id}" if subnet_id else zone


def site_of(realm_id: str | None, subnet_id: str | None = None) -> Site:
    """What a realm's id means; a subnet that is named beside it wins."""
    zone, _, within = (realm_id or "").partition(":")
    return Site(zone or None, subnet_id or within or None)


def zone_from(record: Record) -> Realm:
    """A zone; there is room for nothing in one that is not available."""
    state = record.get("State")
    name = record["ZoneName"]
    return Realm(id=name, name=name, state=state, limit=None if state == AVAILABLE else 0)


def subnet_realm_from(record: Record) -> Realm:
    """A subnet as a realm."""
    name = realm_id_of(record["AvailabilityZone"], record["SubnetId"])
    return Realm(id=name, name=name, state=record.get("State"))


def provider_from(record: Record) -> Provider:
    """A region as a provider."""
    return Provider(id=record["RegionName"], name=record["RegionName"])
