"""Instances and their life, images made of them, and keys."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from modelcloud.destroy_rules import destroy
from modelcloud.network_rules import free_addresses
from modelcloud.readings import read_item, read_list
from modelcloud.records import Record
from modelcloud.rules import REALMS, TAGS, TEXTS, Rules, given, named, perhaps, refused, some, there_is, verdict
from modelcloud.tenant import ALIVE, PUBLIC_IMAGES, host_name

MOST_INSTANCES = 8
PROFILES: tuple[tuple[str | None, dict[str, Any]], ...] = (
    (None, {}),
    ("m1-large", {"hwp_memory": 8192, "hwp_cpu": 2}),
    ("m1-xlarge", {}),
    ("opaque", {}),
    ("nosuch", {}),
)
TURNED = {"start": "RUNNING", "stop": "STOPPED", "reboot": "RUNNING"}


class ComputeRules(Rules):
    """The rules of machines."""

    @precondition(lambda self: len(self.things("instances")) < MOST_INSTANCES)
    @rule(
        image=some("images", *PUBLIC_IMAGES * 4),
        name=TEXTS,
        realm=REALMS,
        profile=st.sampled_from(PROFILES),
        key=perhaps("keys"),
        firewall=perhaps("firewalls"),
        snapshot=perhaps("storage_snapshots"),
        subnet=perhaps("subnets"),
        count=st.sampled_from([None, None, 1, 2, 3]),
        stopped=st.booleans(),
        tags=TAGS,
    )
    def launch(
        self,
        image: str,
        name: str | None,
        realm: str | None,
        profile: tuple[str | None, dict[str, Any]],
        key: str | None,
        firewall: str | None,
        snapshot: str | None,
        subnet: str | None,
        count: int | None,
        stopped: bool,
        tags: dict[str, str],
    ) -> None:
        fields = given(
            image_id=image,
            name=name,
            realm_id=realm,
            hwp_id=profile[0],
            keyname=key,
            firewalls=[firewall] if firewall else None,
            snapshot_id=snapshot,
            device_name=None if snapshot is None else "/dev/sdx",
            subnet_id=subnet,
            instance_count=count,
            initial_state="STOPPED" if stopped else None,
            tags=tags,
        )
        has = self.tenant.has
        room = subnet not in self.things("subnets") or bool(free_addresses(self.tenant, subnet, count or 1))
        status = verdict(
            201,
            (profile[0] == "nosuch", 400),
            (image not in PUBLIC_IMAGES and not has("images", image), 404),
            (realm == "nowhere", 404),
            (not (has("keys", key) and has("firewalls", firewall) and has("storage_snapshots", snapshot)), 404),
            (not has("subnets", subnet), 404),
            (not room, 409),
        )
        reply = self.caller.post("instances", fields=fields | profile[1])
        if refused(reply, status):
            return
        several = (count or 1) > 1
        readings = read_list("instances", reply) if several else [read_item("instances", reply)]
        assert len(readings) == (count or 1)
        assert ("location" in reply.headers) == (not several)
        for reading in readings:
            self._launched(reading, fields, profile[1])

    def _launched(self, reading: Record, fields: Record, overrides: Record) -> None:
        """Note one new instance, with the volume and the interface that it came with."""
        assert re.fullmatch("inst[0-9]+", reading["id"])
        record: Record = {
            "id": reading["id"],
            "name": fields.get("name"),
            "owner": self.tenant.user,
            "image": fields["image_id"],
            "realm": fields.get("realm_id", "us"),
            "state": "STOPPED" if "initial_state" in fields else "RUNNING",
            "profile": fields.get("hwp_id", "m1-small"),
            "overrides": {name.removeprefix("hwp_"): str(value) for name, value in overrides.items()},
            "firewalls": fields.get("firewalls"),
            "volumes": [],
            "key": fields.get("keyname"),
            "interfaces": None,
            "tags": fields.get("tags"),
        }
        record |= {side: [host_name(record, side)] for side in ("public", "private")}
        if "name" not in fields:
            assert re.fullmatch("i-[0-9]+", reading["name"])
            record["name"] = reading["name"]
        if "subnet_id" in fields:
            record["interfaces"] = reading["interfaces"]
        if "snapshot_id" in fields:
            record["volumes"] = [(reading["volumes"][0][0], "/dev/sdx")]
        self.noted("instances", reading, record)
        for volume, device in record["volumes"]:
            self._launched_volume(record, volume, device, fields["snapshot_id"])
        for interface in record["interfaces"] or ():
            self._launched_interface(record, interface, fields["subnet_id"])

    def _launched_volume(self, instance: Record, volume: str, device: str, snapshot: str) -> None:
        origin = self.things("storage_volumes").get(self.things("storage_snapshots")[snapshot]["volume"])
        record = {
            "id": volume,
            "name": f"Volume{volume}",
            "description": None,
            "capacity": origin["capacity"] if origin else 1,
            "realm": instance["realm"],
            "state": "IN-USE",
            "device": device,
            "instance": instance["id"],
            "tags": None,
        }
        self.noted("storage_volumes", self.tenant.show("storage_volumes", volume), record, "created")

    def _launched_interface(self, instance: Record, interface: str, subnet: str) -> None:
        (address,) = free_addresses(self.tenant, subnet, 1)
        record = {"id": interface, "name": interface, "ip": address, "network": subnet, "instance": instance["id"]}
        self.noted("network_interfaces", self.tenant.show("network_interfaces", interface), record)

    @there_is("instances")
    @rule(instance=some("instances"), action=st.sampled_from(sorted(TURNED)))
    def act(self, instance: str, action: str) -> None:
        record = self.things("instances").get(instance)
        status = verdict(202, (record is None, 403), (record is not None and action not in ALIVE[record["state"]], 405))
        reply = self.caller.post("instances", instance, action)
        if not refused(reply, status) and record is not None:
            record["state"] = TURNED[action]
            self.tenant.hold("instances", read_item("instances", reply, bare=True))

    @there_is("instances")
    @rule(instance=some("instances"))
    def stop_and_destroy(self, instance: str) -> None:
        if self.things("instances").get(instance, {}).get("state") == "RUNNING":
            self.act(instance, "stop")
        destroy(self.tenant, "instances", instance)

    @there_is("instances")
    @rule(instance=some("instances"), name=st.none() | named("image"), description=TEXTS, tags=TAGS)
    def make_image(self, instance: str, name: str | None, description: str | None, tags: dict[str, str]) -> None:
        fields = given(instance_id=instance, name=name, description=description, tags=tags)
        known = instance in self.things("instances")
        status = verdict(201, (not known, 404), (name in self.things("images"), 409))

        def expected(identifier: str) -> Record:
            assert re.fullmatch("image_[0-9]+", identifier) if name is None else identifier == name
            return {
                "id": identifier,
                "name": identifier,
                "description": description or "",
                "owner": "root",
                "architecture": "i386",
                "state": "AVAILABLE",
                "tags": fields.get("tags"),
            }

        self.made("images", self.caller.post("images", fields=fields), status, expected)

    @rule(name=named("key"), public_key=st.sampled_from([None, "ssh-ed25519 AAAAC3 someone@example.com"]))
    def create_key(self, name: str, public_key: str | None) -> None:
        reply = self.caller.post("keys", fields=given(name=name, public_key=public_key))
        status = 403 if name in self.things("keys") else 201
        if public_key is None:
            self.made("keys", reply, status, lambda _: {"id": name, "name": name}, "fingerprint", "pem")
            return
        fingerprint = hashlib.sha1(public_key.encode(), usedforsecurity=False).digest().hex(":")
        record = {"id": name, "name": name, "fingerprint": fingerprint, "pem": None}
        self.made("keys", reply, status, lambda _: record)
