"""What the pretended DigitalOcean holds: two accounts, what is everybody's, and actions that take a moment."""

from __future__ import annotations

import itertools
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeAlias

Record: TypeAlias = dict[str, Any]

TOKEN = "dop_v1_" + "5d" * 32
OTHER_TOKEN = "dop_v1_" + "7c" * 32
WRONG_TOKEN = "dop_v1_" + "00" * 32
_FEATURES = ["backups", "ipv6", "metadata", "install_agent", "storage", "image_transfer"]


class Refused(Exception):
    """An answer that is an error."""

    def __init__(self, status: int, word: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.word = word
        self.message = message


def not_found() -> Refused:
    """What DigitalOcean says of what is not there."""
    return Refused(404, "not_found", "The resource you requested could not be found.")


def unprocessable(message: str) -> Refused:
    """What it says of what it understands and cannot do."""
    return Refused(422, "unprocessable_entity", message)


def _size(slug: str, memory: int, vcpus: int, disk: int, price: float, regions: list[str], **more: object) -> Record:
    return {
        "slug": slug,
        "memory": memory,
        "vcpus": vcpus,
        "disk": disk,
        "transfer": 1.0,
        "price_monthly": price,
        "price_hourly": round(price / 672, 5),
        "regions": regions,
        "available": True,
        "description": "Basic",
        **more,
    }


_EVERYWHERE = ["ams3", "fra1", "nyc1", "nyc3"]
SIZES = [
    _size("s-1vcpu-1gb", 1024, 1, 25, 6.0, _EVERYWHERE),
    _size("s-1vcpu-512mb-10gb", 512, 1, 10, 4.0, ["nyc1", "nyc3"]),
    _size("s-1vcpu-2gb", 2048, 1, 50, 12.0, _EVERYWHERE),
    _size("s-2vcpu-4gb", 4096, 2, 80, 24.0, _EVERYWHERE),
    _size("512mb", 512, 1, 20, 5.0, ["sfo1"], available=False, description="Legacy Basic"),
    _size("gpu-h100x1-80gb", 245760, 20, 720, 2522.0, ["nyc3"], description="H100 GPU - 1X"),
]
REGIONS: list[Record] = [
    {"slug": slug, "name": name, "features": _FEATURES, "available": slug in _EVERYWHERE, "sizes": [
        size["slug"] for size in SIZES if slug in size["regions"]]}
    for slug, name in (("sfo1", "San Francisco 1"), ("nyc3", "New York 3"), ("ams3", "Amsterdam 3"),
                       ("fra1", "Frankfurt 1"), ("nyc1", "New York 1"))
]  # fmt: skip


def region_of(slug: object) -> Record | None:
    """The region of that slug."""
    return next((one for one in REGIONS if one["slug"] == slug), None)


def image_record(identifier: int, name: str, **more: object) -> Record:
    """An image."""
    return {
        "id": identifier,
        "name": name,
        "type": "base",
        "distribution": "Ubuntu",
        "slug": None,
        "public": False,
        "regions": list(_EVERYWHERE),
        "created_at": stamp(),
        "min_disk_size": 10,
        "size_gigabytes": 2.36,
        "description": "",
        "tags": [],
        "status": "available",
        "error_message": "",
        **more,
    }


def stamp() -> str:
    """Now, as DigitalOcean writes it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


PUBLIC_IMAGES = [
    image_record(63663980, "22.04 (LTS) x64", slug="ubuntu-22-04-x64", public=True, description="Ubuntu 22.04 x64"),
    image_record(63663981, "24.04 (LTS) x64", slug="ubuntu-24-04-x64", public=True),
    image_record(12658446, "7.0 x32", slug="debian-7-0-x32", public=True, distribution="Debian", min_disk_size=20),
    image_record(72067661, "12 x64", slug="debian-12-x64", public=True, distribution="Debian"),
    image_record(53893572, "Discourse on Ubuntu", slug="discourse-22-04", public=True, min_disk_size=50),
]


@dataclass
class Account:
    """What belongs to one token.

    Attributes:
        name: Whose it is.
        droplets: By id, and so all that follows; values are records as they are answered.
        images: Of the account's own.
        told: The body that each droplet was created with, by its id.
        actions: By id, with their ends.
        doomed: Ids of droplets that are being deleted, with the moment when they are gone.
        limit: How many droplets there may be.
    """

    name: str
    droplets: dict[int, Record] = field(default_factory=dict)
    images: dict[int, Record] = field(default_factory=dict)
    keys: dict[int, Record] = field(default_factory=dict)
    firewalls: dict[str, Record] = field(default_factory=dict)
    tags: set[str] = field(default_factory=set)
    addresses: dict[str, Record] = field(default_factory=dict)
    balancers: dict[str, Record] = field(default_factory=dict)
    vpcs: dict[str, Record] = field(default_factory=dict)
    volumes: dict[str, Record] = field(default_factory=dict)
    snapshots: dict[str, Record] = field(default_factory=dict)
    told: dict[int, Record] = field(default_factory=dict)
    actions: dict[int, Action] = field(default_factory=dict)
    doomed: dict[int, float] = field(default_factory=dict)
    limit: int = 100

    def __post_init__(self) -> None:
        for number, region in enumerate(REGIONS):
            identifier = str(uuid.uuid4())
            self.vpcs[identifier] = vpc_record(
                identifier, f"default-{region['slug']}", region["slug"], f"10.{100 + number}.0.0/20", default=True
            )


@dataclass
class Action:
    """Something that takes a moment.

    Attributes:
        record: As it is answered.
        ends: When it is completed.
        effect: What it changes then.
        busy: What it keeps busy meanwhile: a kind and an id.
    """

    record: Record
    ends: float
    effect: Callable[[], None]
    busy: tuple[str, object]


def vpc_record(identifier: str, name: str, region: str, block: str, *, default: bool = False) -> Record:
    """A VPC."""
    return {
        "id": identifier,
        "urn": f"do:vpc:{identifier}",
        "name": name,
        "description": "",
        "region": region,
        "ip_range": block,
        "default": default,
        "created_at": stamp(),
    }


class Cloud:
    """The cloud.

    Args:
        seconds: How long an action takes.

    Attributes:
        url: Where it is.
        accounts: By token.
        missing_scopes: Scopes that a token has not, by token.
        seen: The names of the operations that were asked for, in order.
        queries: Their queries.
        requests: Method, target and body of each.
        violations: Whatever a request or an answer had that the document does not allow.
        orders: Answers that were ordered, by the operation's name: each is given once, in turn.
        lock: Held while a request is answered.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.url = ""
        self.accounts = {TOKEN: Account("ann"), OTHER_TOKEN: Account("bob")}
        self.missing_scopes: dict[str, set[str]] = {}
        self.seen: list[str] = []
        self.queries: list[str] = []
        self.requests: list[tuple[str, str, bytes]] = []
        self.violations: list[str] = []
        self.orders: dict[str, list[tuple[int, Record | bytes, dict[str, str]]]] = {}
        self.lock = threading.Lock()
        self._numbers = itertools.count(3164444)

    @property
    def main(self) -> Account:
        """The account of :data:`TOKEN`."""
        return self.accounts[TOKEN]

    def order(self, operation: str, status: int, answer: Record | bytes, **headers: str) -> None:
        """Have the next request for an operation answered so; ``_`` in a header's name is a hyphen."""
        given = {name.replace("_", "-"): text for name, text in headers.items()}
        self.orders.setdefault(operation, []).append((status, answer, given))

    def number(self) -> int:
        """A number that nothing else has."""
        return next(self._numbers)

    def begin(
        self, account: Account, kind: str, resource: tuple[str, object], effect: Callable[[], None], region: str
    ) -> Record:
        """Begin an action on a resource."""
        identifier = self.number()
        record = {
            "id": identifier,
            "status": "in-progress",
            "type": kind,
            "started_at": stamp(),
            "completed_at": None,
            "resource_id": resource[1] if isinstance(resource[1], int) else None,
            "resource_type": resource[0],
            "region": region_of(region),
            "region_slug": region,
        }
        account.actions[identifier] = Action(record, time.monotonic() + self.seconds, effect, resource)
        return record

    def is_busy(self, account: Account, resource: tuple[str, object]) -> bool:
        """Whether an action keeps a resource busy."""
        return any(one.busy == resource and one.record["status"] == "in-progress" for one in account.actions.values())

    def settle(self) -> None:
        """Let happen what is due."""
        now = time.monotonic()
        for account in self.accounts.values():
            for action in account.actions.values():
                if action.record["status"] == "in-progress" and now >= action.ends:
                    action.record |= {"status": "completed", "completed_at": stamp()}
                    action.effect()
            for identifier in [one for one, gone in account.doomed.items() if now >= gone]:
                del account.doomed[identifier]
                self._remove(account, identifier)

    def _remove(self, account: Account, identifier: int) -> None:
        account.droplets.pop(identifier, None)
        for volume in account.volumes.values():
            volume["droplet_ids"] = [one for one in volume["droplet_ids"] if one != identifier]
        for holder in (*account.firewalls.values(), *account.balancers.values()):
            holder["droplet_ids"] = [one for one in holder["droplet_ids"] if one != identifier]
        for address in account.addresses.values():
            if address["droplet"] is not None and address["droplet"]["id"] == identifier:
                address["droplet"] = None
