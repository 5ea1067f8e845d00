"""What writers were told by a server, and whether it is so."""

from __future__ import annotations

import hashlib
import math
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from deltacloud.testing.wsgi import Answer
from strictclient import NoAnswer, StrictClient

Facts = Mapping[str, object]
"""What a thing looks like: the part that its writer has decided or was told."""


@dataclass(eq=False, slots=True)
class Thing:
    """Something in the cloud.

    Attributes:
        collection: Where it is.
        name: What its writer calls it, and nobody calls anything else in its collection; of a blob with its bucket's.
        id: Its id; None as long as that was not told.
        possible: What it may look like now; None stands for its absence. More than one after a change whose answer
            never came.
        life: Its id's life, where the cloud chose it.
    """

    collection: str
    name: str
    id: str | None
    possible: list[Facts | None]
    life: Life | None = None

    @property
    def facts(self) -> Facts | None:
        """What it surely looks like; None when it is gone, or in doubt."""
        return self.possible[0] if len(self.possible) == 1 else None


@dataclass(eq=False, slots=True)
class Life:
    """An id that a server gave out.

    Attributes:
        since: When the server had said so.
        until: When a client asked to end it.
    """

    collection: str
    id: str
    since: float
    until: float = math.inf


@dataclass(slots=True)
class Journal:
    """What one writer knows.

    Attributes:
        things: By collection and name.
        lives: Every id that was given to this writer.
        acknowledged: Writes that were answered, by what was written.
        unknown: Writes whose answers never came.
        again: Requests that were sent again, with the same idempotency key.
    """

    things: dict[tuple[str, str], Thing] = field(default_factory=dict)
    lives: list[Life] = field(default_factory=list)
    acknowledged: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)
    again: int = 0

    def known(self, collection: str) -> list[Thing]:
        """The things of a collection that are surely there."""
        return [one for one in self.things.values() if one.collection == collection and one.facts is not None]

    def thing(self, collection: str, name: str, identifier: str | None = None) -> Thing:
        """A thing, new ones included."""
        return self.things.setdefault((collection, name), Thing(collection, name, identifier, [None]))

    def change(self, what: str, thing: Thing, facts: Facts | None, send: Callable[[], Answer]) -> Answer | None:
        """Make a change, and note what became of it.

        Args:
            what: What kind of change it is, for the counts.
            thing: What is changed; surely known.
            facts: What it looks like afterwards.
            send: Sends the request; checks the answer.

        Returns:
            The answer; None when none came.
        """
        thing.possible.append(facts)
        try:
            answer = send()
        except NoAnswer:
            self.unknown[what] += 1
            return None
        thing.possible = [facts]
        self.acknowledged[what] += 1
        return answer

    def born(self, thing: Thing, identifier: str) -> None:
        """Note an id that the cloud chose."""
        thing.id = identifier
        thing.life = Life(thing.collection, identifier, time.monotonic())
        self.lives.append(thing.life)


def facts_of(collection: str, document: Mapping[str, Any]) -> Facts:
    """What of a thing's JSON counts."""
    return _READERS[collection](document)


def name_of(collection: str, document: Mapping[str, Any]) -> str:
    """What its writer calls it."""
    return str(document["name" if collection in NAMED else "id"])


NAMED = ("instances", "storage_volumes")
"""Collections in which the cloud chooses the ids."""
LISTED = ("instances", "keys", "images", "storage_volumes", "firewalls", "buckets")


def _key(document: Mapping[str, Any]) -> Facts:
    return {"pem": document["pem_rsa_key"].strip(), "fingerprint": document.get("fingerprint")}


def _instance(document: Mapping[str, Any]) -> Facts:
    return {
        "state": document["state"],
        "image": document["image"]["id"],
        "profile": document["hardware_profile"]["id"],
    }


def _volume(document: Mapping[str, Any]) -> Facts:
    return {
        "capacity": document["capacity"],
        "state": document["state"],
        "instance": document["instance"].get("id"),
        "device": document["device"],
    }


def _firewall(document: Mapping[str, Any]) -> Facts:
    return {"description": document["description"], "rules": frozenset(rule["id"] for rule in document["rules"])}


def _blob(document: Mapping[str, Any]) -> Facts:
    return {
        "length": document["content_length"],
        "type": document["content_type"],
        "metadata": document["user_metadata"],
    }


