"""The state machine: all rules together, and what holds after each step."""

from __future__ import annotations

from hypothesis.stateful import initialize, invariant

from modelcloud.blob_rules import BlobRules, hold_blob, metadata_of
from modelcloud.caller import Caller
from modelcloud.compute_rules import ComputeRules
from modelcloud.disk_rules import DiskRules
from modelcloud.frontage_rules import FrontageRules
from modelcloud.leaving import leave, sweep
from modelcloud.network_rules import NetworkRules
from modelcloud.readings import SINGULARS, read_item
from modelcloud.records import Record
from modelcloud.tenant import Life, Tenant, identified, next_page

COLLECTIONS = tuple(SINGULARS)
FILTERS = (("state", "STOPPED"), ("realm_id", "eu"), ("tag_env", "test"))
TAGGED = ("instances", "storage_snapshots", "storage_volumes")


class CloudMachine(ComputeRules, DiskRules, FrontageRules, NetworkRules, BlobRules):
    """One client's stay: it makes, changes and destroys things, and sees exactly those.

    Args:
        caller: Its connections, which outlive it.
        user: The user name.
        prefix: How the names begin that it gives.
        sharing: Whether others do the same at the same time as the same user.
        lives: Where the lives of its things are noted when it leaves.
    """

    def __init__(
        self, caller: Caller, user: str, *, prefix: str = "", sharing: bool = False, lives: list[Life] | None = None
    ) -> None:
        super().__init__(Tenant(caller, user, prefix, sharing=sharing))
        self._lives = [] if lives is None else lives
        self._turn = 0

    @initialize()
    def arrive(self) -> None:
        """Begin with nothing but a little of most collections, so that there is something to act on."""
        if not self.tenant.sharing:
            sweep(self.tenant)
        prefix = self.tenant.prefix
        self.create_key(name=f"{prefix}key one", public_key=None)
        self.create_network(name=f"{prefix}net one", block="10.1.0.0/29")
        self.create_subnet(network=f"{prefix}net one", name=f"{prefix}sub one", block="10.2.0.0/30")
        self.create_firewall(name=f"{prefix}firewall one", description="plain")
        self.create_load_balancer(name=f"{prefix}balancer one", realm="us", port=80)
        self.create_bucket(name=f"{prefix}bucket one")
        self.reserve_address()

    @invariant()
    def every_list_is_what_the_model_holds(self) -> None:
        for collection in COLLECTIONS:
            self.tenant.hold_list(collection, self.tenant.list(collection))

    @invariant()
    def pages_filters_and_documents_say_the_same_as_the_list(self) -> None:
        """Of one collection at a time, in turn."""
        self._turn += 1
        tenant, collection = self.tenant, COLLECTIONS[self._turn % len(COLLECTIONS)]
        tenant.hold_list(collection, tenant.walk(collection, 1 + self._turn % 5))
        for identifier in tenant.ids(collection):
            tenant.hold(collection, tenant.show(collection, identifier))
            tenant.hold_list(collection, tenant.list(collection, {"id": identifier}), identified(identifier), own=True)
        for identifier in tenant.absent("instances" if collection == "metrics" else collection):
            tenant.caller.get(collection, identifier).expect(404)
            assert tenant.list(collection, {"id": identifier}) == []

    @invariant()
    def filters_select_what_has_the_value(self) -> None:
        """By state, realm and tags in turn; images by owner, since they are public."""
        tenant = self.tenant
        tenant.hold_list("images", tenant.walk("images", 2, {"owner_id": "self"}), own=True)
        name, value = FILTERS[self._turn % len(FILTERS)]
        for collection in TAGGED if name == "tag_env" else ("instances",):
            listed = tenant.walk(collection, 3, {name: value})
            tenant.hold_list(collection, listed, lambda one: _has(one, name, value))

    @invariant()
    def blobs_are_what_was_put(self) -> None:
        """Of one blob at a time: its document, metadata and content, and that it is sent again only when it changed."""
        blobs = list(self.tenant.blobs.values())
        if not blobs:
            return
        record = blobs[self._turn % len(blobs)]
        place = ("buckets", record["bucket"], record["id"])
        hold_blob(record, read_item("blobs", self.caller.get(*place).expect(200)))
        assert metadata_of(self.caller.head(*place).expect(204)) == record["metadata"]
        reply = self.caller.get(*place, "content").expect(200)
        assert reply.body == record["content"]
        assert reply.headers["content-type"].partition(";")[0] == record["content_type"]
        etag = reply.headers["etag"]
        assert record["etag"] in (None, etag)
        assert etag != record["replaced"]
        record["etag"] = etag
        self.caller.get(*place, "content", headers={"If-None-Match": etag}).expect(304)

    @invariant()
    def buckets_list_their_blobs(self) -> None:
        """One bucket at a time: whole, by pages, and by prefix."""
        buckets = self.tenant.ids("buckets")
        if not buckets:
            return
        bucket = buckets[self._turn % len(buckets)]
        expected = self.tenant.expected("buckets", bucket)
        reply = self.caller.get("buckets", bucket, query={"limit": 2}).expect(200)
        pages = read_item("buckets", reply)["blobs"]
        while following := next_page(reply):
            reply = self.caller.send("GET", following, as_=reply.format).expect(200)
            pages += read_item("buckets", reply)["blobs"]
        assert pages == expected["blobs"]
        begun = self.caller.get("buckets", bucket, query={"prefix": "two/"}).expect(200)
        assert read_item("buckets", begun)["blobs"] == [one for one in expected["blobs"] if one.startswith("two/")]

    def teardown(self) -> None:
        """Leave: everything can be destroyed, and then nothing is left."""
        leave(self.tenant)
        for collection in COLLECTIONS:
            self.tenant.hold_list(collection, self.tenant.list(collection))
        self._lives += self.tenant.lives


def _has(record: Record, name: str, value: str) -> bool:
    if name == "tag_env":
        return (record["tags"] or {}).get("env") == value
    return bool(record[name.removesuffix("_id")] == value)
