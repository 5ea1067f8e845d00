"""The columns of lists: what tells the members of a collection apart, and nothing secret."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "addresses": ("associated", "instance"),
    "buckets": ("name", "size"),
    "firewalls": ("name", "description", "owner_id"),
    "hardware_profiles": ("name", "properties"),
    "images": ("name", "description", "owner", "architecture", "state"),
    "instances": ("name", "state", "owner", "image", "hardware_profile", "realm"),
    "keys": ("name", "credential_type", "username", "fingerprint", "state"),
    "load_balancers": ("name", "public_addresses", "realms"),
    "metrics": ("entity", "properties"),
    "network_interfaces": ("name", "ip_address", "instance", "network"),
    "networks": ("name", "state", "address_blocks"),
    "realms": ("name", "state", "limit"),
    "storage_snapshots": ("name", "state", "created", "storage_volume"),
    "storage_volumes": ("name", "state", "capacity", "realm", "instance"),
    "subnets": ("name", "state", "address_block", "network"),
}
"""The members of an item's JSON that a list shows beside its id."""


def shown(collection: str, values: Sequence[Mapping[str, object]]) -> tuple[str, ...]:
    """The columns of a list: those that at least one of its entries fills."""
    return tuple(name for name in _COLUMNS[collection] if any(value.get(name) is not None for value in values))
