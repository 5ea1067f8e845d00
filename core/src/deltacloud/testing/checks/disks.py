"""Volumes and snapshots."""

from __future__ import annotations

from typing import Any

from deltacloud.testing.caller import raised_by, said
from deltacloud.testing.check import REFERENCE, check, expect
from deltacloud.testing.resources import RESOURCES
from deltacloud.testing.run import Run

_PAGE = (REFERENCE, "Volumes and snapshots")
_MAKING = ("list_storage_volumes", "create_storage_volume")
_ATTACHING = (*_MAKING, "attach_storage_volume", "detach_storage_volume")


def _attach(run: Run) -> str:
    """A new volume that is being attached to the standing instance: its id."""
    volume = str(run.make(RESOURCES["storage_volumes"]).id)
    instance, device = run.standing("instances").id, run.backend.device
    run.main.call("attach_storage_volume", volume_id=volume, instance_id=instance, device=device)
    return volume


@check("storage_volumes.capacity", "a volume has the asked capacity, in GB of 2^30", _PAGE, hooks=_MAKING)
def _capacity(run: Run) -> None:
    wanted = run.backend.capacity
    shown = run.main.find(RESOURCES["storage_volumes"], run.make(RESOURCES["storage_volumes"]).id)
    expect(shown.capacity == wanted, f"shows a volume of {shown.capacity} GB, asked for {wanted}")


@check(
    "storage_volumes.attach",
    "an attached volume shows its instance and device, and the instance the volume, until it is detached",
    _PAGE,
    hooks=_ATTACHING,
)
def _attached(run: Run) -> None:
    who, volumes = run.main, RESOURCES["storage_volumes"]
    instance = run.standing("instances").id
    volume = _attach(run)

    def seen() -> Any:  # noqa: ANN401 - a volume
        return who.find(volumes, volume)

    def held() -> dict[str, str | None]:
        return dict(who.find(RESOURCES["instances"], instance).storage_volumes)

    run.wait(lambda: seen().instance_id == instance or None, "shows an attached volume without its instance")
    expect(seen().device, "shows an attached volume without its device")
    expect(volume in held(), "shows an instance without the volume that was attached to it")
    who.call("detach_storage_volume", volume_id=volume)
    run.wait(lambda: seen().instance_id is None or None, "shows a detached volume with its instance")
    expect(volume not in held(), "shows an instance with the volume that was detached from it")


@check(
    "storage_volumes.in-use",
    "an attached volume is not destroyed: Conflict",
    _PAGE,
    hooks=(*_ATTACHING, "destroy_storage_volume"),
)
def _in_use(run: Run) -> None:
    volume = _attach(run)
    error = raised_by(lambda: run.main.call("destroy_storage_volume", volume_id=volume))
    expect(isinstance(error, run.conflicts), f"destroy_storage_volume said {said(error)} of an attached volume")


@check(
    "storage_snapshots.origin",
    "a snapshot shows its volume, and a volume can be made of it",
    _PAGE,
    hooks=("list_storage_snapshots", "create_storage_snapshot", *_MAKING),
)
def _origin(run: Run) -> None:
    volume = run.standing("storage_volumes")
    snapshot = run.make(RESOURCES["storage_snapshots"])
    shown = run.main.find(RESOURCES["storage_snapshots"], snapshot.id)
    expect(shown.storage_volume_id == volume.id, f"shows a snapshot of {shown.storage_volume_id}, made of {volume.id}")
    copy = run.make(RESOURCES["storage_volumes"], {"snapshot_id": snapshot.id, "capacity": None})
    size = run.main.find(RESOURCES["storage_volumes"], copy.id).capacity
    expect(size is None or size >= (volume.capacity or 0), f"made a volume of {size} GB of one of {volume.capacity}")
