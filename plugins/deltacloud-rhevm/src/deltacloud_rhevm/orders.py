"""The documents that the engine is sent: pure functions, input in, element out. Version 4 except where they say so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from deltacloud.errors import InvalidRequest
from deltacloud.inputs import NewImage, NewInstance, NewStorageVolume
from deltacloud.texts import user_text
from deltacloud_rhevm.documents import Element, element
from deltacloud_rhevm.mapping import DESKTOP, GB, MB

UserData: TypeAlias = Literal["cloud-init", "cdrom", "floppy"]
FILE_NAME = "deltacloud-user-data.txt"
"""The file that user data is in, where it is put on a medium."""
_TOO_LARGE = 2**63


@dataclass(frozen=True, slots=True)
class Wanted:
    """A machine to be made, once everything about it is settled.

    Attributes:
        name: Its name.
        cluster: The id of its cluster.
        new: What the client asked for.
        network_first: Whether it tries to boot from the network before its disk.
        public_key: A key to be let in, in OpenSSH's form.
        user_data: How it gets its user data.
    """

    name: str
    cluster: str
    new: NewInstance
    network_first: bool
    public_key: str | None
    user_data: UserData


def machine(wanted: Wanted) -> Element:
    """A machine to be made of a template.

    The memory that is asked for is guaranteed, and all that it can ever have: the engine refuses a machine whose
    template says less of one or more of the other.
    """
    new, hardware = wanted.new, wanted.new.hardware
    document = element(
        "vm",
        element("name", wanted.name),
        element("cluster", id=wanted.cluster),
        element("template", id=new.image_id),
        element("type", _purpose(new)),
        element("os", element("boot", element("devices", *(element("device", one) for one in _boot_order(wanted))))),
    )
    if hardware.memory is not None:
        size = str(int(hardware.memory * MB))
        document.append(element("memory", size))
        document.append(element("memory_policy", element("guaranteed", size), element("max", size)))
    if hardware.cpu is not None:
        cores = element("cores", str(int(hardware.cpu)))
        document.append(element("cpu", element("topology", cores, element("sockets", "1"), element("threads", "1"))))
    initialization = _initialization(wanted)
    if len(initialization):
        document.append(initialization)
    if new.user_data is not None and wanted.user_data != "cloud-init":
        file = element("file", element("name", FILE_NAME), element("content", user_text(new.user_data)))
        payload = element("payload", element("type", wanted.user_data), element("files", file))
        document.append(element("payloads", payload))
    return document


def old_machine(wanted: Wanted) -> Element:
    """The same for version 3; user data goes on a floppy, as it always did there."""
    new, hardware = wanted.new, wanted.new.hardware
    document = element(
        "vm",
        element("name", wanted.name),
        element("template", id=new.image_id),
        element("cluster", id=wanted.cluster),
        element("type", _purpose(new).upper()),
    )
    if hardware.memory is not None:
        document.append(element("memory", str(int(hardware.memory * MB))))
    if hardware.cpu is not None:
        document.append(element("cpu", element("topology", cores=str(int(hardware.cpu)), sockets="1")))
    document.append(element("os", *(element("boot", dev=one) for one in _boot_order(wanted))))
    if new.user_data is not None:
        file = element("file", element("content", user_text(new.user_data)), name=FILE_NAME)
        document.append(element("payloads", element("payload", file, type="floppy")))
    return document


def action(*flags: str) -> Element:
    """An action with what it is told, each a plain yes."""
    return element("action", *(element(flag, "true") for flag in flags))


def template(new: NewImage, name: str) -> Element:
    """A template to be made of a machine."""
    document = element("template", element("name", name), element("vm", id=new.instance_id))
    if new.description is not None:
        document.append(element("description", new.description))
    return document


def interface(name: str, profile: str) -> Element:
    """An interface for a machine; the profile leads to its network."""
    return element("nic", element("name", name), element("vnic_profile", id=profile))


def old_interface(name: str, network: str) -> Element:
    """The same for version 3, which has no profiles."""
    return element("nic", element("name", name), element("network", id=network))


def disk(new: NewStorageVolume, name: str, storage_domain: str) -> Element:
    """A disk to be made, thin: that format every kind of storage has.

    Raises:
        InvalidRequest: it would have no size, or one that cannot be written.
    """
    size = GB * (1 if new.capacity is None else new.capacity)
    if not 1 <= size < _TOO_LARGE:
        raise InvalidRequest("A volume has at least one byte, and no more than the cloud can count", "capacity")
    document = element(
        "disk",
        element("name", name),
        element("provisioned_size", str(int(size))),
        element("format", "cow"),
        element("sparse", "true"),
        element("storage_domains", element("storage_domain", id=storage_domain)),
    )
    if new.description is not None:
        document.append(element("description", new.description))
    return document


def attachment(volume: str, device: str) -> Element:
    """A disk to be attached; of the device that is asked for, the bus alone can be had."""
    return element(
        "disk_attachment",
        element("disk", id=volume),
        element("interface", "virtio" if device.startswith("/dev/vd") else "virtio_scsi"),
        element("bootable", "false"),
        element("active", "true"),
        element("pass_discard", "false"),
    )


def _purpose(new: NewInstance) -> str:
    return "desktop" if new.hardware_profile_id == DESKTOP else "server"


def _boot_order(wanted: Wanted) -> tuple[str, str]:
    return ("network", "hd") if wanted.network_first else ("hd", "network")


def _initialization(wanted: Wanted) -> Element:
    """What cloud-init does at the first start."""
    told: Mapping[str, str | None] = {
        "authorized_ssh_keys": wanted.public_key,
        "custom_script": (
            user_text(wanted.new.user_data)
            if wanted.new.user_data is not None and wanted.user_data == "cloud-init"
            else None
        ),
    }
    return element("initialization", *(element(name, value) for name, value in told.items() if value is not None))
