"""What a driver returns: plain, frozen, typed values.

Fields have the names of the XML representation; links are ids. ``None`` is "not
known" and its element is left out, ``()`` is "known to be none" and its element is empty, ``""`` is a value. Times are
aware ``datetime``s; memory is in MB of 2^20 bytes, storage in GB of 2^30. Nothing is checked when a
model is built: lists have thousands.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from ipaddress import IPv4Interface, IPv6Interface
from typing import Generic, Literal, TypeAlias, TypeVar

import msgspec

from deltacloud.hardware import HardwareProperty
from deltacloud.secret import Secret

__all__ = [
    "Address", "Blob", "BlobEntry", "Bucket", "CommandOutput", "Firewall", "FirewallRule", "FirewallSource",
    "HardwareProfile", "HardwareProperty", "Image", "Instance", "InstanceAddress", "Key", "Listener", "LoadBalancer",
    "Metric", "MetricProperty", "MetricSample", "Model", "Network", "NetworkInterface", "Page", "Pairs", "Provider",
    "Realm", "StorageSnapshot", "StorageVolume", "Subnet",
]  # fmt: skip

Pairs: TypeAlias = tuple[tuple[str, str], ...]
"""A mapping as hashable pairs, in the order shown."""


class Model(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Base of the models that have an id and can be listed."""

    id: str


class Realm(Model, frozen=True, kw_only=True, gc=False):
    """A place where things run: a zone, a data centre.

    Attributes:
        state: ``AVAILABLE``, or the cloud's own word for why not.
        limit: How many instances it takes; None is unlimited.
    """

    name: str | None = None
    state: str | None = None
    limit: int | None = None


class HardwareProfile(Model, frozen=True, kw_only=True, gc=False):
    """A size of instance. Properties print in the order given; one without properties leaves the check to the cloud."""

    name: str | None = None
    properties: tuple[HardwareProperty, ...] = ()

    def property(self, name: str) -> HardwareProperty | None:
        """The property of that name, or None."""
        return next((one for one in self.properties if one.name == name), None)


class Image(Model, frozen=True, kw_only=True, gc=False):
    """What an instance is launched from.

    Attributes:
        architecture: ``x86_64``, ``i386``, ``arm64``, ...
        state: ``AVAILABLE`` for one that can be launched, else the cloud's own word.
        hardware_profile_ids: The sizes that it can be launched with; None where all will do, or the cloud does not say.
        root_type: Whether an instance's root disk goes with it, or stays.
    """

    name: str | None = None
    description: str | None = None
    owner_id: str | None = None
    architecture: str | None = None
    state: str | None = None
    creation_time: datetime | None = None
    hardware_profile_ids: tuple[str, ...] | None = None
    root_type: Literal["transient", "persistent"] = "transient"
    tags: Pairs | None = None


class InstanceAddress(msgspec.Struct, frozen=True, gc=False):
    """An address of an instance; ``port`` is set for VNC. An empty text shows as ``unavailable``."""

    address: str
    type: Literal["ipv4", "ipv6", "hostname", "mac", "vnc"] = "ipv4"
    port: int | None = None


class Instance(Model, frozen=True, kw_only=True, gc=False):
    """A machine.

    Attributes:
        owner_id: Whose it is: in many clouds the user name of the credentials.
        state: One of the declared states in capitals, such as ``RUNNING``.
        hardware_overrides: (property, value) pairs that differ from the profile's defaults.
        actions: What may be done now; None lets the declared state machine say.
        storage_volumes: (volume id, device or None) pairs.
        authentication_error: What is wrong with the login, if anything.
        create_image: Whether an image can be made of it now.
    """

    name: str | None = None
    owner_id: str | None = None
    image_id: str | None = None
    realm_id: str | None = None
    state: str | None = None
    hardware_profile_id: str | None = None
    hardware_overrides: Pairs = ()
    actions: tuple[str, ...] | None = None
    launch_time: datetime | None = None
    public_addresses: tuple[InstanceAddress, ...] = ()
    private_addresses: tuple[InstanceAddress, ...] = ()
    firewall_ids: tuple[str, ...] | None = None
    storage_volumes: tuple[tuple[str, str | None], ...] = ()
    authentication_error: str | None = None
    username: str | None = None
    password: Secret | None = None
    key_name: str | None = None
    network_interface_ids: tuple[str, ...] | None = None
    create_image: bool = False
    tags: Pairs | None = None


class CommandOutput(msgspec.Struct, frozen=True, gc=False):
    """What a command on an instance printed; ``address`` is the one it was reached by."""

    address: str | None
    output: str


class Key(Model, frozen=True, kw_only=True, gc=False):
    """A way to log in: a key pair (``fingerprint``, ``pem``) or a password (``username``, ``password``)."""

    name: str | None = None
    type: Literal["key", "password"] = "key"
    fingerprint: str | None = None
    pem: Secret | None = None
    username: str | None = None
    password: Secret | None = None
    state: str | None = None


class Address(Model, frozen=True, kw_only=True, gc=False):
    """A public address that can be moved between instances; its id is the address itself."""

    instance_id: str | None = None


