"""Volumes on instances, within a write."""

from __future__ import annotations

from msgspec.structs import replace

from deltacloud.errors import Conflict
from deltacloud.inputs import NewStorageVolume
from deltacloud.models import StorageVolume
from deltacloud_mock.base import stamped
from deltacloud_mock.records import INSTANCES, STORAGE_SNAPSHOTS, STORAGE_VOLUMES
from deltacloud_mock.session import Session

_DEFAULT_CAPACITY = 1


def make(session: Session, user: str, new: NewStorageVolume) -> StorageVolume:
    """A new volume: of the size asked for, else of its snapshot's volume, else of 1 GB.

    Raises:
        NotFound: there is no such snapshot.
    """
    capacity = new.capacity
    if new.snapshot_id:
        snapshot = session.need(STORAGE_SNAPSHOTS, user, new.snapshot_id, "snapshot")
        origin = session.get(STORAGE_VOLUMES, user, snapshot.storage_volume_id or "")
        capacity = capacity or (origin.capacity if origin is not None else None)
    identifier = stamped(session, STORAGE_VOLUMES, user, "volume_")
    volume = StorageVolume(
        id=identifier,
        name=new.name or f"Volume{identifier}",
        description=new.description,
        created=session.moment,
        capacity=capacity or _DEFAULT_CAPACITY,
        realm_id=new.realm_id or None,
        state="AVAILABLE",
        tags=new.tags or None,
    )
    return session.add(STORAGE_VOLUMES, user, volume)


def attach(session: Session, user: str, volume: StorageVolume, instance_id: str, device: str) -> StorageVolume:
    """Attach a free volume.

    Raises:
        NotFound: there is no such instance.
        Conflict: the volume is attached already.
    """
    if volume.instance_id is not None:
        raise Conflict(f"'{volume.id}' is attached to '{volume.instance_id}'")
    instance = session.need(INSTANCES, user, instance_id)
    volumes = (*instance.storage_volumes, (volume.id, device))
    session.save(INSTANCES, user, replace(instance, storage_volumes=volumes))
    attached = replace(volume, state="IN-USE", instance_id=instance_id, device=device)
    return session.save(STORAGE_VOLUMES, user, attached)


def detach(session: Session, user: str, volume: StorageVolume) -> StorageVolume:
    """Detach an attached volume; its instance may be gone.

    Raises:
        Conflict: the volume is not attached.
    """
    if volume.instance_id is None:
        raise Conflict(f"'{volume.id}' is not attached")
    instance = session.get(INSTANCES, user, volume.instance_id)
    if instance is not None:
        volumes = tuple(pair for pair in instance.storage_volumes if pair[0] != volume.id)
        session.save(INSTANCES, user, replace(instance, storage_volumes=volumes))
    return session.save(STORAGE_VOLUMES, user, replace(volume, state="AVAILABLE", instance_id=None, device=None))
