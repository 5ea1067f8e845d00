"""Storage volumes: disks."""

from __future__ import annotations

from deltacloud.api.answers import Shown
from deltacloud.api.collections import rows
from deltacloud.api.exchange import Exchange
from deltacloud.api.operations import ID, Collection, Operation, text
from deltacloud.inputs import NewStorageVolume
from deltacloud.parameters import Parameter


def _new(exchange: Exchange) -> NewStorageVolume:
    values = exchange.parameters
    return NewStorageVolume(
        snapshot_id=values.text("snapshot_id") or None,
        capacity=values.number("capacity"),
        realm_id=values.text("realm_id") or None,
        name=values.text("name"),
        description=values.text("description"),
        tags=values.tags(),
    )


def _attach(exchange: Exchange) -> Shown:
    identifier = exchange.ids["id"]
    values = exchange.parameters
    volume = exchange.call(
        "attach_storage_volume",
        volume_id=identifier,
        instance_id=values.text("instance_id"),
        device=values.text("device"),
    )
    return Shown("storage_volumes", volume, 202, browser=exchange.path("storage_volumes", identifier))


def _detach(exchange: Exchange) -> Shown:
    identifier = exchange.ids["id"]
    volume = exchange.call("detach_storage_volume", volume_id=identifier)
    return Shown("storage_volumes", volume, 202, browser=exchange.path("storage_volumes", identifier))


STORAGE_VOLUMES = Collection(
    name="storage_volumes",
    singular="storage_volume",
    title="Storage volumes",
    help="A disk that can be attached to an instance",
    operations=(
        rows.index("storage_volumes", "the storage volumes"),
        rows.show("storage_volumes", "storage_volume", "volume_id"),
        rows.create(
            "storage_volumes",
            "storage_volume",
            _new,
            text("snapshot_id", "A snapshot to start from"),
            Parameter(name="capacity", type="number", minimum=0, help="Size in GB"),
            text("realm_id", "The realm"),
            text("name", "Name of the new volume"),
            text("description", "Description of the new volume"),
        ),
        rows.destroy("storage_volumes", "storage_volume", "volume_id"),
        Operation(
            name="attach",
            method="POST",
            path="/storage_volumes/{id}/attach",
            handler=_attach,
            help="Attach the volume to an instance",
            needs=("attach_storage_volume",),
            expect="attach_storage_volume",
            parameters=(
                ID,
                text("instance_id", "The instance", required=True),
                text("device", "How it appears there, such as /dev/sdc", required=True),
            ),
            status=202,
            action=True,
            form="/storage_volumes/{id}/attach_instance",
        ),
        Operation(
            name="detach",
            method="POST",
            path="/storage_volumes/{id}/detach",
            handler=_detach,
            help="Take the volume from its instance",
            needs=("detach_storage_volume",),
            expect="detach_storage_volume",
            parameters=(ID,),
            status=202,
            action=True,
        ),
    ),
)
