"""What an installation holds, and how its machines change."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

MB, GB = 2**20, 2**30
BLANK = "00000000-0000-0000-0000-000000000000"
ADMIN, JANE, JOE = "admin@internal", "jane@example.com", "joe@example.com"
PASSWORDS = {ADMIN: "admin's own password", JANE: "jane's pass;word & more", JOE: "joe's passwörd"}
STATUSES = (
    "unassigned", "down", "up", "powering_up", "paused", "migrating", "unknown", "not_responding", "wait_for_launch",
    "reboot_in_progress", "saving_state", "restoring_state", "suspended", "image_locked", "powering_down",
    "image_illegal", "of_a_later_release",
)  # fmt: skip
"""Every status of the model, one that older releases had, and one that no release has yet."""


def new_id() -> str:
    """A fresh id."""
    return str(uuid.uuid4())


@dataclass
class Card:
    """An interface of a machine; ``profile`` is None for one that leads nowhere."""

    name: str
    profile: str | None
    mac: str
    id: str = field(default_factory=new_id)
    addresses: tuple[str, ...] = ()
    plugged: bool = True


@dataclass
class Attachment:
    """A disk at a machine."""

    disk: str
    bus: str = "virtio_scsi"
    bootable: bool = False
    active: bool = True
    logical_name: str | None = None


@dataclass
class Disk:
    """A disk; ``template`` is set for those of templates, which lists leave out."""

    name: str
    size: int
    domain: str
    owner: str
    description: str = ""
    id: str = field(default_factory=new_id)
    shareable: bool = False
    content: str = "data"
    unlocked: float = 0.0

    @property
    def status(self) -> str:
        """``locked`` while it is being made."""
        return "locked" if time.monotonic() < self.unlocked else "ok"


@dataclass
class Template:
    """A template; ``cluster`` is None for the blank one."""

    name: str
    cluster: str | None
    id: str = field(default_factory=new_id)
    owner: str | None = None
    description: str = ""
    size: int = 0
    memory: int = 1024 * MB
    version: tuple[int, str] = (1, "base version")
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    unlocked: float = 0.0

    @property
    def status(self) -> str:
        """``locked`` while its disks are copied."""
        return "locked" if time.monotonic() < self.unlocked else "ok"


@dataclass
class Machine:
    """A virtual machine.

    Attributes:
        owner: Who sees it in the view of users.
        deaf: Whether its guest does not hear that it is to shut down.
        told: What it was made with, as the request said it.
        starts: What each start was told.
    """

    name: str
    cluster: str
    template: str
    owner: str
    id: str = field(default_factory=new_id)
    type: str = "server"
    description: str = ""
    memory: int = 1024 * MB
    topology: tuple[int, int, int] = (1, 1, 1)
    boot: tuple[str, ...] = ("hd",)
    cards: list[Card] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    consoles: tuple[tuple[str, str, int], ...] = (("vnc", "192.0.2.40", 5900), ("spice", "192.0.2.40", 5901))
    fqdn: str | None = None
    initialization: dict[str, str] = field(default_factory=dict)
    payloads: tuple[tuple[str, str, str], ...] = ()
    deaf: bool = False
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    starts: list[tuple[str, ...]] = field(default_factory=list)
    _status: str = "down"
    _next: list[tuple[float, str]] = field(default_factory=list)

    @property
    def status(self) -> str:
        """Its status now."""
        while self._next and time.monotonic() >= self._next[0][0]:
            self._status = self._next.pop(0)[1]
        return self._status

    def become(self, *statuses: str, each: float = 0.0) -> None:
        """Go through statuses, each of which lasts so many seconds; the last one stays."""
        now = time.monotonic()
        self._status = statuses[0]
        self._next = [(now + each * number, status) for number, status in enumerate(statuses[1:], 1)]


@dataclass
class Cluster:
    """A cluster."""

    name: str
    center: str
    hosts_up: int = 1
    id: str = field(default_factory=new_id)


@dataclass
class Center:
    """A data centre, with a storage domain of its own and a network."""

    name: str
    storage: str
    status: str = "up"
    id: str = field(default_factory=new_id)
    domain: str = field(default_factory=new_id)


@dataclass
class Network:
    """A network and the profiles that lead to it: ids, and whether they pass a host's card through."""

    name: str
    center: str
    usage: str = "vm"
    id: str = field(default_factory=new_id)
    profiles: list[tuple[str, bool]] = field(default_factory=lambda: [(new_id(), True), (new_id(), False)])


