"""All that the cloud shows a client, held against its model: lists, pages, filters, documents and contents.

What is many requests is done for one collection, one bucket and one blob at a time, as their turn comes.
"""

from __future__ import annotations

from collections.abc import Callable

from modelcloud.caller import Reply
from modelcloud.readings import SINGULARS, read_item
from modelcloud.records import Record
from modelcloud.tenant import Tenant, identified, next_page

COLLECTIONS = tuple(SINGULARS)
FILTERS = (("state", "STOPPED"), ("realm_id", "eu"), ("tag_env", "test"))
TAGGED = ("instances", "storage_snapshots", "storage_volumes")


def observe(tenant: Tenant, turn: int) -> None:
    """Hold all lists, and some of the rest, against the model."""
    hold_lists(tenant)
    part, turn = turn % len(PARTS), turn // len(PARTS)
    PARTS[part](tenant, turn)


def hold_lists(tenant: Tenant) -> None:
    """Hold every list against the model, whole."""
    for collection in COLLECTIONS:
        tenant.hold_list(collection, tenant.listed(collection))


def hold_blob(record: Record, reading: Record) -> None:
    """Hold what a document says of a blob against the model."""
    seen = {name: record[name] for name in reading}
    assert reading == seen, f"{reading} instead of {seen}"


def _hold_documents(tenant: Tenant, turn: int) -> None:
    """The pages of a list, the document about each thing in it, and the list of that thing alone."""
    collection = COLLECTIONS[turn % len(COLLECTIONS)]
    tenant.hold_list(collection, tenant.walk(collection, 1 + turn % 5))
    for identifier in tenant.ids(collection):
        tenant.hold(collection, tenant.show(collection, identifier))
        tenant.hold_list(collection, tenant.listed(collection, {"id": identifier}), identified(identifier), own=True)
    for identifier in sorted(set(tenant.absent(collection))):
        tenant.caller.get(collection, identifier).expect(404)
        assert tenant.listed(collection, {"id": identifier}) == []


def _hold_filters(tenant: Tenant, turn: int) -> None:
    """One filter, and the images of a user, whose list is the only one that shows others' as well."""
    name, value = FILTERS[turn % len(FILTERS)]
    tenant.hold_list("images", tenant.walk("images", 2, {"owner_id": "self"}), own=True)
    for collection in TAGGED if name == "tag_env" else ("instances",):
        tenant.hold_list(collection, tenant.walk(collection, 3, {name: value}), lambda one: _has(one, name, value))


def _has(record: Record, name: str, value: str) -> bool:
    if name == "tag_env":
        return (record["tags"] or {}).get("env") == value
    return bool(record[name.removesuffix("_id")] == value)


def _hold_content(tenant: Tenant, turn: int) -> None:
    """A blob's document, metadata and content, and that it is sent anew only when it has changed."""
    if not tenant.blobs:
        return
    record = list(tenant.blobs.values())[turn % len(tenant.blobs)]
    caller, place = tenant.caller, ("buckets", record["bucket"], record["id"])
    hold_blob(record, read_item("blobs", caller.get(*place).expect(200)))
    assert _metadata_of(caller.head(*place).expect(204)) == record["metadata"]
    reply = caller.get(*place, "content").expect(200)
    assert reply.body == record["content"]
    assert reply.headers["content-type"].partition(";")[0] == record["content_type"]
    etag = reply.headers["etag"]
    assert record["etag"] in (None, etag)
    assert record["replaced"] != etag
    record["etag"] = etag
    caller.get(*place, "content", headers={"If-None-Match": etag}).expect(304)


def _metadata_of(reply: Reply) -> dict[str, str]:
    """The metadata in an answer's headers, which ``http.client`` reads as latin-1."""
    start = "x-deltacloud-blobmeta-"
    found = {name: value for name, value in reply.headers.items() if name.startswith(start)}
    return {name.removeprefix(start): value.encode("latin-1").decode() for name, value in found.items()}


def _hold_bucket(tenant: Tenant, turn: int) -> None:
    """A bucket's list of blobs, by pages and by prefix."""
    if not tenant.ids("buckets"):
        return
    bucket = tenant.ids("buckets")[turn % len(tenant.ids("buckets"))]
    caller, blobs = tenant.caller, tenant.expected("buckets", bucket)["blobs"]
    reply = caller.get("buckets", bucket, query={"limit": 2}).expect(200)
    pages = read_item("buckets", reply)["blobs"]
    while following := next_page(reply):
        reply = caller.send("GET", following, as_=reply.format).expect(200)
        pages += read_item("buckets", reply)["blobs"]
    assert pages == blobs
    begun = caller.get("buckets", bucket, query={"prefix": "two/"}).expect(200)
    assert read_item("buckets", begun)["blobs"] == [one for one in blobs if one.startswith("two/")]


PARTS: tuple[Callable[[Tenant, int], None], ...] = (_hold_documents, _hold_filters, _hold_content, _hold_bucket)
