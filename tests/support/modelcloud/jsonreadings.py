"""What JSON documents say, as the records of :mod:`modelcloud.readings`."""

from __future__ import annotations

from collections.abc import Callable

from modelcloud.records import Record, moment


def _linked(links: list[Record]) -> list[str]:
    return [link["id"] for link in links]


def _linked_if_there(links: list[Record] | None) -> list[str] | None:
    return None if links is None else _linked(links)


def _address_json(document: Record) -> Record:
    assert document["associated"] == ("instance_id" in document)
    return {"id": document["id"], "instance": document.get("instance_id")}


def _blob_json(document: Record) -> Record:
    return {
        "id": document["id"],
        "bucket": document["bucket"]["id"],
        "length": document["content_length"],
        "content_type": document["content_type"],
        "modified": moment(document["last_modified"]),
        "metadata": document["user_metadata"],
    }


def _bucket_json(document: Record) -> Record:
    entries = {one["id"]: one.get("content_length") for one in document["blob_list"]}
    assert len(entries) == len(document["blob_list"])
    record = {"id": document["id"], "name": document["name"], "size": document["size"], "blobs": list(entries)}
    if any(length is not None for length in entries.values()):
        record["lengths"] = entries
    return record


def _firewall_json(document: Record) -> Record:
    return {
        "id": document["id"],
        "name": document["name"],
        "description": document["description"],
        "owner": document["owner_id"],
        "rules": [_rule_json(one) for one in document["rules"]],
    }


def _rule_json(document: Record) -> Record:
    return {
        "id": document["id"],
        "protocol": document["allow_protocol"],
        "ports": (document["port_from"], document["port_to"]),
        "direction": document["direction"],
        "sources": document["sources"],
    }


def _image_json(document: Record) -> Record:
    return {
        "id": document["id"],
        "name": document["name"],
        "description": document["description"] or "",
        "owner": document["owner"],
        "architecture": document["architecture"],
        "state": document["state"],
        "tags": document.get("tags"),
    }


def _instance_json(document: Record) -> Record:
    assert document.get("create_image", False) == ("create_image" in [one["rel"] for one in document["actions"]])
    return {
        "id": document["id"],
        "name": document["name"],
        "owner": document["owner"],
        "image": document["image"]["id"],
        "realm": document["realm"]["id"],
        "state": document["state"],
        "profile": document["hardware_profile"]["id"],
        "overrides": document["hardware_profile"]["properties"],
        "actions": [one["rel"] for one in document["actions"]],
        "public": [(one["type"], one["address"]) for one in document["public_addresses"]],
        "private": [(one["type"], one["address"]) for one in document["private_addresses"]],
        "firewalls": _linked_if_there(document.get("firewalls")),
        "volumes": [(one["id"], one["device"]) for one in document["storage_volumes"]],
        "key": document.get("authentication", {}).get("keyname"),
        "interfaces": _linked_if_there(document.get("network_interfaces")),
        "tags": document.get("tags"),
    }


def _key_json(document: Record) -> Record:
    return {
        "id": document["id"],
        "name": document["name"],
        "fingerprint": document.get("fingerprint"),
        "pem": document.get("pem_rsa_key"),
    }


def _load_balancer_json(document: Record) -> Record:
    (realm,) = document["realms"]
    return {
        "id": document["id"],
        "name": document["name"],
        "realm": realm["id"],
        "created": moment(document["created_at"]),
        "addresses": document["public_addresses"],
        "listeners": [
            (one["protocol"], one["load_balancer_port"], one["instance_port"]) for one in document["listeners"]
        ],
        "instances": _linked(document["instances"]),
        "members": [_instance_json(one) for one in document["instances"]],
    }


def _metric_json(document: Record) -> Record:
    return {"id": document["id"], "entity": document["entity"]}


def _network_json(document: Record) -> Record:
    return {
        "id": document["id"],
        "name": document["name"],
        "state": document["state"],
        "blocks": document["address_blocks"],
        "subnets": _linked(document["subnets"]),
    }


def _network_interface_json(document: Record) -> Record:
    return {
        "id": document["id"],
        "name": document["name"],
        "ip": document["ip_address"],
        "network": document["network"]["id"],
        "instance": document["instance"]["id"],
    }


def _storage_snapshot_json(document: Record) -> Record:
    return {
        "id": document["id"],
        "name": document["name"],
        "description": document["description"],
        "state": document["state"],
        "created": moment(document["created"]),
        "volume": document["storage_volume"]["id"],
        "tags": document.get("tags"),
    }


def _storage_volume_json(document: Record) -> Record:
    return {
        "id": document["id"],
        "name": document["name"],
        "description": document["description"],
        "created": moment(document["created"]),
        "capacity": float(document["capacity"]),
        "realm": document["realm"]["id"],
        "state": document["state"],
        "device": document["device"],
        "instance": document["instance"].get("id"),
        "tags": document.get("tags"),
    }


def _subnet_json(document: Record) -> Record:
    return {
        "id": document["id"],
        "name": document["name"],
        "type": document["type"],
        "state": document["state"],
        "block": document["address_block"],
        "network": document["network"]["id"],
    }


JSON: dict[str, Callable[[Record], Record]] = {
    "addresses": _address_json,
    "blobs": _blob_json,
    "buckets": _bucket_json,
    "firewalls": _firewall_json,
    "images": _image_json,
    "instances": _instance_json,
    "keys": _key_json,
    "load_balancers": _load_balancer_json,
    "metrics": _metric_json,
    "network_interfaces": _network_interface_json,
    "networks": _network_json,
    "storage_snapshots": _storage_snapshot_json,
    "storage_volumes": _storage_volume_json,
    "subnets": _subnet_json,
}