@dataclass
class Seen:
    """A request."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    user: str


class State:
    """All that an installation holds; two data centres, of which one has a blank in its name.

    Args:
        seconds: How long a machine is in each status that passes by itself.
        disk_seconds: How long a disk or template is locked when it is made.

    Attributes:
        tokens: Users by the tokens that count.
        seen: What was asked, in order.
        cookies: Cookies that came in.
        pages_of_old: Whether what is not there is told by a page of HTML, as older releases did it.
        lock: Held while a request is answered.
    """

    def __init__(self, seconds: float = 0.02, disk_seconds: float = 0.0) -> None:
        self.seconds = seconds
        self.disk_seconds = disk_seconds
        self.lock = threading.RLock()
        self.tokens: dict[str, str] = {}
        self.logins = 0
        self.seen: list[Seen] = []
        self.cookies: list[str] = []
        self.pages_of_old = False
        self.centers = [Center("Default", "nfs"), Center("South Side", "iscsi")]
        first, second = (center.id for center in self.centers)
        self.clusters = [
            Cluster("beta", first), Cluster("alpha", first), Cluster("empty", first, hosts_up=0),
            Cluster("south", second),
        ]  # fmt: skip
        self.networks = [
            Network("ovirtmgmt", first), Network("storage", first, usage="migration"),
            Network("bare", first, profiles=[]), Network("south net", second), Network("ovirtmgmt", second),
        ]  # fmt: skip
        beta, _, _, south = (cluster.id for cluster in self.clusters)
        created = datetime(2026, 2, 25, 8, 4, 46, tzinfo=UTC)
        self.templates = [
            Template("Blank", None, BLANK, description="Blank template", created=datetime(2008, 4, 1, tzinfo=UTC)),
            Template("Rocky 9", beta, size=10 * GB, description="Rocky Linux 9", created=created),
            Template("Rocky 9", beta, size=10 * GB, version=(2, "with podman"), created=created),
            Template("Debian 12", south, size=5 * GB, created=created),
        ]
        self.disks: list[Disk] = []
        self.machines: list[Machine] = []

    def template(self, name: str, version: int = 1) -> Template:
        """A template by its name."""
        return next(one for one in self.templates if (one.name, one.version[0]) == (name, version))

    def profile(self, network: int = 0) -> str:
        """The id of a profile that machines can use."""
        return next(profile for profile, passes in self.networks[network].profiles if not passes)

    def center_of(self, cluster: str | None) -> str | None:
        """The id of a cluster's data centre."""
        return next((one.center for one in self.clusters if one.id == cluster), None)

    def disks_of(self, machine: Machine) -> Iterator[Disk]:
        """The disks of a machine."""
        for attachment in machine.attachments:
            yield self.disk(attachment.disk)

    def disk(self, identifier: str) -> Disk:
        """A disk by its id; raises KeyError."""
        for disk in self.disks:
            if disk.id == identifier:
                return disk
        raise KeyError(identifier)

    def users_of(self, disk: Disk) -> list[Machine]:
        """The machines that have a disk."""
        return [one for one in self.machines if any(disk.id == attachment.disk for attachment in one.attachments)]

    def add_machine(self, name: str, owner: str = ADMIN, status: str = "down", *, cluster: int = 0) -> Machine:
        """A machine with an interface and a disk of 10 GB, past the API."""
        place = self.clusters[cluster]
        center = next(one for one in self.centers if one.id == place.center)
        template = self.template("Rocky 9") if cluster < 3 else self.template("Debian 12")
        machine = Machine(name, place.id, template.id, owner)
        network = next(number for number, one in enumerate(self.networks) if one.center == place.center)
        machine.cards.append(Card("nic1", self.profile(network), f"56:6f:00:00:00:{len(self.machines):02x}"))
        disk = Disk(f"{name}_Disk1", 10 * GB, center.domain, owner)
        self.disks.append(disk)
        machine.attachments.append(Attachment(disk.id, "virtio", bootable=True))
        machine.become(status)
        self.machines.append(machine)
        return machine

    def add_every_status(self) -> dict[str, Machine]:
        """A machine in each status, by status."""
        return {status: self.add_machine(f"in-{status}", status=status) for status in STATUSES}

    def expire_tokens(self) -> None:
        """Forget all logins."""
        with self.lock:
            self.tokens.clear()
