"""Addresses: those of instances, and elastic ones.

Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Address.html
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_address
from typing import Literal

from deltacloud.models import Address, InstanceAddress
from deltacloud_ec2.client import Record

_NONE = "0.0.0.0"  # noqa: S104 - what old clouds say of an instance without an address
_UNAVAILABLE = InstanceAddress("", "hostname")


def instance_addresses(
    name: str | None, address: str | None, further: Iterable[str] = ()
) -> tuple[InstanceAddress, ...]:
    """How an instance is reached: its DNS name, else its address, then its IPv6 addresses.

    Args:
        name: The DNS name; clouds without DNS have an address there.
        address: The IPv4 address.
        further: The IPv6 addresses.

    Returns:
        At least one; its text is empty where the instance has none.
    """
    shown = next((one for one in (name, address) if one and one != _NONE), None)
    more = tuple(InstanceAddress(one, "ipv6") for one in further)
    if shown is None:
        return more or (_UNAVAILABLE,)
    return (InstanceAddress(shown, _kind(shown)), *more)


def _kind(text: str) -> Literal["ipv4", "ipv6", "hostname"]:
    try:
        return "ipv4" if ip_address(text).version == 4 else "ipv6"  # noqa: PLR2004 - the version of the protocol
    except ValueError:
        return "hostname"


def address_from(record: Record) -> Address:
    """An elastic address. An empty instance id is none."""
    return Address(id=record["PublicIp"], instance_id=record.get("InstanceId") or None)


def in_use(record: Record) -> bool:
    """Whether an instance, or an interface without one, has the elastic address."""
    return bool(record.get("AssociationId") or record.get("InstanceId"))


def allocation(record: Record) -> dict[str, str]:
    """The parameter that names an elastic address: by its allocation, or by itself where there are none."""
    found = record.get("AllocationId")
    return {"AllocationId": found} if found else {"PublicIp": record["PublicIp"]}


def association(record: Record) -> dict[str, str]:
    """The parameter that names what an elastic address is associated with, in the same manner."""
    found = record.get("AssociationId")
    return {"AssociationId": found} if found else {"PublicIp": record["PublicIp"]}
