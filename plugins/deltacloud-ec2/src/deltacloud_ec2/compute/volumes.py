"""Hooks of volumes and snapshots."""

from __future__ import annotations

from deltacloud.context import Context
from deltacloud.errors import Conflict, NotFound
from deltacloud.inputs import Filters, NewStorageSnapshot, NewStorageVolume, PageRequest
from deltacloud.models import Page, StorageSnapshot, StorageVolume
from deltacloud_ec2.client import Record
from deltacloud_ec2.compute.paging import read_page
from deltacloud_ec2.compute.realms import RealmHooks
from deltacloud_ec2.mapping.volumes import attachment_of, snapshot_from, snapshot_request, volume_from, volume_request


class VolumeHooks(RealmHooks):
    """Volumes, and snapshots of the caller's own."""

    def list_storage_volumes(self, context: Context, filters: Filters, page: PageRequest) -> Page[StorageVolume]:
        """Volumes."""
        wanted = self._narrowed(
            ("volume-id", filters.id),
            ("status", [state.lower() for state in filters.state]),
            ("availability-zone", filters.realm_id),
            *self._tagged(filters.tags),
        )
        source = self._source(self._ec2(context).describe_volumes, "Volumes", volume_from, wanted)
        return read_page([source], page, self._settings.page_size)

    def get_storage_volume(self, context: Context, volume_id: str) -> StorageVolume:
        """One volume."""
        return volume_from(self._volume(context, volume_id))

    def create_storage_volume(self, context: Context, new: NewStorageVolume) -> StorageVolume:
        """Make a volume: 1 GB without a capacity or a snapshot, in the first zone without a realm."""
        request = volume_request(new, self._zone(context, new.realm_id), self._token(context))
        return volume_from(self._ec2(context).create_volume(**request))

    def destroy_storage_volume(self, context: Context, volume_id: str) -> None:
        """Delete a volume that no instance has."""
        self._ec2(context).delete_volume(VolumeId=volume_id)

    def attach_storage_volume(self, context: Context, volume_id: str, instance_id: str, device: str) -> StorageVolume:
        """Give an instance a volume; it is read again, since the answer tells only of the instance."""
        self._ec2(context).attach_volume(VolumeId=volume_id, InstanceId=instance_id, Device=device)
        return self.get_storage_volume(context, volume_id)

    def detach_storage_volume(self, context: Context, volume_id: str) -> StorageVolume:
        """Take a volume from its instance; by force, which may lose data, only if the parameter ``force`` asks for it.

        Raises:
            Conflict: no instance has it.
        """
        held = attachment_of(self._volume(context, volume_id))
        if held is None:
            raise Conflict("The volume is not attached")
        forced = {"Force": True} if context.extra.get("force") else {}
        self._ec2(context).detach_volume(VolumeId=volume_id, InstanceId=held["InstanceId"], **forced)
        return self.get_storage_volume(context, volume_id)

    def list_storage_snapshots(self, context: Context, filters: Filters, page: PageRequest) -> Page[StorageSnapshot]:
        """The caller's own snapshots; a region has tens of thousands of public ones."""
        wanted = self._narrowed(
            ("snapshot-id", filters.id),
            ("status", [state.lower() for state in filters.state]),
            *self._tagged(filters.tags),
        )
        request = {"OwnerIds": ["self"], **wanted}
        source = self._source(self._ec2(context).describe_snapshots, "Snapshots", snapshot_from, request)
        return read_page([source], page, self._settings.page_size)

    def get_storage_snapshot(self, context: Context, snapshot_id: str) -> StorageSnapshot:
        """One snapshot, somebody else's public one included."""
        answer = self._ec2(context).describe_snapshots(SnapshotIds=[snapshot_id])
        for record in answer.get("Snapshots") or ():
            return snapshot_from(record)
        raise NotFound

    def create_storage_snapshot(self, context: Context, new: NewStorageSnapshot) -> StorageSnapshot:
        """Make a snapshot of a volume."""
        return snapshot_from(self._ec2(context).create_snapshot(**snapshot_request(new)))

    def destroy_storage_snapshot(self, context: Context, snapshot_id: str) -> None:
        """Delete a snapshot."""
        self._ec2(context).delete_snapshot(SnapshotId=snapshot_id)

    def _volume(self, context: Context, volume_id: str) -> Record:
        client = self._ec2(context)
        return self._found(client, "describe_volumes", ("Volumes", "VolumeId"), "volume-id", volume_id)
