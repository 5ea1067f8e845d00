"""Volumes and their snapshots."""

from __future__ import annotations

import math
from collections.abc import Iterator

from deltacloud.context import Context
from deltacloud.errors import Conflict
from deltacloud.inputs import NewStorageSnapshot, NewStorageVolume
from deltacloud.models import StorageSnapshot, StorageVolume
from deltacloud.texts import new_name
from deltacloud_digitalocean import operations as do
from deltacloud_digitalocean import records
from deltacloud_digitalocean.base import DigitalOceanBase, tag_names
from deltacloud_digitalocean.client import Api
from deltacloud_digitalocean.mapping import volumes as mapping

_SMALLEST = 1
"""Gibibytes of a volume that names no size: the least that there is."""


class VolumeHooks(DigitalOceanBase):
    """Disks beside those of droplets."""

    def list_storage_volumes(self, context: Context) -> Iterator[StorageVolume]:
        """The volumes."""
        yield from map(mapping.volume_from, self._api(context).pages(do.VOLUMES_LIST, records.Volume, "volumes"))

    def get_storage_volume(self, context: Context, volume_id: str) -> StorageVolume:
        """One volume."""
        return mapping.volume_from(_volume(self._api(context), volume_id))

    def create_storage_volume(self, context: Context, new: NewStorageVolume) -> StorageVolume:
        """Make a volume; one of a snapshot is where the snapshot is, and at least as large."""
        api = self._api(context)
        wanted: dict[str, object] = {"name": new.name or new_name("vol-")}
        capacity, realm = new.capacity, new.realm_id
        if new.snapshot_id is not None:
            origin = _snapshot(api, new.snapshot_id)
            wanted["snapshot_id"] = new.snapshot_id
            capacity = capacity or origin.min_disk_size
            realm = realm or next(iter(origin.regions), None)
        wanted["size_gigabytes"] = math.ceil(capacity or _SMALLEST)
        wanted["region"] = self._region(context, realm)
        if new.description is not None:
            wanted["description"] = new.description
        if new.tags:
            wanted["tags"] = tag_names(new.tags)
        return mapping.volume_from(api.send(do.VOLUMES_CREATE, records.Volume, "volume", wanted))

    def destroy_storage_volume(self, context: Context, volume_id: str) -> None:
        """Delete; the cloud refuses to while the volume is attached."""
        self._api(context).order(do.VOLUMES_DELETE, volume_id)

    def attach_storage_volume(self, context: Context, volume_id: str, instance_id: str) -> StorageVolume:
        """Attach a volume, and wait until it is. The guest's system names the device, after the volume."""
        return self._action(context, volume_id, "attach", do.number(instance_id))

    def detach_storage_volume(self, context: Context, volume_id: str) -> StorageVolume:
        """Take a volume from its droplet, and wait until it is free.

        Raises:
            Conflict: no droplet has it.
        """
        droplets = _volume(self._api(context), volume_id).droplet_ids
        if not droplets:
            raise Conflict("The volume is not attached")
        return self._action(context, volume_id, "detach", droplets[0])

    def list_storage_snapshots(self, context: Context) -> Iterator[StorageSnapshot]:
        """The snapshots of volumes; those of droplets are images."""
        query = {"resource_type": "volume"}
        found = self._api(context).pages(do.SNAPSHOTS_LIST, records.Snapshot, "snapshots", query=query)
        yield from map(mapping.snapshot_from, found)

    def get_storage_snapshot(self, context: Context, snapshot_id: str) -> StorageSnapshot:
        """One snapshot of a volume."""
        return mapping.snapshot_from(_snapshot(self._api(context), snapshot_id))

    def create_storage_snapshot(self, context: Context, new: NewStorageSnapshot) -> StorageSnapshot:
        """Take a snapshot of a volume."""
        wanted: dict[str, object] = {"name": new.name or new_name("snap-")}
        if new.tags:
            wanted["tags"] = tag_names(new.tags)
        api = self._api(context)
        made = api.send(do.VOLUME_SNAPSHOTS_CREATE, records.Snapshot, "snapshot", wanted, new.volume_id)
        return mapping.snapshot_from(made)

    def destroy_storage_snapshot(self, context: Context, snapshot_id: str) -> None:
        """Delete."""
        self._api(context).order(do.SNAPSHOTS_DELETE, snapshot_id)

    def _action(self, context: Context, volume_id: str, kind: str, droplet_id: int) -> StorageVolume:
        api, body = self._api(context), {"type": kind, "droplet_id": droplet_id}
        action = api.send(do.VOLUME_ACTIONS_POST, records.Action, "action", body, volume_id)
        api.finished(action, do.VOLUME_ACTIONS_GET, volume_id)
        return mapping.volume_from(_volume(api, volume_id))


def _volume(api: Api, volume_id: str) -> records.Volume:
    return api.get(do.VOLUMES_GET, records.Volume, "volume", volume_id)


def _snapshot(api: Api, snapshot_id: str) -> records.Snapshot:
    """A snapshot of a volume; those of droplets have numbers for ids, which name nothing here."""
    return api.get(do.SNAPSHOTS_GET, records.Snapshot, "snapshot", snapshot_id)
