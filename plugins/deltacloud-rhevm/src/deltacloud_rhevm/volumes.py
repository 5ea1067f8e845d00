"""Volumes: disks. Storage domains, which the original showed as volumes, are where they lie."""

from __future__ import annotations

from collections.abc import Iterator

from deltacloud.context import Context
from deltacloud.errors import Conflict, NotFound, NotSupported
from deltacloud.inputs import NewStorageVolume
from deltacloud.models import StorageVolume
from deltacloud.texts import new_name
from deltacloud_rhevm import orders
from deltacloud_rhevm.base import RhevmBase
from deltacloud_rhevm.client import Engine
from deltacloud_rhevm.documents import Element, number, text
from deltacloud_rhevm.errors import Fault
from deltacloud_rhevm.mapping import status, volume_from


class VolumeHooks(RhevmBase):
    """Disks."""

    def list_storage_volumes(self, context: Context) -> Iterator[StorageVolume]:
        """The disks in the data centre's storage, and those that its machines have elsewhere.

        The list is asked for whole: an engine that is asked for disks by pages gives the first one only.
        """
        engine = self._engine(context)
        kinds = _kinds(self._storage_domains(context, engine))
        users = {
            attachment.get("id", ""): (machine.get("id", ""), attachment)
            for machine in self._members(context, engine, "vms", follow="disk_attachments")
            for attachment in machine.iterfind("disk_attachments/disk_attachment")
        }
        for disk in engine.get("disks"):
            places = {one.get("id") for one in disk.iterfind("storage_domains/storage_domain")}
            is_data = text(disk, "content_type") in (None, "data")
            if is_data and (places & kinds.keys() or disk.get("id") in users):
                yield volume_from(disk, kinds, users.get(disk.get("id", "")))

    def get_storage_volume(self, context: Context, volume_id: str) -> StorageVolume:
        """A disk, of whatever data centre."""
        engine = self._engine(context)
        return self._volume(context, engine, _disk(engine, volume_id))

    def create_storage_volume(self, context: Context, new: NewStorageVolume) -> StorageVolume:
        """Make a disk that grows as it is written to."""
        if new.snapshot_id is not None:
            raise NotSupported("Snapshots belong to machines here; a volume cannot be made of one")
        engine = self._engine(context)
        if new.realm_id is not None:
            self._cluster(context, engine, new.realm_id)
        domains = self._storage_domains(context, engine)
        place = _place(domains, context.extra.get("storage_domain"))
        made = engine.post(orders.disk(new, new.name or new_name("volume-"), place), "disks")
        return volume_from(made, _kinds(domains), None)

    def destroy_storage_volume(self, context: Context, volume_id: str) -> None:
        """Delete a disk that no machine has; the engine itself would delete it with the machine's knowledge only."""
        engine = self._engine(context)
        if _machines(_disk(engine, volume_id)):
            raise Conflict("The volume is attached to an instance")
        engine.delete("disks", volume_id)

    def attach_storage_volume(self, context: Context, volume_id: str, instance_id: str, device: str) -> StorageVolume:
        """Give a machine a disk. Of the device, the bus is chosen by; which letter it gets, the guest decides."""
        engine = self._engine(context)
        disk = _disk(engine, volume_id)
        if _machines(disk) and text(disk, "shareable") != "true":
            raise Conflict("The volume is attached to an instance")
        made = engine.post(orders.attachment(volume_id, device), "vms", instance_id, "diskattachments")
        return volume_from(disk, _kinds(self._storage_domains(context, engine)), (instance_id, made))

    def detach_storage_volume(self, context: Context, volume_id: str) -> StorageVolume:
        """Take a disk from the machine that has it."""
        engine = self._engine(context)
        disk = _disk(engine, volume_id)
        machines = _machines(disk)
        if not machines:
            raise Conflict("The volume is not attached")
        engine.delete("vms", machines[0], "diskattachments", volume_id, detach_only="true")
        return volume_from(disk, _kinds(self._storage_domains(context, engine)), None)

    def _volume(self, context: Context, engine: Engine, disk: Element) -> StorageVolume:
        """A disk, with the attachment to the first machine that has it."""
        user = None
        for machine in _machines(disk)[:1]:
            try:
                user = machine, engine.get("vms", machine, "diskattachments", disk.get("id", ""))
            except Fault as fault:
                if not fault.is_not_found:  # it has been detached since, or the machine is not the caller's
                    raise
        return volume_from(disk, _kinds(self._storage_domains(context, engine)), user)

    def _storage_domains(self, context: Context, engine: Engine) -> list[Element]:
        return list(engine.get("datacenters", self._center(context, engine).id, "storagedomains"))


def _disk(engine: Engine, volume_id: str) -> Element:
    """A disk with the machines that have it."""
    return engine.get("disks", volume_id, all_content="true")


def _machines(disk: Element) -> list[str]:
    """The ids of the machines that have a disk."""
    return [one.get("id", "") for one in disk.iterfind("vms/vm")]


def _kinds(domains: list[Element]) -> dict[str, str]:
    """Kinds of storage (``nfs``, ``iscsi``) by the ids of storage domains."""
    return {one.get("id", ""): text(one, "storage/type") or "image" for one in domains}


def _place(domains: list[Element], wanted: object) -> str:
    """The id of the storage domain for a new disk: the one that is asked for, or that with the most room.

    Raises:
        NotFound: the one that is asked for is not there, or cannot have disks.
    """
    usable = [one for one in domains if text(one, "type") == "data" and status(one) in ("", "active")]
    if wanted:
        usable = [one for one in usable if one.get("id") == wanted]
    if not usable:
        raise NotFound("There is no such storage domain in use here" if wanted else "No storage domain is in use here")
    return max(usable, key=lambda one: number(one, "available") or 0).get("id", "")
