"""What the engine does to machines, templates and disks, and when it does not."""

from __future__ import annotations

import re
import time
import uuid
from xml.etree.ElementTree import Element

from ovirtcloud.faults import Refused, conflict, missing
from ovirtcloud.state import BLANK, GB, MB, Attachment, Card, Disk, Machine, State, Template

_NAME = re.compile(r"[\w.-]{1,255}")
ACTIONS = ("start", "stop", "shutdown", "reboot", "reset")
_LARGEST_PAYLOAD = 8192
_TYPES = ("server", "desktop", "high_performance")


def child(root: Element, path: str) -> str | None:
    """The text at a path, as it was written."""
    return root.findtext(path)


def identifier(root: Element, path: str) -> str | None:
    """The id of the thing that a document refers to.

    Raises:
        Refused: no id looks like that.
    """
    found = root.find(path)
    wanted = None if found is None else found.get("id")
    if wanted is not None:
        try:
            uuid.UUID(wanted)
        except ValueError:
            raise Refused(400, f"Invalid UUID string: {wanted}", "Operation failed") from None
    return wanted


def required(root: Element, what: str, path: str) -> str:
    """A text that has to be there."""
    found = child(root, path)
    if not found:
        raise Refused(400, f"{what} [{path.replace('/', '.')}] required for add", "Incomplete parameters")
    return found


def make_machine(state: State, user: str, wanted: Element, query: dict[str, str]) -> Machine:
    """A machine of a template."""
    name = required(wanted, "Vm", "name")
    cluster, template = identifier(wanted, "cluster"), identifier(wanted, "template")
    if cluster is None or template is None:
        raise Refused(400, "Vm [cluster.id|name, template.id|name] required for add", "Incomplete parameters")
    if not any(one.id == cluster for one in state.clusters):
        raise missing("Cluster", cluster)
    origin = next((one for one in state.templates if one.id == template), None)
    if origin is None:
        raise missing("Template", template)
    _check_name(name, [one.name for one in state.machines], "VM")
    machine = Machine(name, cluster, template, user, memory=origin.memory)
    _shape(machine, wanted)
    if query.get("clone") == "true":
        machine.template = BLANK
    if origin.size:
        center = next(one for one in state.centers if one.id == state.center_of(cluster))
        disk = Disk(f"{name}_Disk1", origin.size, center.domain, user)
        state.disks.append(disk)
        machine.attachments.append(Attachment(disk.id, "virtio", bootable=True))
        machine.become("image_locked", "down", each=state.seconds)
    if template != BLANK:
        network = next(number for number, one in enumerate(state.networks) if one.center == state.center_of(cluster))
        machine.cards.append(Card("nic1", state.profile(network), _mac(state)))
    state.machines.append(machine)
    return machine


def _shape(machine: Machine, wanted: Element) -> None:
    machine.description = child(wanted, "description") or ""
    machine.type = child(wanted, "type") or "server"
    if machine.type not in _TYPES:
        raise Refused(400, f"Invalid value: {machine.type}. Valid values are: {', '.join(_TYPES)}", "Invalid value")
    memory = child(wanted, "memory")
    if memory is not None:
        machine.memory = int(memory)
    guaranteed, most = (int(child(wanted, f"memory_policy/{one}") or machine.memory) for one in ("guaranteed", "max"))
    if guaranteed > machine.memory:
        raise Refused(400, "[Cannot add VM. Physical Memory Guaranteed cannot exceed Memory Size.]")
    if most < machine.memory:
        raise conflict(f"Cannot add VM. Maximum memory size ({most // MB}MB) cannot be less than memory size.")
    cores, sockets, threads = (
        int(child(wanted, f"cpu/topology/{one}") or 1) for one in ("cores", "sockets", "threads")
    )
    machine.topology = (cores, sockets, threads)
    machine.boot = tuple(one.text or "" for one in wanted.iterfind("os/boot/devices/device")) or ("hd",)
    machine.initialization = {
        one.tag: one.text or "" for one in wanted.iterfind("initialization/*") if one.text is not None
    }
    machine.payloads = tuple(
        (child(payload, "type") or "", child(file, "name") or "", child(file, "content") or "")
        for payload in wanted.iterfind("payloads/payload")
        for file in payload.iterfind("files/file")
    )
    if any(len(content.encode()) > _LARGEST_PAYLOAD for _, _, content in machine.payloads):
        raise Refused(400, f"[Cannot add VM. Payload is limited to {_LARGEST_PAYLOAD} bytes.]")


def act(state: State, machine: Machine, action: str, told: Element) -> None:
    """Let a machine do something."""
    status = machine.status
    if action == "start":
        _start(state, machine, status, told)
    elif action == "stop":
        if status in ("down", "image_locked", "image_illegal"):
            raise conflict("Cannot stop VM. VM is not running.")
        machine.become("down")
    elif status not in ("up", "powering_up", "powering_down", "reboot_in_progress"):
        raise conflict(f"Cannot {action} VM. VM is not running.")
    elif action == "shutdown":
        if machine.deaf:
            machine.become("powering_down")
        else:
            machine.become("powering_down", "down", each=state.seconds)
    else:
        machine.become("reboot_in_progress", "up", each=state.seconds)


