"""Volumes and their snapshots."""

from __future__ import annotations

import uuid

from digitaloceancloud.droplets import action_of, droplet_of
from digitaloceancloud.networks import need
from digitaloceancloud.server import Answer, Call, answers, listing, showing
from digitaloceancloud.state import Record, Refused, region_of, stamp, unprocessable


def _volume(call: Call) -> Record:
    return need(call.account.volumes, call.ids["volume_id"])


listing("volumes_list", "volumes", lambda call: list(call.account.volumes.values()))
showing("volumes_get", "volume", _volume)


@answers("volumes_create")
def _create(call: Call) -> Answer:
    account, body = call.account, call.body
    if any(one["name"] == body["name"] and one["region"]["slug"] == body["region"] for one in account.volumes.values()):
        raise Refused(409, "conflict", "volume already exists")
    if "snapshot_id" in body:
        origin = need(account.snapshots, body["snapshot_id"])
        if body["size_gigabytes"] < origin["min_disk_size"]:
            raise unprocessable("size_gigabytes is less than the snapshot's")
    account.tags.update(body.get("tags", []))
    volume = {
        "id": str(uuid.uuid4()),
        "region": region_of(body["region"]),
        "droplet_ids": [],
        "name": body["name"],
        "description": body.get("description", ""),
        "size_gigabytes": body["size_gigabytes"],
        "created_at": stamp(),
        "filesystem_type": "",
        "filesystem_label": "",
        "tags": body.get("tags", []),
    }
    account.volumes[volume["id"]] = volume
    return 201, {"volume": volume}


@answers("volumes_delete")
def _delete(call: Call) -> Answer:
    volume = _volume(call)
    if volume["droplet_ids"]:
        message = "A volume that's attached to a Droplet cannot be deleted. Please detach it first before deleting."
        raise Refused(409, "conflict", message)
    del call.account.volumes[volume["id"]]
    return 204, None


@answers("volumeActions_post_byId")
def _act(call: Call) -> Answer:
    account, volume, kind = call.account, _volume(call), call.body["type"]
    droplet = droplet_of(call, call.body["droplet_id"])
    if call.cloud.is_busy(account, ("volume", volume["id"])):
        raise unprocessable("The volume already has a pending event.")
    if kind == "attach" and volume["droplet_ids"]:
        raise unprocessable("This volume is already attached to a Droplet.")
    if droplet["region"]["slug"] != volume["region"]["slug"]:
        raise unprocessable("The volume and the Droplet are in different regions.")
    attached = [droplet["id"]] if kind == "attach" else []
    action = call.cloud.begin(
        account,
        f"{kind}_volume",
        ("volume", volume["id"]),
        lambda: volume.update(droplet_ids=attached),
        volume["region"]["slug"],
    )
    return 202, {"action": action}


showing("volumeActions_get", "action", lambda call: action_of(call, "volume", call.ids["volume_id"]))


@answers("volumeSnapshots_create")
def _snapshot(call: Call) -> Answer:
    account, volume = call.account, _volume(call)
    account.tags.update(call.body.get("tags", []))
    snapshot = {
        "id": str(uuid.uuid4()),
        "name": call.body["name"],
        "created_at": stamp(),
        "regions": [volume["region"]["slug"]],
        "min_disk_size": volume["size_gigabytes"],
        "size_gigabytes": 0.0,
        "resource_id": volume["id"],
        "resource_type": "volume",
        "tags": call.body.get("tags", []),
    }
    account.snapshots[snapshot["id"]] = snapshot
    return 201, {"snapshot": snapshot}


def _found(call: Call) -> Record:
    return need(call.account.snapshots, call.ids["snapshot_id"])


listing("snapshots_list", "snapshots", lambda call: list(call.account.snapshots.values()))
showing("snapshots_get", "snapshot", _found)


@answers("snapshots_delete")
def _delete_snapshot(call: Call) -> Answer:
    del call.account.snapshots[_found(call)["id"]]
    return 204, None
