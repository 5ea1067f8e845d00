"""Regions, sizes, images, droplets and keys."""

from __future__ import annotations

import base64
import binascii
import hashlib
import time

from digitaloceancloud.server import Answer, Call, answers, listing, showing
from digitaloceancloud.state import (
    PUBLIC_IMAGES,
    REGIONS,
    SIZES,
    Account,
    Record,
    Refused,
    image_record,
    not_found,
    region_of,
    stamp,
    unprocessable,
)

_PENDING = "Droplet already has a pending event."

listing("regions_list", "regions", lambda _call: REGIONS)
listing("sizes_list", "sizes", lambda _call: SIZES)


@answers("images_list")
def _images(call: Call) -> Answer:
    own = list(call.account.images.values())
    return 200, call.page("images", own if call.query.get("private") == "true" else [*PUBLIC_IMAGES, *own])


def _image(call: Call, identifier: object) -> Record | None:
    known = [*PUBLIC_IMAGES, *call.account.images.values()]
    return next((one for one in known if str(identifier) in (str(one["id"]), one["slug"])), None)


def _need_image(call: Call) -> Record:
    image = _image(call, call.ids["image_id"])
    if image is None:
        raise not_found()
    return image


showing("images_get", "image", _need_image)


@answers("images_delete")
def _delete_image(call: Call) -> Answer:
    identifier = _need_image(call)["id"]
    if identifier not in call.account.images:
        raise Refused(403, "forbidden", "You do not have access for the attempted action.")
    del call.account.images[identifier]
    for droplet in call.account.droplets.values():
        droplet["snapshot_ids"] = [one for one in droplet["snapshot_ids"] if one != identifier]
    return 204, None


@answers("droplets_list")
def _droplets(call: Call) -> Answer:
    found = [_shown(call, one) for one in call.account.droplets.values()]
    if "tag_name" in call.query:
        found = [one for one in found if call.query["tag_name"] in one["tags"]]
    gpus = call.query.get("type") == "gpus"
    return 200, call.page("droplets", [one for one in found if one["size_slug"].startswith("gpu-") == gpus])


def _shown(call: Call, droplet: Record) -> Record:
    """A droplet as it is now: locked while anything happens to it."""
    volumes = [one["id"] for one in call.account.volumes.values() if droplet["id"] in one["droplet_ids"]]
    locked = call.cloud.is_busy(call.account, ("droplet", droplet["id"]))
    return {**droplet, "volume_ids": volumes, "locked": locked}


def droplet_of(call: Call, identifier: int) -> Record:
    """A droplet of the caller's."""
    if identifier not in call.account.droplets:
        raise not_found()
    return call.account.droplets[identifier]


showing("droplets_get", "droplet", lambda call: _shown(call, droplet_of(call, int(call.ids["droplet_id"]))))


@answers("droplets_create")
def _create(call: Call) -> Answer:
    body, account = call.body, call.account
    image = _image(call, body["image"])
    size = next((one for one in SIZES if one["slug"] == body["size"]), None)
    region = region_of(body.get("region", "nyc3"))
    if image is None:
        raise unprocessable("You specified an invalid image for Droplet creation.")
    if size is None or not size["available"]:
        raise unprocessable("You specified an invalid size for Droplet creation.")
    if region is None or region["slug"] not in size["regions"]:
        raise unprocessable("You specified an invalid region for Droplet creation.")
    for key in body.get("ssh_keys", []):
        if not any(key in (one["id"], one["fingerprint"]) for one in account.keys.values()):
            raise unprocessable(f"{key} are invalid key identifiers for Droplet creation.")
    if size["disk"] < image["min_disk_size"]:
        raise unprocessable("The image you have selected requires a larger disk size.")
    names = body.get("names") or [body["name"]]
    if len(account.droplets) + len(names) > account.limit:
        raise unprocessable("creating this/these droplet(s) will exceed your droplet limit")
    if body.get("vpc_uuid", None) is not None and body["vpc_uuid"] not in account.vpcs:
        raise unprocessable("vpc not found")
    account.tags.update(body.get("tags", []))
    made = [_launch(call, name, image, size, region) for name in names]
    links = {
        "actions": [
            {"id": action["id"], "rel": "create", "href": f"https://api.digitalocean.com/v2/actions/{action['id']}"}
            for _, action in made
        ]
    }
    droplets = [_shown(call, droplet) for droplet, _ in made]
    return 202, {"droplets": droplets, "links": links} if "names" in body else {"droplet": droplets[0], "links": links}


