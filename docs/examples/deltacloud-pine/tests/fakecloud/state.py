"""What the fake cloud has."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any, TypeAlias

Record: TypeAlias = dict[str, Any]
"""A thing as the API shows it."""

PLACES: list[Record] = [{"id": name, "name": name.title()} for name in ("centre", "east", "north", "south", "west")]
SIZES: list[Record] = [
    {"id": f"size-{cores:02}", "cores": cores, "memory": 2 * cores, "disk": 20 * cores} for cores in (1, 2, 4, 8, 16)
]
IMAGES: list[Record] = [{"id": f"image-{number}", "name": f"Image {number}", "cpu": "x86_64"} for number in range(1, 6)]


@dataclass(frozen=True)
class File:
    """A file of a box."""

    content: bytes
    type: str
    labels: dict[str, str]
    changed: datetime = field(default_factory=lambda: datetime.now(UTC))

    def about(self, name: str) -> Record:
        """The file as the API shows it."""
        return {
            "name": name,
            "bytes": len(self.content),
            "type": self.type,
            "changed": self.changed.isoformat(),
            "labels": self.labels,
        }


@dataclass
class Account:
    """One tenant: what it has is its own."""

    access_key: str
    servers: dict[str, Record] = field(default_factory=dict)
    keys: dict[str, Record] = field(default_factory=dict)
    boxes: dict[str, dict[str, File]] = field(default_factory=dict)


@dataclass
class FakeCloud:
    """The whole cloud.

    Attributes:
        url: Where its API is.
        accounts: The tenants, by name.
        tokens: The tokens that are good, each with the name of its account.
        asked: Method and path of every request, in order.
        numbers: The numbers of the next servers.
    """

    url: str = ""
    accounts: dict[str, Account] = field(
        default_factory=lambda: {"ann": Account("key-of-ann"), "bob": Account("key-of-bob")}
    )
    tokens: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    numbers: count[int] = field(default_factory=lambda: count(1))
