"""Volumes and their snapshots."""

from __future__ import annotations

from deltacloud.models import StorageSnapshot, StorageVolume
from deltacloud_digitalocean import records
from deltacloud_digitalocean.mapping.compute import tags_from


def volume_from(volume: records.Volume) -> StorageVolume:
    """A volume; its device is the link that the guest's system makes out of its name."""
    droplet = next(iter(volume.droplet_ids or ()), None)
    attached = droplet is not None
    return StorageVolume(
        id=volume.id,
        name=volume.name,
        description=volume.description,
        created=volume.created_at,
        capacity=volume.size_gigabytes,
        device=f"/dev/disk/by-id/scsi-0DO_Volume_{volume.name}" if attached else None,
        realm_id=None if volume.region is None else volume.region.slug,
        state="IN-USE" if attached else "AVAILABLE",
        instance_id=str(droplet) if attached else None,
        actions=("detach",) if attached else ("attach", "destroy"),
        tags=tags_from(volume.tags),
    )


def snapshot_from(snapshot: records.Snapshot) -> StorageSnapshot:
    """A snapshot of a volume."""
    return StorageSnapshot(
        id=str(snapshot.id),
        name=snapshot.name,
        state="AVAILABLE",
        created=snapshot.created_at,
        storage_volume_id=snapshot.resource_id,
        tags=tags_from(snapshot.tags),
    )