def _launch(call: Call, name: str, image: Record, size: Record, region: Record) -> tuple[Record, Record]:
    account, identifier = call.account, call.cloud.number()
    default = next(one["id"] for one in account.vpcs.values() if one["default"] and one["region"] == region["slug"])
    droplet = {
        "id": identifier,
        "name": name,
        "memory": size["memory"],
        "vcpus": size["vcpus"],
        "disk": size["disk"],
        "locked": True,
        "status": "new",
        "kernel": None,
        "created_at": stamp(),
        "features": [word for word in ("monitoring", "ipv6") if call.body.get(word)],
        "backup_ids": [],
        "next_backup_window": None,
        "snapshot_ids": [],
        "image": image,
        "volume_ids": [],
        "size": size,
        "size_slug": size["slug"],
        "networks": {"v4": [], "v6": []},
        "region": region,
        "tags": list(call.body.get("tags", [])),
        "vpc_uuid": call.body.get("vpc_uuid", default),
    }
    account.droplets[identifier] = droplet
    account.told[identifier] = call.body

    def started() -> None:
        last = identifier % 250 + 1
        v4 = [
            {"ip_address": f"10.132.0.{last}", "netmask": "255.255.0.0", "gateway": "10.132.0.1", "type": "private"},
            {
                "ip_address": f"198.51.100.{last}",
                "netmask": "255.255.255.0",
                "gateway": "198.51.100.1",
                "type": "public",
            },
        ]
        v6 = [{"ip_address": f"2001:db8::{last:x}", "netmask": 64, "gateway": "2001:db8::1", "type": "public"}]
        networks = {"v4": v4, "v6": v6 if call.body.get("ipv6") else []}
        droplet.update({"status": "active", "networks": networks})

    return droplet, call.cloud.begin(account, "create", ("droplet", identifier), started, region["slug"])


@answers("droplets_destroy")
def _destroy(call: Call) -> Answer:
    droplet = droplet_of(call, int(call.ids["droplet_id"]))
    if call.cloud.is_busy(call.account, ("droplet", droplet["id"])):
        raise unprocessable(_PENDING)
    call.account.doomed[droplet["id"]] = time.monotonic() + call.cloud.seconds
    return 204, None


@answers("dropletActions_post")
def _act(call: Call) -> Answer:
    account, droplet, kind = call.account, droplet_of(call, int(call.ids["droplet_id"])), call.body["type"]
    if call.cloud.is_busy(account, ("droplet", droplet["id"])) or droplet["id"] in account.doomed:
        raise unprocessable(_PENDING)
    if kind == "power_on" and droplet["status"] == "active":
        raise unprocessable("Droplet is already powered on.")
    if kind in ("shutdown", "reboot") and droplet["status"] == "off":
        raise unprocessable("Droplet is currently powered off.")
    effects = {
        "power_on": lambda: droplet.update(status="active"),
        "shutdown": lambda: droplet.update(status="off"),
        "reboot": lambda: None,
        "snapshot": lambda: _snapshot(call, account, droplet),
    }
    action = call.cloud.begin(account, kind, ("droplet", droplet["id"]), effects[kind], droplet["region"]["slug"])
    return 201, {"action": action}


def _snapshot(call: Call, account: Account, droplet: Record) -> None:
    identifier = call.cloud.number()
    image = image_record(
        identifier,
        call.body["name"],
        type="snapshot",
        regions=[droplet["region"]["slug"]],
        min_disk_size=droplet["disk"],
    )
    account.images[identifier] = image
    droplet["snapshot_ids"].append(identifier)


def _actions(call: Call) -> list[Record]:
    droplet = droplet_of(call, int(call.ids["droplet_id"]))["id"]
    return [one.record for one in reversed(call.account.actions.values()) if one.busy == ("droplet", droplet)]


def action_of(call: Call, kind: str, resource: object) -> Record:
    """An action of a resource."""
    action = call.account.actions.get(int(call.ids["action_id"]))
    if action is None or action.busy != (kind, resource):
        raise not_found()
    return action.record


listing("dropletActions_list", "actions", _actions)
showing("dropletActions_get", "action", lambda call: action_of(call, "droplet", int(call.ids["droplet_id"])))


@answers("droplets_list_snapshots")
def _snapshots(call: Call) -> Answer:
    ids = droplet_of(call, int(call.ids["droplet_id"]))["snapshot_ids"]
    fields = ("id", "name", "created_at", "regions", "min_disk_size", "size_gigabytes")
    found = [{name: call.account.images[one][name] for name in fields} | {"type": "snapshot"} for one in ids]
    return 200, call.page("snapshots", found)


def _key(call: Call) -> Record:
    wanted = call.ids["ssh_key_identifier"]
    found = [one for one in call.account.keys.values() if wanted in (str(one["id"]), one["fingerprint"])]
    if not found:
        raise not_found()
    return found[0]


listing("sshKeys_list", "ssh_keys", lambda call: list(call.account.keys.values()))
showing("sshKeys_get", "ssh_key", _key)


@answers("sshKeys_create")
def _create_key(call: Call) -> Answer:
    try:
        blob = base64.b64decode(call.body["public_key"].split()[1], validate=True)
    except (IndexError, binascii.Error):
        raise unprocessable("Key invalid, key should be of the format `[type] [key] [comment]`") from None
    digest = hashlib.md5(blob).hexdigest()  # noqa: S324 - as fingerprints are made
    fingerprint = ":".join(digest[start : start + 2] for start in range(0, 32, 2))
    if any(one["fingerprint"] == fingerprint for one in call.account.keys.values()):
        raise unprocessable("SSH Key is already in use on your account")
    key = {**call.body, "id": call.cloud.number(), "fingerprint": fingerprint}
    call.account.keys[key["id"]] = key
    return 201, {"ssh_key": key}


@answers("sshKeys_delete")
def _delete_key(call: Call) -> Answer:
    del call.account.keys[_key(call)["id"]]
    return 204, None