_READERS: dict[str, Callable[[Mapping[str, Any]], Facts]] = {
    "instances": _instance,
    "keys": _key,
    "images": lambda document: {"description": document["description"]},
    "storage_volumes": _volume,
    "firewalls": _firewall,
    "buckets": lambda _: {},
    "blobs": _blob,
}


def listed(client: StrictClient, collection: str) -> list[dict[str, Any]]:
    """All that a list shows."""
    answer = client.ask("GET", f"/api/{collection}")
    assert answer.status == 200, answer.body
    things: list[dict[str, Any]] = answer.json[collection]
    return things


def blob_facts(client: StrictClient, place: str) -> Facts | None:
    """What a blob looks like, its content included; ``place`` is ``BUCKET/BLOB``."""
    shown = client.ask("GET", f"/api/buckets/{place}")
    if shown.status == 404:
        return None
    content = client.ask("GET", f"/api/buckets/{place}/content")
    assert (shown.status, content.status) == (200, 200), (shown, content)
    facts = dict(facts_of("blobs", shown.json["blob"]))
    facts["digest"] = hashlib.sha256(content.body).hexdigest()
    assert len(content.body) == facts["length"], f"{place} is {len(content.body)} long, not {facts['length']}"
    return facts


class Verdict:
    """Holds journals against a server at rest.

    Args:
        client: Asks the server.
        journals: What all its writers know.
        before: The names that each collection held at first.
    """

    def __init__(self, client: StrictClient, journals: list[Journal], before: Mapping[str, set[str]]) -> None:
        self._client = client
        self._before = before
        self._things = [thing for journal in journals for thing in journal.things.values()]
        self._lives = [life for journal in journals for life in journal.lives]
        self.kept = Counter[str]()
        """Unknown writes by what became of them."""

    def faults(self) -> list[str]:
        """Everything that is not as it was said to be."""
        return [*self._faults_of_lists(), *self._faults_of_blobs(), *self._shared_ids()]

    def _faults_of_lists(self) -> Iterator[str]:
        for collection in LISTED:
            found = {name_of(collection, one): one for one in listed(self._client, collection)}
            for thing in (one for one in self._things if one.collection == collection):
                document = found.pop(thing.name, None)
                yield from self._judged(thing, None if document is None else facts_of(collection, document))
                if document is not None and thing.id not in (None, document["id"]):
                    yield f"{collection} {thing.name} is {document['id']}, and was {thing.id}"
            unexpected = set(found) - self._before[collection]
            yield from (f"{collection} {name} was made by nobody" for name in unexpected if not _by_the_way(name))
            yield from (f"{collection} {name} is gone" for name in self._before[collection] - set(found))

    def _faults_of_blobs(self) -> Iterator[str]:
        blobs = [one for one in self._things if one.collection == "blobs"]
        buckets = {one["id"] for one in listed(self._client, "buckets")} - self._before["buckets"]
        shown = {
            f"{bucket}/{entry['id']}"
            for bucket in buckets
            for entry in self._client.ask("GET", f"/api/buckets/{bucket}").json["bucket"]["blob_list"]
        }
        yield from (f"blob {place} was made by nobody" for place in shown - {one.name for one in blobs})
        for blob in blobs:
            facts = blob_facts(self._client, blob.name)
            if (facts is not None) != (blob.name in shown):
                yield f"the list of its bucket is wrong about blob {blob.name}"
            yield from self._judged(blob, facts)

    def _judged(self, thing: Thing, facts: Facts | None) -> Iterator[str]:
        if len(thing.possible) > 1:
            self.kept["had no effect" if facts == thing.possible[0] else "had their effect"] += 1
        if not any(agree(facts, one) for one in thing.possible):
            yield f"{thing.collection} {thing.name} ({thing.id}) is {facts}, and was {thing.possible}"

    def _shared_ids(self) -> Iterator[str]:
        """Ids that two things had at once."""
        last: dict[tuple[str, str], Life] = {}
        for life in sorted(self._lives, key=lambda one: one.since):
            earlier = last.get((life.collection, life.id))
            if earlier is not None and earlier.until > life.since:
                yield f"{life.collection} {life.id} was given out twice"
            last[life.collection, life.id] = life


def agree(found: Facts | None, expected: Facts | None) -> bool:
    """Whether a thing looks as expected; what was not expected in particular may be anything."""
    if found is None or expected is None:
        return found is expected
    return all(found[name] == value for name, value in expected.items())


def _by_the_way(name: str) -> bool:
    """Whether it is a volume that came with an instance; those have no names of their own."""
    return name.startswith("Volumevolume_")