def _start(state: State, machine: Machine, status: str, told: Element) -> None:
    if status in ("paused", "suspended"):
        machine.become("restoring_state", "up", each=state.seconds)
        return
    if status == "image_locked":
        raise conflict("Cannot run VM. VM is locked. Please try again later.")
    if status != "down":
        raise conflict("Cannot run VM. VM is running.")
    if not next(one for one in state.clusters if one.id == machine.cluster).hosts_up:
        raise Refused(400, "[Cannot run VM. There is no host that satisfies current scheduling constraints.]")
    machine.starts.append(tuple(one.tag for one in told if one.text == "true"))
    machine.become("wait_for_launch", "powering_up", "up", each=state.seconds)


def remove(state: State, machine: Machine, *, keep_disks: bool) -> None:
    """Delete a machine, and its disks unless they are to be kept."""
    status = machine.status
    if status == "image_locked":
        raise conflict("Cannot remove VM. VM is locked. Please try again later.")
    if status not in ("down", "unassigned", "image_illegal"):
        raise conflict("Cannot remove VM. VM is running.")
    if not keep_disks:
        for disk in list(state.disks_of(machine)):
            if state.users_of(disk) == [machine]:
                state.disks.remove(disk)
    state.machines.remove(machine)


def add_card(state: State, machine: Machine, wanted: Element) -> Card:
    """Give a machine an interface."""
    name = required(wanted, "Nic", "name")
    profile = identifier(wanted, "vnic_profile")
    known = {one for network in state.networks for one, _ in network.profiles}
    if profile is not None and profile not in known:
        raise conflict("Cannot add Interface. The specified vNIC profile doesn't exist.")
    if any(one.name == name for one in machine.cards):
        raise conflict("Cannot add Interface. The network interface name is already in use.")
    card = Card(name, profile, _mac(state))
    machine.cards.append(card)
    return card


def attach(state: State, machine: Machine, wanted: Element, visible: list[Disk]) -> Attachment:
    """Give a machine a disk that is there."""
    found = identifier(wanted, "disk")
    disk = next((one for one in visible if one.id == found), None)
    if disk is None:
        raise conflict("Cannot attach Virtual Disk. The specified disk does not exist.")
    if disk.status == "locked":
        raise conflict(f"Cannot attach Virtual Disk: {disk.name} is locked. Please try again later.")
    if state.users_of(disk) and not disk.shareable:
        raise conflict("Cannot attach Virtual Disk. The disk is already attached to a VM.")
    bus, active = required(wanted, "DiskAttachment", "interface"), required(wanted, "DiskAttachment", "active")
    bootable = required(wanted, "DiskAttachment", "bootable")
    attached = Attachment(disk.id, bus, bootable=bootable == "true", active=active == "true")
    machine.attachments.append(attached)
    return attached


def make_disk(state: State, user: str, wanted: Element) -> Disk:
    """A disk that no machine has."""
    size, _ = int(required(wanted, "Disk", "provisioned_size")), required(wanted, "Disk", "format")
    domain = identifier(wanted, "storage_domains/storage_domain")
    if not any(one.domain == domain for one in state.centers):
        raise missing("StorageDomain", str(domain))
    if size > 1024 * GB:
        raise Refused(409, "[Cannot add Virtual Disk. The quota storage limit is exceeded.]")
    disk = Disk(child(wanted, "name") or "disk", size, str(domain), user, child(wanted, "description") or "")
    disk.unlocked = time.monotonic() + state.disk_seconds
    state.disks.append(disk)
    return disk


def make_template(state: State, user: str, wanted: Element, visible: list[Machine]) -> Template:
    """A template of a machine that is down."""
    name = required(wanted, "Template", "name")
    found = identifier(wanted, "vm")
    machine = next((one for one in visible if one.id == found), None)
    if machine is None:
        raise missing("Vm", str(found))
    if machine.status != "down":
        raise conflict("Cannot add Template. VM must be in status Down.")
    _check_name(name, [one.name for one in state.templates], "Template")
    template = Template(
        name,
        machine.cluster,
        owner=user,
        description=child(wanted, "description") or "",
        size=sum(disk.size for disk in state.disks_of(machine)),
        memory=machine.memory,
    )
    template.unlocked = time.monotonic() + state.disk_seconds
    state.templates.append(template)
    return template


def _check_name(name: str, taken: list[str], what: str) -> None:
    if _NAME.fullmatch(name) is None:
        raise Refused(400, f"[Can not add {what}. The given name contains special characters.]")
    if name in taken:
        raise conflict(f"Cannot add {what}. {what} name is already in use, please choose a unique name and try again.")


def _mac(state: State) -> str:
    count = sum(len(machine.cards) for machine in state.machines)
    return f"56:6f:00:01:{count // 256:02x}:{count % 256:02x}"
