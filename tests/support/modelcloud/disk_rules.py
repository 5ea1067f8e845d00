"""Volumes and snapshots."""

from __future__ import annotations

import re

from hypothesis import strategies as st
from hypothesis.stateful import rule

from modelcloud.readings import read_item
from modelcloud.records import Record
from modelcloud.rules import REALMS, TAGS, TEXTS, Rules, given, perhaps, refused, some, there_is, verdict

DEVICES = st.sampled_from(["/dev/sdb", "/dev/sdc", "a <b> & 'c'"])


class DiskRules(Rules):
    """The rules of block storage."""

    @rule(
        capacity=st.sampled_from([None, None, 1, 7, 0.5, 0, -1]),
        name=TEXTS,
        description=TEXTS,
        realm=REALMS,
        snapshot=perhaps("storage_snapshots"),
        tags=TAGS,
    )
    def create_volume(
        self,
        capacity: float | None,
        name: str | None,
        description: str | None,
        realm: str | None,
        snapshot: str | None,
        tags: dict[str, str],
    ) -> None:
        fields = given(
            capacity=capacity, name=name, description=description, realm_id=realm, snapshot_id=snapshot, tags=tags
        )
        known = self.tenant.has("storage_snapshots", snapshot)
        too_small = capacity is not None and capacity <= 0
        status = verdict(201, (capacity == -1, 400), (realm == "nowhere", 404), (too_small, 400), (not known, 404))

        def expected(identifier: str) -> Record:
            assert re.fullmatch("volume_[0-9]+", identifier)
            return {
                "id": identifier,
                "name": name or f"Volume{identifier}",
                "description": description,
                "capacity": capacity or self._capacity_of(snapshot),
                "realm": realm,
                "state": "AVAILABLE",
                "device": None,
                "instance": None,
                "tags": fields.get("tags"),
            }

        self.made("storage_volumes", self.caller.post("storage_volumes", fields=fields), status, expected, "created")

    def _capacity_of(self, snapshot: str | None) -> float:
        """The size of a volume that is made of a snapshot: that of the snapshot's volume, if it is still there."""
        origin = self.things("storage_snapshots")[snapshot]["volume"] if snapshot else None
        return float(self.things("storage_volumes").get(origin or "", {"capacity": 1})["capacity"])

    @there_is("storage_volumes")
    @rule(volume=some("storage_volumes"), instance=some("instances"), device=DEVICES)
    def attach(self, volume: str, instance: str, device: str) -> None:
        record = self.things("storage_volumes").get(volume)
        holder = self.things("instances").get(instance)
        reply = self.caller.post(
            "storage_volumes", volume, "attach", fields={"instance_id": instance, "device": device}
        )
        attached = record is not None and record["instance"] is not None
        status = verdict(202, (record is None, 404), (attached, 409), (holder is None, 404))
        if not refused(reply, status) and record is not None and holder is not None:
            record |= {"state": "IN-USE", "instance": instance, "device": device}
            holder["volumes"].append((volume, device))
            self.tenant.hold("storage_volumes", read_item("storage_volumes", reply))

    @there_is("storage_volumes")
    @rule(volume=some("storage_volumes"))
    def detach(self, volume: str) -> None:
        record = self.things("storage_volumes").get(volume)
        status = verdict(202, (record is None, 404), (record is not None and record["instance"] is None, 409))
        reply = self.caller.post("storage_volumes", volume, "detach")
        if not refused(reply, status) and record is not None:
            self.tenant.detach(record)
            self.tenant.hold("storage_volumes", read_item("storage_volumes", reply))

    @there_is("storage_volumes")
    @rule(volume=some("storage_volumes"), name=TEXTS, description=TEXTS, tags=TAGS)
    def create_snapshot(self, volume: str, name: str | None, description: str | None, tags: dict[str, str]) -> None:
        fields = given(volume_id=volume, name=name, description=description, tags=tags)
        status = 201 if volume in self.things("storage_volumes") else 404

        def expected(identifier: str) -> Record:
            assert re.fullmatch("store_snapshot_[0-9]+", identifier)
            return {
                "id": identifier,
                "name": name,
                "description": description,
                "state": "COMPLETED",
                "volume": volume,
                "tags": fields.get("tags"),
            }

        self.made(
            "storage_snapshots", self.caller.post("storage_snapshots", fields=fields), status, expected, "created"
        )
