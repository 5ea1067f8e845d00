"""DigitalOcean's records, as far as they are read: one structure for each, with the cloud's own names.

What is not always there, or hidden from a token with few scopes, is None; what stands here without a default the cloud
always sends, and an answer without it makes no sense.
"""

from __future__ import annotations

from datetime import datetime

import msgspec


class Record(msgspec.Struct, frozen=True):
    """Base of all records; the first field of each is what tells it from others of its kind."""

    @property
    def identity(self) -> object:
        """The first field."""
        return getattr(self, self.__struct_fields__[0])


class Region(Record, frozen=True):
    """A place: https://docs.digitalocean.com/reference/api/reference/regions/."""

    slug: str
    name: str | None = None
    available: bool = True


class Size(Record, frozen=True):
    """A size: memory in MiB, disk in GiB; prices in dollars."""

    slug: str
    memory: int
    vcpus: int
    disk: int
    price_monthly: float = 0.0
    regions: tuple[str, ...] = ()
    available: bool = True
    description: str | None = None


class Image(Record, frozen=True):
    """An image, the user's own snapshots and backups included."""

    id: int
    name: str | None = None
    distribution: str | None = None
    public: bool = False
    regions: tuple[str, ...] = ()
    created_at: datetime | None = None
    min_disk_size: int | None = None
    description: str | None = None
    tags: tuple[str, ...] | None = None
    status: str | None = None


class Network(Record, frozen=True):
    """An address of a droplet's; ``type`` is ``public`` or ``private``."""

    ip_address: str
    type: str | None = None


class ImageRef(Record, frozen=True):
    """An image inside a droplet."""

    id: int | None = None


class RegionRef(Record, frozen=True):
    """A region inside another record."""

    slug: str | None = None


class Networks(Record, frozen=True):
    """All addresses of a droplet's."""

    v4: tuple[Network, ...] = ()
    v6: tuple[Network, ...] = ()


class Droplet(Record, frozen=True):
    """A droplet. ``locked``: the cloud is busy with it, and refuses whatever else is asked."""

    id: int
    name: str | None = None
    status: str | None = None
    locked: bool = False
    created_at: datetime | None = None
    image: ImageRef | None = None
    region: RegionRef | None = None
    size_slug: str | None = None
    networks: Networks | None = None
    volume_ids: tuple[str, ...] | None = None
    tags: tuple[str, ...] | None = None
    vpc_uuid: str | None = None


class Action(Record, frozen=True):
    """Something that takes time; ``status`` is ``in-progress``, ``completed`` or ``errored``."""

    id: int
    status: str
    type: str | None = None
    started_at: datetime | None = None


class Key(Record, frozen=True):
    """A public key."""

    id: int
    name: str | None = None
    public_key: str | None = None
    fingerprint: str | None = None


class Peers(Record, frozen=True):
    """Where a rule lets traffic come from or go to."""

    addresses: tuple[str, ...] | None = None
    droplet_ids: tuple[int, ...] | None = None
    load_balancer_uids: tuple[str, ...] | None = None
    kubernetes_ids: tuple[str, ...] | None = None
    tags: tuple[str, ...] | None = None


class Rule(Record, frozen=True):
    """A rule; it has no id. ``ports`` is one port, a range, or ``0`` for all."""

    protocol: str
    ports: str | None = None
    sources: Peers | None = None
    destinations: Peers | None = None


class Firewall(Record, frozen=True):
    """A firewall; it holds for droplets by their ids and by their tags."""

    id: str
    name: str | None = None
    inbound_rules: tuple[Rule, ...] | None = None
    outbound_rules: tuple[Rule, ...] | None = None
    droplet_ids: tuple[int, ...] | None = None
    tags: tuple[str, ...] | None = None


class Tagged(Record, frozen=True):
    """What bears a tag."""

    count: int = 0


class Tag(Record, frozen=True):
    """A tag."""

    name: str
    resources: Tagged | None = None


class DropletRef(Record, frozen=True):
    """A droplet inside another record; an empty object where there is none."""

    id: int | None = None


class ReservedAddress(Record, frozen=True):
    """A reserved IPv4 address."""

    ip: str
    droplet: DropletRef | None = None


class ForwardingRule(Record, frozen=True):
    """A port of a load balancer, and where it leads."""

    entry_protocol: str
    entry_port: int
    target_port: int


class LoadBalancer(Record, frozen=True):
    """A load balancer; ``ip`` is empty until it has one."""

    id: str
    name: str | None = None
    ip: str | None = None
    ipv6: str | None = None
    created_at: datetime | None = None
    forwarding_rules: tuple[ForwardingRule, ...] = ()
    droplet_ids: tuple[int, ...] | None = None
    region: RegionRef | None = None


class Vpc(Record, frozen=True):
    """A private network of one region."""

    id: str
    name: str | None = None
    ip_range: str | None = None


class Volume(Record, frozen=True):
    """A volume; attached to at most one droplet."""

    id: str
    name: str | None = None
    description: str | None = None
    size_gigabytes: int | None = None
    created_at: datetime | None = None
    droplet_ids: tuple[int, ...] | None = None
    region: RegionRef | None = None
    tags: tuple[str, ...] | None = None


class Snapshot(Record, frozen=True):
    """A snapshot of a droplet or of a volume; droplets' have numbers for ids, in some answers as text."""

    id: str | int
    name: str | None = None
    created_at: datetime | None = None
    regions: tuple[str, ...] = ()
    min_disk_size: int | None = None
    resource_id: str | None = None
    tags: tuple[str, ...] | None = None


class Series(Record, frozen=True):
    """Readings of one thing: its labels, and pairs of Unix seconds and a number, in most answers as text."""

    metric: dict[str, str]
    values: tuple[tuple[int | float | str, int | float | str], ...]


class Measurements(Record, frozen=True):
    """What was measured: https://docs.digitalocean.com/reference/api/reference/monitoring/."""

    result: tuple[Series, ...]
