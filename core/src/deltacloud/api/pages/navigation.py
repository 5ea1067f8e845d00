"""The collections of a driver in groups, as the pages' menu shows them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from deltacloud.api import collections

if TYPE_CHECKING:
    from deltacloud.api.operations import Collection
    from deltacloud.kernel import LoadedDriver

_GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Compute", ("instances", "images", "hardware_profiles", "realms", "keys", "metrics", "instance_states")),
    ("Storage", ("buckets", "storage_volumes", "storage_snapshots")),
    ("Network", ("addresses", "firewalls", "load_balancers", "networks", "subnets", "network_interfaces")),
)
_APART = frozenset({"drivers"})
"""What is about the server, and not about the cloud."""


@dataclass(frozen=True, slots=True)
class Group:
    """Collections that belong together."""

    title: str
    collections: tuple[Collection, ...]


def grouped(names: frozenset[str]) -> tuple[Group, ...]:
    """The collections of these names in groups, those that no group knows in one of their own."""
    known = [(title, [one for one in members if one in names]) for title, members in _GROUPS]
    others = names - _APART - {one for _, members in known for one in members}
    known.append(("Other", sorted(others)))
    return tuple(
        Group(title, tuple(collections.BY_NAME[one] for one in members)) for title, members in known if members
    )


@lru_cache(maxsize=64)
def groups(driver: LoadedDriver) -> tuple[Group, ...]:
    """The collections of a driver, whatever the account has of them."""
    return grouped(frozenset(one.name for one in collections.COLLECTIONS if one.listed and one.available(driver)))
