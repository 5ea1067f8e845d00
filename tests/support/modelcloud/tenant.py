"""The model of what one client has in the cloud, and how lists and documents are held against it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from ipaddress import ip_address
from typing import NamedTuple

from modelcloud.caller import Caller, Fields, Reply, path_in
from modelcloud.readings import SINGULARS, read_item, read_list
from modelcloud.records import Record

PUBLIC_IMAGES = ("img1", "img2", "img3")
ALIVE = {"RUNNING": ["reboot", "stop"], "STOPPED": ["start", "destroy"]}
"""The actions of each state."""
_NEXT = re.compile(r'<([^>]*)>; rel="next"')
_TAKEN_AGAIN = ("instances", "addresses")
"""Collections whose ids are given to others once they are free."""


class Life(NamedTuple):
    """From when to when a thing was there for certain: created and acknowledged, and not yet asked to go."""

    collection: str
    id: str
    born: float
    died: float


def anything(_: Record) -> bool:
    """Selects every thing."""
    return True


def identified(identifier: str) -> Callable[[Record], bool]:
    """Selects the thing of an id."""
    return lambda record: bool(record["id"] == identifier)


class Tenant:
    """What one client made and has not destroyed.

    Args:
        caller: How it talks to the cloud.
        user: The user name: the owner of what it has.
        prefix: How names begin that nobody else gives.
        sharing: Whether others do the same at the same time as the same user; others' images are listed in any case.

    Attributes:
        things: Records by collection and id. What follows from others of them is worked out by :meth:`expected`.
        blobs: Records of blobs, with their content, by bucket and name.
        gone: Ids of what is there no more.
        lives: The lives of all things that are gone.
    """

    def __init__(self, caller: Caller, user: str, prefix: str, *, sharing: bool) -> None:
        self.caller = caller
        self.user = user
        self._prefix = prefix
        self.sharing = sharing
        self.things: dict[str, dict[str, Record]] = {name: {} for name in SINGULARS if name != "metrics"}
        self.blobs: dict[tuple[str, str], Record] = {}
        self.gone: dict[str, list[str]] = {name: [] for name in self.things}
        self.lives: list[Life] = []
        self._born: dict[tuple[str, str], float] = {}

    # What is there

    def has(self, collection: str, identifier: str | None) -> bool:
        """Whether it has a thing of that id; an id that is not given is as good as one that it has."""
        return identifier is None or identifier in self.things[collection]

    def ids(self, collection: str) -> list[str]:
        """The ids of what it has."""
        return list(self.things["instances" if collection == "metrics" else collection])

    def absent(self, collection: str) -> list[str]:
        """Two ids that nothing has: one was never given, and the other is the last gone one, if that cannot be back.

        They are two always, since Hypothesis wants the same choice from the same steps, whatever ids others take.
        """
        collection = "instances" if collection == "metrics" else collection
        gone = self.gone[collection][-1] if self.gone[collection] else "nosuch"
        back = gone in self.things[collection] or (self.sharing and collection in _TAKEN_AGAIN)
        return ["nosuch", "nosuch" if back else gone]

    def name(self, kind: str, word: str) -> str:
        """A name: its own where it must be, and else one that other users have as well."""
        return f"{self._prefix if self.sharing or kind == 'image' else ''}{kind} {word}"

    def add(self, collection: str, record: Record) -> Record:
        """Note what the cloud has acknowledged."""
        identifier = record["id"]
        assert identifier not in self.things[collection], f"{collection} {identifier} was given twice"
        self.things[collection][identifier] = record
        self._born[collection, identifier] = time.monotonic()
        return record

    def drop(self, collection: str, identifier: str) -> None:
        """Note that the last request has destroyed a thing."""
        del self.things[collection][identifier]
        self.gone[collection].append(identifier)
        self.lives.append(Life(collection, identifier, self._born.pop((collection, identifier)), self.caller.sent))

    # What follows from what

    def forget(self, collection: str, identifier: str) -> None:
        """Note that the last request has destroyed a thing and what goes with it."""
        if collection == "instances":
            self._forget_instance(identifier)
        if collection == "network_interfaces":
            self._unplug(self.things[collection][identifier])
            return
        if collection == "subnets":
            self._forget_subnet(identifier)
            return
        if collection == "networks":
            for subnet in self.things["networks"][identifier]["subnets"].copy():
                self._forget_subnet(subnet)
            self._unplug_all(identifier)
        self.drop(collection, identifier)

    def release(self, address: Record) -> None:
        """Note that an address is free, and that its instance shows another one of its own, or its host name."""
        instance = self.things["instances"][address["instance"]]
        address["instance"] = None
        others = [one["id"] for one in self.things["addresses"].values() if one["instance"] == instance["id"]]
        shown = ("ipv4", max(others, key=ip_address)) if others else host_name(instance, "public")
        instance["public"] = [shown]

    def detach(self, volume: Record) -> None:
        """Note that a volume is free."""
        volumes = self.things["instances"][volume["instance"]]["volumes"]
        volumes.remove((volume["id"], volume["device"]))
        volume |= {"state": "AVAILABLE", "instance": None, "device": None}

    def _forget_instance(self, identifier: str) -> None:
        for interface in self._of(identifier, "network_interfaces"):
            self._unplug(interface)
        for volume in self._of(identifier, "storage_volumes"):
            self.detach(volume)
        for address in self._of(identifier, "addresses"):
            address["instance"] = None
        for balancer in self.things["load_balancers"].values():
            balancer["instances"] = [one for one in balancer["instances"] if one != identifier]

    def _of(self, instance: str, collection: str) -> list[Record]:
        return [one for one in self.things[collection].values() if one["instance"] == instance]

    def _forget_subnet(self, identifier: str) -> None:
        self._unplug_all(identifier)
        self.things["networks"][self.things["subnets"][identifier]["network"]]["subnets"].remove(identifier)
        self.drop("subnets", identifier)

    def _unplug_all(self, place: str) -> None:
        for interface in list(self.things["network_interfaces"].values()):
            if interface["network"] == place:
                self._unplug(interface)

    def _unplug(self, interface: Record) -> None:
        self.things["instances"][interface["instance"]]["interfaces"].remove(interface["id"])
        self.drop("network_interfaces", interface["id"])

    def expected(self, collection: str, identifier: str) -> Record:
        """All that documents may say of a thing."""
        if collection == "metrics":
            return {"id": identifier, "entity": self.things["instances"][identifier]["name"]}
        record = self.things[collection][identifier]
        if collection == "instances":
            return record | {"actions": [*ALIVE[record["state"]], "run", "create_image"]}
        if collection == "load_balancers":
            return record | {"members": [self.expected("instances", one) for one in record["instances"]]}
        if collection == "buckets":
            lengths = {
                blob: one["length"] for (bucket, blob), one in sorted(self.blobs.items()) if bucket == identifier
            }
            return record | {"size": len(lengths), "blobs": list(lengths), "lengths": lengths}
        return record

    # What the cloud says

    def hold(self, collection: str, reading: Record) -> None:
        """Hold what a document says of a thing against the model."""
        expected = self.expected(collection, reading["id"])
        seen = {name: expected[name] for name in reading}
        assert reading == seen, f"{collection} {reading['id']}: {reading} instead of {seen}"

    def hold_list(
        self, collection: str, readings: list[Record], select: Callable[[Record], bool] = anything, *, own: bool = False
    ) -> None:
        """Hold a list against the model.

        Args:
            collection: The collection.
            readings: What the list says.
            select: What should be in it.
            own: Whether it was asked for what is the user's own.
        """
        ids = [one["id"] for one in readings]
        assert len(set(ids)) == len(ids), f"{collection}: an id is listed twice in {ids}"
        mine = {one for one in self.ids(collection) if select(self.expected(collection, one))}
        missing = mine.difference(ids)
        assert not missing, f"{collection}: {sorted(missing)} not listed in {ids}"
        strange = set(ids) - mine
        if self.sharing or (collection == "images" and not own):
            strange &= set(self.ids(collection))
        assert not strange, f"{collection}: {sorted(strange)} should not be listed in {ids}"
        for reading in readings:
            if reading["id"] in mine:
                self.hold(collection, reading)

    def listed(self, collection: str, query: Fields | None = None) -> list[Record]:
        """A list, whole."""
        return read_list(collection, self.caller.get(collection, query=query).expect(200))

    def walk(self, collection: str, limit: int, query: Fields | None = None) -> list[Record]:
        """A list, page by page."""
        reply = self.caller.get(collection, query={"limit": limit, **(query or {})}).expect(200)
        readings = read_list(collection, reply)
        assert len(readings) <= limit
        while following := next_page(reply):
            reply = self.caller.send("GET", following, as_=reply.format).expect(200)
            page = read_list(collection, reply)
            assert len(page) <= limit
            readings += page
        return readings

    def show(self, collection: str, identifier: str) -> Record:
        """The document about one thing."""
        return read_item(collection, self.caller.get(collection, identifier).expect(200))


def host_name(instance: Record, side: str) -> tuple[str, str]:
    """The address that an instance has of its own."""
    return ("hostname", f"{instance['image']}.{instance['id']}.{side}.com")


def next_page(reply: Reply) -> str | None:
    """The path of the next page, if there is one."""
    found = _NEXT.fullmatch(reply.headers.get("link", ""))
    return None if found is None else path_in(found[1])
