"""Storage snapshots: copies of volumes at a moment."""

from __future__ import annotations

from deltacloud.api.collections import rows
from deltacloud.api.exchange import Exchange
from deltacloud.api.operations import Collection, text
from deltacloud.inputs import NewStorageSnapshot


def _new(exchange: Exchange) -> NewStorageSnapshot:
    values = exchange.parameters
    return NewStorageSnapshot(
        volume_id=values.text("volume_id") or "",
        name=values.text("name"),
        description=values.text("description"),
        tags=values.tags(),
    )


STORAGE_SNAPSHOTS = Collection(
    name="storage_snapshots",
    singular="storage_snapshot",
    title="Storage snapshots",
    help="A copy of a volume at a moment",
    operations=(
        rows.index("storage_snapshots", "the storage snapshots"),
        rows.show("storage_snapshots", "storage_snapshot", "snapshot_id"),
        rows.create(
            "storage_snapshots",
            "storage_snapshot",
            _new,
            text("volume_id", "The volume", required=True),
            text("name", "Name of the new snapshot"),
            text("description", "Description of the new snapshot"),
        ),
        rows.destroy("storage_snapshots", "storage_snapshot", "snapshot_id"),
    ),
)
