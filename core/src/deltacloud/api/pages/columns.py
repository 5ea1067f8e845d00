"""The columns of lists: what tells the members of a collection apart, and nothing secret."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "addresses": ("associated", "instance"),
    "buckets": ("size",),
    "firewalls": ("description", "owner_id"),
    "hardware_profiles": ("properties",),
    "images": ("description", "owner", "architecture", "state"),
    "instances": ("state", "public_addresses", "image", "hardware_profile", "realm", "owner"),
    "keys": ("credential_type", "username", "fingerprint", "state"),
    "load_balancers": ("public_addresses", "realms"),
    "metrics": ("entity", "properties"),
    "network_interfaces": ("ip_address", "instance", "network"),
    "networks": ("state", "address_blocks"),
    "realms": ("state", "limit"),
    "storage_snapshots": ("state", "created", "storage_volume"),
    "storage_volumes": ("state", "capacity", "realm", "instance"),
    "subnets": ("state", "address_block", "network"),
}
"""The members of an item's JSON that a list shows beside its id."""


def shown(collection: str, values: Sequence[Mapping[str, object]]) -> tuple[str, ...]:
    """The columns of a list: those that at least one of its entries fills."""
    return tuple(name for name in _COLUMNS[collection] if any(value.get(name) is not None for value in values))
