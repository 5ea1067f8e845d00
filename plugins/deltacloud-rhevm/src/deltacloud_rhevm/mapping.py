"""What the engine's documents say, in the words of Deltacloud: pure functions, element in, model out.

Version 3 wrote as attributes, or one level deeper, what version 4 writes as elements; these functions read both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Literal

from deltacloud.hardware import fixed, span
from deltacloud.models import (
    HardwareProfile,
    Image,
    Instance,
    InstanceAddress,
    Network,
    NetworkInterface,
    Pairs,
    Realm,
    StorageVolume,
)
from deltacloud.texts import moment
from deltacloud_rhevm.documents import Element, identifier, number, text, whole

MB, GB = 2**20, 2**30
SERVER, DESKTOP = "SERVER", "DESKTOP"
_USUAL = {"cpu": 1, "memory": 512, "storage": 1}
"""The values of a profile that nobody asks for."""


def _profile(name: str) -> HardwareProfile:
    return HardwareProfile(
        id=name,
        name=name,
        properties=(
            span("cpu", 1, 16, _USUAL["cpu"]),
            span("memory", 512, 32768, _USUAL["memory"]),
            span("storage", 1, 102400, _USUAL["storage"]),
            fixed("architecture", "x86_64"),
        ),
    )


PROFILES = (_profile(SERVER), _profile(DESKTOP))
"""The two purposes of a machine; processors and memory are the caller's choice."""

_STATES: Mapping[str, tuple[str, tuple[str, ...] | None]] = {
    "up": ("RUNNING", None),
    "migrating": ("RUNNING", None),
    "migrating_from": ("RUNNING", None),
    "migrating_to": ("RUNNING", None),
    "wait_for_launch": ("PENDING", None),
    "powering_up": ("PENDING", None),
    "reboot_in_progress": ("PENDING", None),
    "restoring_state": ("PENDING", None),
    "image_locked": ("PENDING", None),
    "pending": ("PENDING", None),
    "powering_down": ("STOPPING", None),
    "saving_state": ("STOPPING", ()),
    "down": ("STOPPED", None),
    "unassigned": ("STOPPED", None),
    "paused": ("STOPPED", ("start", "stop")),
    "suspended": ("STOPPED", ("start", "stop")),
    "image_illegal": ("ERROR", ("destroy",)),
    "not_responding": ("ERROR", None),
    "unknown": ("ERROR", None),
}
"""Statuses of machines: the state, and the actions where they are not those of the state."""
_VOLUME_STATES = {"ok": "AVAILABLE", "locked": "PENDING", "illegal": "ERROR"}
_VOLUME_ACTIONS: Mapping[str, tuple[Literal["attach", "detach", "destroy"], ...]] = {
    "AVAILABLE": ("attach", "destroy"),
    "IN-USE": ("detach",),
}
_NO_STATE: tuple[str, tuple[str, ...] | None] = ("UNKNOWN", ())


def status(thing: Element) -> str:
    """The status of anything; empty if it has none."""
    return text(thing, "status/state") or text(thing, "status") or ""


def realm_from(cluster: Element, *, available: bool) -> Realm:
    """A cluster."""
    return Realm(
        id=cluster.get("id", ""), name=text(cluster, "name"), state="AVAILABLE" if available else "DOWN", limit=None
    )


def image_from(template: Element, owner: str) -> Image:
    """A template, or a version of one."""
    architecture = text(template, "cpu/architecture")
    return Image(
        id=template.get("id", ""),
        name=_version_name(template),
        description=text(template, "description"),
        owner_id=owner,
        architecture="x86_64" if architecture in (None, "undefined") else architecture,
        state=status(template).upper() or None,
        creation_time=moment(text(template, "creation_time")),
        hardware_profile_ids=(SERVER, DESKTOP),
        root_type="persistent",
    )


def instance_from(
    machine: Element, owner: str, interfaces: Iterable[Element] | None = None, consoles: Iterable[Element] = ()
) -> Instance:
    """A virtual machine.

    Args:
        machine: The machine, with its disks where they are known.
        owner: The caller.
        interfaces: Its interfaces; None if they are not known.
        consoles: Its consoles, where they were asked for.
    """
    cards = [] if interfaces is None else list(interfaces)
    is_in = status(machine)
    state, actions = _STATES.get(is_in, _NO_STATE)
    return Instance(
        id=machine.get("id", ""),
        name=text(machine, "name"),
        owner_id=owner,
        image_id=identifier(machine, "template"),
        realm_id=identifier(machine, "cluster"),
        state=state,
        actions=actions,
        hardware_profile_id=DESKTOP if text(machine, "type") == "desktop" else SERVER,
        hardware_overrides=_overrides(machine),
        launch_time=moment(text(machine, "creation_time")),
        public_addresses=(
            *_guest_addresses(machine, cards),
            *_names(machine),
            *_mac_addresses(cards),
            *(_consoles([*machine.iterfind("display"), *consoles]) if state == "RUNNING" else ()),
        ),
        storage_volumes=tuple(
            (one.get("id", ""), device(one)) for one in machine.iterfind("disk_attachments/disk_attachment")
        ),
        network_interface_ids=None if interfaces is None else tuple(one.get("id", "") for one in cards),
        create_image=is_in == "down",
    )