class FirewallSource(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Where a rule lets traffic come from (or go to): addresses, or the members of another firewall."""

    type: Literal["address", "group"]
    family: Literal["ipv4", "ipv6"] | None = None
    address: str | None = None
    prefix: str | None = None
    name: str | None = None
    owner: str | None = None

    @classmethod
    def of_addresses(cls, interface: IPv4Interface | IPv6Interface) -> FirewallSource:
        """Addresses as a source; the host part of the interface is kept."""
        return cls(
            type="address",
            family="ipv6" if isinstance(interface, IPv6Interface) else "ipv4",
            address=str(interface.ip),
            prefix=str(interface.network.prefixlen),
        )


class FirewallRule(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One rule. Ports are text, as clouds print them; ``rule_action`` is ``accept`` or ``deny`` where known."""

    id: str
    allow_protocol: str | None = None
    port_from: str | None = None
    port_to: str | None = None
    direction: str | None = None
    rule_action: str | None = None
    log_rule: bool | None = None
    sources: tuple[FirewallSource, ...] = ()


class Firewall(Model, frozen=True, kw_only=True, gc=False):
    """A named set of rules."""

    name: str | None = None
    description: str | None = None
    owner_id: str | None = None
    rules: tuple[FirewallRule, ...] = ()


class Listener(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A port of a load balancer, and the port of the instances behind it."""

    protocol: str
    load_balancer_port: int
    instance_port: int


class LoadBalancer(Model, frozen=True, kw_only=True, gc=False):
    """``instances`` holds instances, or their ids where the cloud gives no more; the core reads those when needed."""

    name: str | None = None
    realm_ids: tuple[str, ...] = ()
    public_addresses: tuple[str, ...] = ()
    created_at: datetime | None = None
    listeners: tuple[Listener, ...] = ()
    instances: tuple[Instance | str, ...] = ()


class StorageVolume(Model, frozen=True, kw_only=True, gc=False):
    """A disk.

    Attributes:
        capacity: In GB of 2^30.
        kind: The cloud's own word for what it is made of.
        device: What it is on the instance that it is attached to.
        state: ``AVAILABLE``, ``IN-USE``, or the cloud's own word.
        instance_id: The instance that it is attached to.
        actions: What may be done now; None shows none.
    """

    name: str | None = None
    description: str | None = None
    created: datetime | None = None
    capacity: int | float | None = None
    kind: str | None = None
    device: str | None = None
    realm_id: str | None = None
    state: str | None = None
    instance_id: str | None = None
    actions: tuple[Literal["attach", "detach", "destroy"], ...] | None = None
    tags: Pairs | None = None


class StorageSnapshot(Model, frozen=True, kw_only=True, gc=False):
    """A copy of a volume at a moment."""

    name: str | None = None
    description: str | None = None
    state: str | None = None
    created: datetime | None = None
    storage_volume_id: str | None = None
    tags: Pairs | None = None


class MetricSample(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Readings of one period; ``timestamp`` is in Unix seconds, ``unit`` as the cloud calls it."""

    minimum: int | float | None = None
    maximum: int | float | None = None
    average: int | float | None = None
    samples: int | float | None = None
    timestamp: int | None = None
    unit: str | None = None


class MetricProperty(msgspec.Struct, frozen=True, gc=False):
    """One thing measured; ``samples`` is None in lists."""

    name: str
    samples: tuple[MetricSample, ...] | None = None


class Metric(Model, frozen=True, kw_only=True, gc=False):
    """What is measured about ``entity`` (a name, else the id)."""

    entity: str | None = None
    properties: tuple[MetricProperty, ...] = ()


class Network(Model, frozen=True, kw_only=True, gc=False):
    """A private network; ``address_blocks`` are in CIDR notation."""

    name: str | None = None
    state: str | None = None
    address_blocks: tuple[str, ...] = ()
    subnet_ids: tuple[str, ...] = ()


class Subnet(Model, frozen=True, kw_only=True, gc=False):
    """A part of a network; ``address_block`` is in CIDR notation."""

    name: str | None = None
    state: str | None = None
    type: str | None = None
    address_block: str | None = None
    network_id: str | None = None


class NetworkInterface(Model, frozen=True, kw_only=True, gc=False):
    """``network_id`` names a subnet where the driver has subnets, else a network."""

    name: str | None = None
    ip_address: str | None = None
    network_id: str | None = None
    instance_id: str | None = None


class Bucket(Model, frozen=True, kw_only=True, gc=False):
    """``size`` counts blobs; None where the cloud does not say without a listing. ``blob_ids``: where they are free."""

    name: str | None = None
    size: int | None = None
    blob_ids: tuple[str, ...] | None = None


class BlobEntry(Model, frozen=True, kw_only=True, gc=False):
    """A blob in a list: what the list has for free. With ``is_prefix`` it stands for all names that begin so."""

    content_length: int | None = None
    last_modified: datetime | None = None
    etag: str | None = None
    is_prefix: bool = False


class Blob(Model, frozen=True, kw_only=True, gc=False):
    """A blob without its content. ``content_length`` is in bytes, ``etag`` without quotes."""

    bucket_id: str
    content_length: int | None = None
    content_type: str | None = None
    last_modified: datetime | None = None
    user_metadata: Pairs = ()
    etag: str | None = None


class Provider(Model, frozen=True, kw_only=True, gc=False):
    """A region or installation.

    Attributes:
        value: What a client sends; the id if None.
        aliases: Other names for it.
        entry_points: (kind, host or URL) pairs, such as ``("s3", "s3.amazonaws.com")``. For providers that are
            endpoints of whoever runs them, one of the kind ``default`` shows how they are written.
    """

    name: str | None = None
    value: str | None = None
    aliases: tuple[str, ...] = ()
    entry_points: Pairs = ()


Item = TypeVar("Item", bound=Model)


class Page(Generic[Item]):
    """One page of a list: its items, and the driver's own marker of the next page (None at the end)."""

    __slots__ = ("items", "next_marker")

    def __init__(self, items: Iterable[Item], next_marker: str | None = None) -> None:
        self.items = items
        self.next_marker = next_marker
