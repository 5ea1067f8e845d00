"""Volumes and snapshots."""

from __future__ import annotations

from deltacloud.context import Context
from deltacloud.errors import Conflict, InvalidRequest
from deltacloud.inputs import NewStorageSnapshot, NewStorageVolume, PageRequest
from deltacloud.models import Page, StorageSnapshot, StorageVolume
from deltacloud_mock import attaching
from deltacloud_mock.base import MockBase, stamped
from deltacloud_mock.launching import check_realm
from deltacloud_mock.records import STORAGE_SNAPSHOTS, STORAGE_VOLUMES
from deltacloud_mock.session import Session


class VolumeHooks(MockBase):
    """The hooks of block storage."""

    def list_storage_volumes(self, context: Context, page: PageRequest) -> Page[StorageVolume]:
        """The caller's volumes."""
        return self._list(context, "list_storage_volumes", STORAGE_VOLUMES, page)

    def get_storage_volume(self, context: Context, volume_id: str) -> StorageVolume:
        """One volume."""
        return self._get(context, "get_storage_volume", STORAGE_VOLUMES, volume_id)

    def create_storage_volume(self, context: Context, new: NewStorageVolume) -> StorageVolume:
        """A free volume."""

        def build(session: Session, user: str) -> tuple[StorageVolume]:
            check_realm(new.realm_id)
            if new.capacity is not None and new.capacity <= 0:
                raise InvalidRequest("'capacity' must be above 0", "capacity")
            return (attaching.make(session, user, new),)

        return self._create(context, "create_storage_volume", STORAGE_VOLUMES, new, build)[0]

    def destroy_storage_volume(self, context: Context, volume_id: str) -> None:
        """Delete a free volume."""
        user = self._gate.admit(context, "destroy_storage_volume")
        with self._store.writing() as session:
            volume = session.need(STORAGE_VOLUMES, user, volume_id)
            if volume.instance_id is not None:
                raise Conflict(f"'{volume_id}' is attached to '{volume.instance_id}'")
            session.remove(STORAGE_VOLUMES, user, volume_id)

    def attach_storage_volume(self, context: Context, volume_id: str, instance_id: str, device: str) -> StorageVolume:
        """Attach a free volume."""
        user = self._gate.admit(context, "attach_storage_volume")
        with self._store.writing() as session:
            volume = session.need(STORAGE_VOLUMES, user, volume_id)
            return attaching.attach(session, user, volume, instance_id, device)

    def detach_storage_volume(self, context: Context, volume_id: str) -> StorageVolume:
        """Detach a volume."""
        user = self._gate.admit(context, "detach_storage_volume")
        with self._store.writing() as session:
            return attaching.detach(session, user, session.need(STORAGE_VOLUMES, user, volume_id))

    def list_storage_snapshots(self, context: Context, page: PageRequest) -> Page[StorageSnapshot]:
        """The caller's snapshots."""
        return self._list(context, "list_storage_snapshots", STORAGE_SNAPSHOTS, page)

    def get_storage_snapshot(self, context: Context, snapshot_id: str) -> StorageSnapshot:
        """One snapshot."""
        return self._get(context, "get_storage_snapshot", STORAGE_SNAPSHOTS, snapshot_id)

    def create_storage_snapshot(self, context: Context, new: NewStorageSnapshot) -> StorageSnapshot:
        """A snapshot, complete at once."""

        def build(session: Session, user: str) -> tuple[StorageSnapshot]:
            volume = session.need(STORAGE_VOLUMES, user, new.volume_id, "volume")
            snapshot = StorageSnapshot(
                id=stamped(session, STORAGE_SNAPSHOTS, user, "store_snapshot_"),
                name=new.name,
                description=new.description,
                state="COMPLETED",
                created=session.moment,
                storage_volume_id=volume.id,
                tags=new.tags or None,
            )
            return (session.add(STORAGE_SNAPSHOTS, user, snapshot),)

        return self._create(context, "create_storage_snapshot", STORAGE_SNAPSHOTS, new, build)[0]

    def destroy_storage_snapshot(self, context: Context, snapshot_id: str) -> None:
        """Delete a snapshot."""
        self._destroy(context, "destroy_storage_snapshot", STORAGE_SNAPSHOTS, snapshot_id)
