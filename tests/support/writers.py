"""Clients that write all the time, and note what they were told."""

from __future__ import annotations

import hashlib
import json
import random
import time
from collections.abc import Callable, Iterator, Mapping
from threading import Event
from typing import Any
from urllib.parse import quote, urlencode

from deltacloud.testing.wsgi import Answer
from journals import NAMED, Facts, Journal, Thing, agree, blob_facts, facts_of
from strictclient import BLOCK, NoAnswer, StrictClient

LARGEST = 2 * 1024 * 1024
"""Bytes of the largest blob."""
_ENOUGH = 6
"""So many things of a kind a writer has before it rather changes than makes one."""
_TRIES = 30
_FORMS = ("application/json", "application/xml")


class WrongAnswer(AssertionError):
    """An answer that no writer should get."""


class Writer:
    """One client that keeps to things of its own.

    Args:
        number: Its number; its things' names begin with it.
        port: The server's.
        chance: What it does next.
    """

    def __init__(self, number: int, port: int, chance: random.Random) -> None:
        self.journal = Journal()
        self._number = number
        self._client = StrictClient(port)
        self._chance = chance
        self._made = 0
        self._actions = {
            self._instances: 5,
            self._keys: 2,
            self._buckets: 2,
            self._volumes: 3,
            self._images: 1,
            self._firewalls: 3,
            self._blobs: 8,
            self._read: 4,
        }

    def work(self, stop: Event) -> Journal:
        """Write until told to stop."""
        while not stop.is_set():
            (action,) = self._chance.choices(list(self._actions), list(self._actions.values()))
            action()
        self._client.close()
        return self.journal

    # Requests

    def _send(self, status: int, method: str, path: str, **more: Any) -> Answer:
        answer = self._client.ask(method, f"/api{path}", **more)
        if answer.status != status:
            raise WrongAnswer(f"{method} {path}: {answer.status} {answer.body[:500]!r}")
        return answer

    def _post(self, status: int, path: str, values: Mapping[str, str], key: str | None = None) -> Answer:
        """A request with parameters, in one of the forms for them, whose answer is in one of its forms."""
        kind, body = "application/x-www-form-urlencoded", urlencode(values).encode()
        if self._chance.random() < 0.5:
            kind, body = "application/json", json.dumps(values).encode()
        headers = {"Content-Type": kind, "Accept": self._chance.choice(_FORMS)}
        headers |= {"Idempotency-Key": key} if key else {}
        return self._send(status, "POST", path, body=body, headers=headers)

    def _create(self, collection: str, facts: Facts, values: Mapping[str, str], kind: str = "") -> None:
        """Make something; half of the time so that it can be asked for again, which is done when no answer comes."""
        name = values["name"]
        thing = self.journal.thing(collection, name, None if collection in NAMED else name)
        key = f"{name}-{self._chance.random()}" if self._chance.random() < 0.5 else None

        def send() -> Answer:
            answer = self._post(201, f"/{collection}", values, key)
            if key is not None and self._chance.random() < 0.2:
                again = self._post(201, f"/{collection}", values, key)
                self.journal.again += 1
                if _identity(again) != _identity(answer):
                    raise WrongAnswer(f"{key}: {_identity(answer)} became {_identity(again)}")
            return answer

        answer = self.journal.change(kind or collection, thing, facts, send if key is None else self._insisting(send))
        if answer is not None and collection in NAMED:
            self.journal.born(thing, _identity(answer))
        if answer is not None and collection == "keys":
            thing.possible = [_private_part(answer)]

    def _insisting(self, send: Callable[[], Answer]) -> Callable[[], Answer]:
        def repeat() -> Answer:
            for _ in range(_TRIES):
                try:
                    answer = send()
                except NoAnswer:
                    self.journal.again += 1
                else:
                    return answer
            raise WrongAnswer("no answer, however often it was asked for")

        return repeat

    def _destroy(self, thing: Thing, path: str = "") -> None:
        if thing.life is not None:
            thing.life.until = time.monotonic()
        target = path or f"/{thing.collection}/{thing.id}"
        self.journal.change(f"{thing.collection} destroyed", thing, None, lambda: self._send(204, "DELETE", target))

    def _act(self, thing: Thing, action: str, after: Facts, **values: str) -> None:
        target = f"/{thing.collection}/{thing.id}/{action}"
        self.journal.change(action, thing, after, lambda: self._post(202, target, values))

    # What it does

    def _new_name(self) -> str:
        self._made += 1
        return f"w{self._number}-{self._made}"

    def _pick(self, collection: str) -> Thing | None:
        """One of its own things to change; None when it shall make one."""
        there = self.journal.known(collection)
        if len(there) < _ENOUGH or self._chance.random() < 0.1:
            return None
        return self._chance.choice(there)

    def _instances(self) -> None:
        thing = self._pick("instances")
        if thing is None:
            self._launch()
        elif _sure(thing)["state"] == "RUNNING":
            self._act(thing, "stop", {**_sure(thing), "state": "STOPPED"})
        elif self._chance.random() < 0.4 or self._holds_volumes(thing):
            self._act(thing, "start", {**_sure(thing), "state": "RUNNING"})
        else:
            self._destroy(thing)

    def _launch(self) -> None:
        profile = self._chance.choice(("m1-small", "m1-large", "m1-xlarge"))
        values = {"name": self._new_name(), "image_id": "img1", "hwp_id": profile}
        facts = {"state": "RUNNING", "image": "img1", "profile": profile}
        if self._chance.random() < 0.2:
            values |= {"snapshot_id": "snap1", "device_name": "/dev/sdz"}
        self._create("instances", facts, values, "instances with a volume" if "snapshot_id" in values else "")

    def _holds_volumes(self, instance: Thing) -> bool:
        volumes = (one for one in self.journal.things.values() if one.collection == "storage_volumes")
        return any(facts and facts["instance"] == instance.id for one in volumes for facts in one.possible)

    def _keys(self) -> None:
        thing = self._pick("keys")
        if thing is None:
            self._create("keys", {}, {"name": self._new_name()})
        else:
            self._destroy(thing)

    def _images(self) -> None:
        thing = self._pick("images")
        instances = self.journal.known("instances")
        if thing is not None:
            self._destroy(thing)
        elif instances:
            description = f"made at random {self._chance.random()}"
            values = {"name": self._new_name(), "description": description}
            values["instance_id"] = str(self._chance.choice(instances).id)
            self._create("images", {"description": description}, values)

    def _volumes(self) -> None:
        thing = self._pick("storage_volumes")
        instances = self.journal.known("instances")
        if thing is None:
            capacity = self._chance.randrange(1, 100)
            facts = {"capacity": capacity, "state": "AVAILABLE", "instance": None, "device": None}
            self._create("storage_volumes", facts, {"name": self._new_name(), "capacity": str(capacity)})
        elif _sure(thing)["instance"] is not None:
            self._act(thing, "detach", {**_sure(thing), "state": "AVAILABLE", "instance": None, "device": None})
        elif instances and self._chance.random() < 0.7:
            where = {"instance": self._chance.choice(instances).id, "device": f"/dev/{self._chance.randrange(9999)}"}
            after = {**_sure(thing), "state": "IN-USE", **where}
            self._act(thing, "attach", after, instance_id=str(where["instance"]), device=str(where["device"]))
        else:
            self._destroy(thing)

    def _firewalls(self) -> None:
        thing = self._pick("firewalls")
        if thing is None:
            values = {"name": self._new_name(), "description": f"number {self._chance.random()}"}
            self._create("firewalls", {"description": values["description"], "rules": frozenset()}, values)
            return
        rules: frozenset[str] = _sure(thing)["rules"]
        if len(rules) < 3 or self._chance.random() < 0.4:
            port = str(self._chance.randrange(1, 65536))
            rule = f"mockuser~tcp~{port}~{port}~@address,ipv4,10.1.0.0,16"
            if rule not in rules:
                values = {"protocol": "tcp", "port_from": port, "port_to": port, "ip_address1": "10.1.0.0/16"}
                after = {**_sure(thing), "rules": rules | {rule}}
                target = f"/firewalls/{thing.id}/rules"
                self.journal.change("rules", thing, after, lambda: self._post(201, target, values))
        elif self._chance.random() < 0.5:
            rule = self._chance.choice(sorted(rules))
            after = {**_sure(thing), "rules": rules - {rule}}
            target = f"/firewalls/{thing.id}/{quote(rule, safe='')}"
            self.journal.change("rules destroyed", thing, after, lambda: self._send(204, "DELETE", target))
        else:
            self._destroy(thing)

    def _buckets(self) -> None:
        thing = self._pick("buckets")
        blobs = [
            one.name for one in self.journal.things.values() if one.collection == "blobs" and one.possible != [None]
        ]
        if thing is None:
            self._create("buckets", {}, {"name": self._new_name()})
        elif not any(name.startswith(f"{thing.name}/") for name in blobs):
            self._destroy(thing)

    def _blobs(self) -> None:
        thing = self._pick("blobs")
        buckets = self.journal.known("buckets")
        if thing is not None and self._chance.random() < 0.25:
            self._destroy(thing, f"/buckets/{thing.name}")
        elif thing is not None and self._chance.random() < 0.3:
            self._replace_metadata(thing)
        elif thing is not None or buckets:
            place = thing.name if thing else f"{self._chance.choice(buckets).name}/{self._new_name()}"
            self._write_blob(thing or self.journal.thing("blobs", place))

    def _write_blob(self, thing: Thing) -> None:
        size = self._chance.randrange(self._chance.choice((1, 2000, LARGEST)))
        content = self._chance.randbytes(size)
        metadata = self._some_metadata()
        facts = {
            "length": size,
            "type": self._chance.choice(("text/plain", "image/png")),
            "metadata": metadata,
            "digest": hashlib.sha256(content).hexdigest(),
        }
        headers = {"Content-Type": str(facts["type"]), **_metadata_headers(metadata)}
        if self._chance.random() < 0.5:
            headers["Content-Length"] = str(size)
        target, pause = f"/buckets/{thing.name}", self._chance.choice((0.0, 0.0, 0.01))

        def send() -> Answer:
            return self._send(200, "PUT", target, body=_pieces(content, pause), headers=headers)

        self.journal.change("blobs", thing, facts, send)

    def _replace_metadata(self, thing: Thing) -> None:
        metadata = self._some_metadata()
        headers, target = _metadata_headers(metadata), f"/buckets/{thing.name}"
        after = {**_sure(thing), "metadata": metadata}
        self.journal.change("metadata", thing, after, lambda: self._send(204, "POST", target, headers=headers))

    def _some_metadata(self) -> dict[str, str]:
        return {f"n{n}": str(self._chance.random()) for n in range(self._chance.randrange(4))}

    def _read(self) -> None:
        """Something that was acknowledged is as it was said, whichever worker answers."""
        there = [one for one in self.journal.things.values() if one.facts is not None]
        if not there:
            return
        thing = self._chance.choice(there)
        try:
            if thing.collection == "blobs":
                found = blob_facts(self._client, thing.name)
            else:
                (document,) = self._send(200, "GET", f"/{thing.collection}/{thing.id}").json.values()
                found = facts_of(thing.collection, document)
        except NoAnswer:
            return
        if not agree(found, thing.facts):
            raise WrongAnswer(f"{thing.collection} {thing.name} ({thing.id}) is {found}, and was {thing.facts}")


def _sure(thing: Thing) -> dict[str, Any]:
    assert thing.facts is not None
    return dict(thing.facts)


def _identity(answer: Answer) -> str:
    """The id in an answer that shows one thing."""
    if answer.headers["content-type"].startswith("application/json"):
        (document,) = answer.json.values()
        return str(document["id"])
    return str(answer.xml.get("id"))


def _private_part(answer: Answer) -> Facts:
    if answer.headers["content-type"].startswith("application/json"):
        return {"pem": answer.json["key"]["pem_rsa_key"].strip()}
    return {"pem": (answer.xml.findtext("pem") or "").strip()}


def _pieces(content: bytes, pause: float) -> Iterator[bytes]:
    for start in range(0, len(content), BLOCK):
        yield content[start : start + BLOCK]
        time.sleep(pause)


def _metadata_headers(metadata: Mapping[str, str]) -> dict[str, str]:
    return {f"X-Deltacloud-Blobmeta-{name}": value for name, value in metadata.items()}
