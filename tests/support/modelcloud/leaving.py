"""The end of a client's stay: everything that it made can be destroyed, and is gone then."""

from __future__ import annotations

from modelcloud.readings import read_item
from modelcloud.tenant import Tenant

ORDER = (
    "instances",
    "load_balancers",
    "addresses",
    "storage_snapshots",
    "storage_volumes",
    "network_interfaces",
    "subnets",
    "networks",
    "firewalls",
    "keys",
    "images",
    "buckets",
)
"""Nothing depends any more on what stands first, once it has been stopped and emptied."""


def leave(tenant: Tenant) -> None:
    """Destroy all that the model holds."""
    for collection in ORDER:
        for identifier in tenant.ids(collection):
            _destroy(tenant, collection, identifier)
            tenant.forget(collection, identifier)
    tenant.blobs.clear()


def _destroy(tenant: Tenant, collection: str, identifier: str) -> None:
    caller = tenant.caller
    if collection == "instances" and tenant.show(collection, identifier)["state"] == "RUNNING":
        caller.post(collection, identifier, "stop").expect(202)
    if collection == "buckets":
        for blob in read_item(collection, caller.get(collection, identifier).expect(200))["blobs"]:
            caller.delete(collection, identifier, blob).expect(204)
    caller.delete(collection, identifier).expect(204)
