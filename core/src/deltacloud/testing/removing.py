"""Removing what was made: everything that has to happen before, then the destroy hook."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from deltacloud.testing.life import act, bring
from deltacloud.testing.resources import RESOURCES, Resource

if TYPE_CHECKING:
    from deltacloud.testing.caller import Caller
    from deltacloud.testing.run import Run


class Made(NamedTuple):
    """A thing, and who made it."""

    who: Caller
    resource: Resource
    identifier: str


def remove(run: Run, made: Made) -> None:
    """Remove a thing; nothing happens where the driver has no hook for it.

    Raises:
        NotFound: it is gone already.
        DeltacloudError: whatever else keeps it from going.
    """
    who, resource, identifier = made
    if not run.has(resource.destroy_hook):
        return
    if resource.collection == "instances":
        act(who, bring(run, who, identifier, "destroy"), "destroy")
        return
    _release(run, made)
    who.call(resource.destroy_hook, **{resource.argument: identifier})


def _release(run: Run, made: Made) -> None:
    """Take a thing from whatever still uses it."""
    who, resource, identifier = made
    collection = resource.collection
    if collection == "storage_volumes" and run.has("detach_storage_volume"):
        if who.find(resource, identifier).instance_id is not None:
            who.call("detach_storage_volume", volume_id=identifier)
    elif collection == "addresses" and run.has("disassociate_address"):
        if who.find(resource, identifier).instance_id is not None:
            who.call("disassociate_address", address_id=identifier)
    elif collection == "buckets" and run.has("list_blobs", "destroy_blob"):
        for entry in list(who.lister.blobs(identifier, None, None, None).items):
            who.call("destroy_blob", bucket_id=identifier, blob_id=entry.id)


def removable(run: Run) -> list[Resource]:
    """The collections whose things can be removed, in an order in which nothing is removed while another needs it."""
    order = (
        "load_balancers", "network_interfaces", "addresses", "instances", "images", "storage_snapshots",
        "storage_volumes", "subnets", "networks", "firewalls", "keys", "buckets",
    )  # fmt: skip
    return [RESOURCES[name] for name in order if run.has(RESOURCES[name].list_hook, RESOURCES[name].destroy_hook)]