def device(attachment: Element) -> str:
    """Where a disk appears: as the guest's agent says, without one at least by which bus."""
    return text(attachment, "logical_name") or text(attachment, "interface") or "virtio"


def network_from(network: Element) -> Network:
    """A logical network; what is here is up, or the engine would not offer it to machines."""
    return Network(id=network.get("id", ""), name=text(network, "name"), state="UP")


def interface_from(interface: Element, machine: str, networks: Mapping[str, str]) -> NetworkInterface:
    """An interface of a machine.

    Args:
        interface: The interface.
        machine: The machine's id.
        networks: Ids of networks by those of the profiles that lead to them.
    """
    profile = identifier(interface, "vnic_profile") or ""
    addresses = _guest_addresses(interface, [interface])
    return NetworkInterface(
        id=interface.get("id", ""),
        name=text(interface, "name"),
        ip_address=next((one.address for one in addresses), None),
        network_id=networks.get(profile) or identifier(interface, "network"),
        instance_id=machine,
    )


def volume_from(disk: Element, kinds: Mapping[str, str], user: tuple[str, Element] | None) -> StorageVolume:
    """A disk.

    Args:
        disk: The disk.
        kinds: Kinds of storage by the ids of storage domains.
        user: The machine's id and the attachment, if it is attached.
    """
    size = number(disk, "provisioned_size") or number(disk, "lun_storage/logical_units/logical_unit/size")
    state = _VOLUME_STATES.get(status(disk) or "ok", "UNKNOWN")
    places = [one.get("id", "") for one in disk.iterfind("storage_domains/storage_domain")]
    state = "IN-USE" if user is not None and state == "AVAILABLE" else state
    return StorageVolume(
        id=disk.get("id", ""),
        name=text(disk, "name") or text(disk, "alias"),
        description=text(disk, "description"),
        capacity=None if size is None else size / GB,
        kind=next((kinds[one] for one in places if one in kinds), text(disk, "storage_type")),
        state=state,
        actions=_VOLUME_ACTIONS.get(state, ()),
        instance_id=None if user is None else user[0],
        device=None if user is None else device(user[1]),
    )


def _version_name(template: Element) -> str | None:
    name, version = text(template, "name"), text(template, "version/version_name")
    is_base = (number(template, "version/version_number") or 1) <= 1
    return name if is_base or version is None else f"{name} ({version})"


def _overrides(machine: Element) -> Pairs:
    """What differs from the usual values of a profile."""
    topology = machine.find("cpu/topology")
    memory, disk = number(machine, "memory"), _first_disk(machine)
    found: dict[str, float | None] = {
        "cpu": None if topology is None else _processors(topology),
        "memory": None if memory is None else memory / MB,
        "storage": None if disk is None else disk / GB,
    }
    return tuple(
        (name, f"{value:.10g}") for name, value in found.items() if value is not None and value != _USUAL[name]
    )


def _processors(topology: Element) -> int:
    """Cores times sockets times threads, as the guest sees them."""
    count = 1
    for name in ("cores", "sockets", "threads"):
        count *= whole(topology.get(name) or text(topology, name)) or 1
    return count


def _first_disk(machine: Element) -> int | None:
    """The bytes of the disk that it starts from, or else of its first one."""
    attachments = machine.findall("disk_attachments/disk_attachment")
    attachments.sort(key=lambda one: text(one, "bootable") != "true")
    sizes = (number(one, "disk/provisioned_size") for one in attachments)
    return next((size for size in sizes if size), None) or number(machine, "disks/disk/size")


def _guest_addresses(machine: Element, interfaces: Iterable[Element]) -> Iterator[InstanceAddress]:
    """What the guest's agent reports, without the addresses that lead nowhere else; IPv4 first."""
    reported = [one.get("address") or text(one, "address") for one in machine.iterfind("guest_info/ips/ip")]
    for interface in interfaces:
        reported += [text(one, "address") for one in interface.iterfind("reported_devices/reported_device/ips/ip")]
    found = dict.fromkeys(parsed for one in reported if one is not None for parsed in _parsed(one))
    for address in sorted(found, key=lambda one: one.version):
        yield InstanceAddress(str(address), "ipv4" if address.version == 4 else "ipv6")  # noqa: PLR2004 - IPv4


def _parsed(address: str) -> list[IPv4Address | IPv6Address]:
    try:
        found = ip_address(address)
    except ValueError:
        return []
    return [] if found.is_link_local or found.is_loopback else [found]


def _names(machine: Element) -> Iterator[InstanceAddress]:
    name = text(machine, "fqdn")
    if name is not None and "." in name:
        yield InstanceAddress(name, "hostname")


def _mac_addresses(interfaces: Iterable[Element]) -> Iterator[InstanceAddress]:
    for interface in interfaces:
        mac = interface.find("mac")
        address = None if mac is None else mac.get("address") or text(mac, "address")
        if address is not None:
            yield InstanceAddress(address, "mac")


def _consoles(consoles: Iterable[Element]) -> Iterator[InstanceAddress]:
    """Consoles that speak VNC; SPICE is another protocol."""
    for console in consoles:
        protocol = text(console, "protocol") or text(console, "type")
        address, port = text(console, "address"), number(console, "port")
        if protocol == "vnc" and address is not None and port is not None:
            yield InstanceAddress(address, "vnc", port)
            return
