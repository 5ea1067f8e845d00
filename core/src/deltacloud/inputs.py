"""What the core hands in: parameters of a request, parsed, decoded and checked.

Numbers are numbers and bytes are bytes; no driver sees a form, base64 or a numbered parameter. ``None`` is "not sent".
"""

from __future__ import annotations

from ipaddress import IPv4Interface, IPv6Interface
from typing import Literal, TypeAlias

import msgspec

from deltacloud.models import Listener, Pairs
from deltacloud.secret import Secret

__all__ = [
    "AddressSource", "BlobProperties", "ByteRange", "Command", "Filters", "GroupSource", "HardwareOverrides",
    "Listener", "NewBucket", "NewFirewall", "NewFirewallRule", "NewImage", "NewInstance", "NewKey", "NewLoadBalancer",
    "NewNetwork", "NewNetworkInterface", "NewStorageSnapshot", "NewStorageVolume", "NewSubnet", "PageRequest",
]  # fmt: skip


class Input(msgspec.Struct, frozen=True, kw_only=True):
    """Base of everything a hook is told."""


class Filters(Input, frozen=True, kw_only=True):
    """What a list is narrowed to; each a tuple of accepted values, empty for any.

    The core applies every one but ``owner_id`` to what comes back, where the model has the field; a driver may use them
    to ask its cloud for less. ``owner_id`` is the driver's own.
    """

    id: tuple[str, ...] = ()
    state: tuple[str, ...] = ()
    architecture: tuple[str, ...] = ()
    realm_id: tuple[str, ...] = ()
    owner_id: tuple[str, ...] = ()
    tags: Pairs = ()


class PageRequest(Input, frozen=True, kw_only=True):
    """One page of a list: at most ``limit`` items (None: as many as suit the cloud) from ``marker`` on.

    The marker is one that this driver gave out; it has been in a client's hands, so it is to be checked as any input.
    """

    limit: int | None = None
    marker: str | None = None

    def size(self, most: int) -> int:
        """How many items to ask the cloud for, which gives no more than ``most`` at once."""
        return most if self.limit is None else min(self.limit, most)


class HardwareOverrides(Input, frozen=True, kw_only=True):
    """Values of the profile that the client set: memory in MB of 2^20 bytes, storage in GB of 2^30."""

    cpu: int | float | None = None
    memory: int | float | None = None
    storage: int | float | None = None
    architecture: str | None = None


class NewInstance(Input, frozen=True, kw_only=True):
    """An instance to launch.

    Attributes:
        hardware: Only the overrides that the client sent.
        user_data: Decoded from base64.
        user_files: (path, contents) pairs.
        user_iso: Decoded from base64 and gzip.
        count: How many to launch.
        monitoring: Whether detailed monitoring is wanted.
        snapshot: (snapshot id, device) to attach.
        sandbox: A value of the cloud's own, where it has sandbox images.
    """

    image_id: str
    name: str | None = None
    realm_id: str | None = None
    hardware_profile_id: str | None = None
    hardware: HardwareOverrides = HardwareOverrides()
    key_name: str | None = None
    password: Secret | None = None
    user_data: bytes | None = None
    user_files: tuple[tuple[str, bytes], ...] = ()
    user_iso: bytes | None = None
    firewall_ids: tuple[str, ...] = ()
    count: int = 1
    monitoring: bool = False
    snapshot: tuple[str, str] | None = None
    sandbox: str | None = None
    subnet_id: str | None = None
    load_balancer_id: str | None = None
    tags: Pairs = ()


class Command(Input, frozen=True, kw_only=True):
    """A command to run on an instance, and how to log in; ``address`` is None for its first public one."""

    command: str
    username: str | None = None
    password: Secret | None = None
    private_key: Secret | None = None
    address: str | None = None
    port: int = 22


class NewImage(Input, frozen=True, kw_only=True):
    """An image to be made of an instance."""

    instance_id: str
    name: str | None = None
    description: str | None = None
    tags: Pairs = ()


class NewKey(Input, frozen=True, kw_only=True):
    """A key to be generated, or imported when ``public_key`` (its text) is given."""

    name: str
    public_key: str | None = None


class NewFirewall(Input, frozen=True, kw_only=True):
    """A firewall without rules."""

    name: str
    description: str


class AddressSource(Input, frozen=True):
    """Addresses, as an interface: ``10.1.2.3/24`` keeps its host part, which some clouds want and others drop."""

    interface: IPv4Interface | IPv6Interface


class GroupSource(Input, frozen=True):
    """The members of another firewall; ``owner`` is its account."""

    name: str
    owner: str | None = None


FirewallSourceInput: TypeAlias = AddressSource | GroupSource


class NewFirewallRule(Input, frozen=True, kw_only=True):
    """A rule to add; ports are inclusive, None where not sent (all, or a protocol without ports)."""

    protocol: str | None = None
    port_from: int | None = None
    port_to: int | None = None
    direction: Literal["ingress", "egress"] = "ingress"
    sources: tuple[FirewallSourceInput, ...]


class NewLoadBalancer(Input, frozen=True, kw_only=True):
    """A load balancer with its first listeners."""

    name: str
    realm_id: str
    listeners: tuple[Listener, ...]


class NewStorageVolume(Input, frozen=True, kw_only=True):
    """A volume; ``capacity`` in GB of 2^30, None for the cloud's or the snapshot's own."""

    snapshot_id: str | None = None
    capacity: int | float | None = None
    realm_id: str | None = None
    name: str | None = None
    description: str | None = None
    tags: Pairs = ()


class NewStorageSnapshot(Input, frozen=True, kw_only=True):
    """A snapshot to be made of a volume."""

    volume_id: str
    name: str | None = None
    description: str | None = None
    tags: Pairs = ()


class NewNetwork(Input, frozen=True, kw_only=True):
    """A network; ``address_block`` in CIDR notation."""

    address_block: str | None = None
    name: str | None = None


class NewSubnet(Input, frozen=True, kw_only=True):
    """A part of a network; ``address_block`` in CIDR notation."""

    network_id: str
    address_block: str
    name: str | None = None


class NewNetworkInterface(Input, frozen=True, kw_only=True):
    """An interface of an instance; ``network_id`` names a network, or a subnet where the driver has subnets."""

    instance_id: str
    network_id: str
    name: str | None = None


class NewBucket(Input, frozen=True, kw_only=True):
    """A bucket; ``location`` is the cloud's own word for a place."""

    name: str
    location: str | None = None


class ByteRange(Input, frozen=True, kw_only=True):
    """Bytes ``first`` to ``last``, both counted from 0 and included; ``last`` None is "to the end".

    With ``suffix`` set, the last ``suffix`` bytes instead.
    """

    first: int = 0
    last: int | None = None
    suffix: int | None = None

    def within(self, length: int) -> tuple[int, int] | None:
        """(start, end) of the range in a content of ``length`` bytes, the end excluded; None if it lies outside."""
        if self.suffix is not None:
            return (max(0, length - self.suffix), length) if self.suffix and length else None
        if self.first >= length:
            return None
        return self.first, length if self.last is None else min(self.last + 1, length)


class BlobProperties(Input, frozen=True, kw_only=True):
    """What a blob is given besides its content. Metadata names are lower-cased."""

    content_type: str
    metadata: Pairs = ()
