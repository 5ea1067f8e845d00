"""Volumes and snapshots.

Sources: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Volume.html and
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Snapshot.html
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from deltacloud.inputs import NewStorageSnapshot, NewStorageVolume
from deltacloud.models import StorageSnapshot, StorageVolume
from deltacloud_ec2.client import Record
from deltacloud_ec2.mapping.tags import name_of, tagging, tags_of

_LEAST_CAPACITY = 1
_LEAVING = ("detached", "detaching")


def volume_from(record: Record) -> StorageVolume:
    """A volume; one that several instances have shows the last of them."""
    held = attachment_of(record) or {}
    return StorageVolume(
        id=record["VolumeId"],
        name=name_of(record),
        created=record.get("CreateTime"),
        capacity=record.get("Size"),
        kind=record.get("VolumeType"),
        device=held.get("Device"),
        realm_id=record.get("AvailabilityZone"),
        state=str(record.get("State") or "unknown").upper(),
        instance_id=held.get("InstanceId") or None,
        actions=("attach", "detach", "destroy"),
        tags=tags_of(record),
    )


def attachment_of(record: Record) -> Record | None:
    """The last instance that has a volume, and where; None if none has."""
    held = [one for one in record.get("Attachments") or () if one.get("State") not in _LEAVING]
    return held[-1] if held else None


def volume_request(new: NewStorageVolume, zone: str, token: Mapping[str, str]) -> dict[str, Any]:
    """The parameters that make a volume. Amazon counts whole GB of 2^30; a part of one is a whole one.

    Args:
        new: What is asked for.
        zone: Where.
        token: The parameter against making two; empty on clouds without such tokens.
    """
    request: dict[str, Any] = {"AvailabilityZone": zone, **token}
    if new.snapshot_id:
        request["SnapshotId"] = new.snapshot_id
    if new.capacity is not None or not new.snapshot_id:
        request["Size"] = math.ceil(new.capacity or _LEAST_CAPACITY)
    return request | tagging("volume", new.name, new.tags)


def snapshot_from(record: Record) -> StorageSnapshot:
    """A snapshot; its state is in Amazon's letter case."""
    return StorageSnapshot(
        id=record["SnapshotId"],
        name=name_of(record),
        description=record.get("Description"),
        state=record.get("State"),
        created=record.get("StartTime"),
        storage_volume_id=record.get("VolumeId"),
        tags=tags_of(record),
    )


def snapshot_request(new: NewStorageSnapshot) -> dict[str, Any]:
    """The parameters that make a snapshot."""
    described = {"Description": new.description} if new.description else {}
    return {"VolumeId": new.volume_id} | described | tagging("snapshot", new.name, new.tags)
