"""The end of things of every kind, or why they cannot be destroyed yet."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st
from hypothesis.stateful import rule

from modelcloud.leaving import ORDER
from modelcloud.records import Record
from modelcloud.rules import Rules, refused, some, verdict
from modelcloud.tenant import PUBLIC_IMAGES, Tenant


def some_thing() -> st.SearchStrategy[tuple[str, str]]:
    """A collection, and an id of something that is, was or never was in it."""
    return st.sampled_from(ORDER).flatmap(lambda name: st.tuples(st.just(name), some(name)))


class DestroyRules(Rules):
    """The rules of every end."""

    @rule(things=st.lists(some_thing(), min_size=1, max_size=3))
    def destroy(self, things: list[tuple[str, str]]) -> None:
        for collection, identifier in things:
            destroy(self.tenant, collection, identifier)

    @rule(image=st.sampled_from(PUBLIC_IMAGES))
    def destroy_public_image(self, image: str) -> None:
        self.caller.delete("images", image).expect(403)


def destroy(tenant: Tenant, collection: str, identifier: str) -> None:
    """Destroy a thing, or see that it cannot be."""
    record = tenant.things[collection].get(identifier)
    unknown = 403 if collection == "instances" else 404
    applies, status = REFUSALS.get(collection, (_never, 0))
    needed = record is not None and applies(tenant, record)
    reply = tenant.caller.delete(collection, identifier)
    if not refused(reply, verdict(204, (record is None, unknown), (needed, status))):
        tenant.forget(collection, identifier)


def _never(_: Tenant, __: Record) -> bool:
    return False


def _is_running(_: Tenant, instance: Record) -> bool:
    return bool(instance["state"] == "RUNNING")


def _is_on_an_instance(_: Tenant, record: Record) -> bool:
    return record["instance"] is not None


def _protects_an_instance(tenant: Tenant, firewall: Record) -> bool:
    return any(firewall["id"] in (one["firewalls"] or ()) for one in tenant.things["instances"].values())


def _holds_blobs(tenant: Tenant, bucket: Record) -> bool:
    return any(place[0] == bucket["id"] for place in tenant.blobs)


REFUSALS: dict[str, tuple[Callable[[Tenant, Record], bool], int]] = {
    "instances": (_is_running, 405),
    "storage_volumes": (_is_on_an_instance, 409),
    "addresses": (_is_on_an_instance, 403),
    "firewalls": (_protects_an_instance, 409),
    "buckets": (_holds_blobs, 403),
}
"""When a thing cannot be destroyed, and how that is answered."""
