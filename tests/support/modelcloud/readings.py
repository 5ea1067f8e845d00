"""What documents say of things, as plain records: the same keys and values whether it was XML or JSON.

What only one of the two says (a volume's description, say) stands only in that one's records. Links stand as ids.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from xml.etree.ElementTree import Element

from modelcloud.caller import Reply

Record = dict[str, Any]

SINGULARS = {
    "addresses": "address",
    "buckets": "bucket",
    "firewalls": "firewall",
    "images": "image",
    "instances": "instance",
    "keys": "key",
    "load_balancers": "load_balancer",
    "metrics": "metric",
    "network_interfaces": "network_interface",
    "networks": "network",
    "storage_snapshots": "storage_snapshot",
    "storage_volumes": "storage_volume",
    "subnets": "subnet",
}
"""Every collection that a caller has things in."""


def read_item(collection: str, reply: Reply) -> Record:
    """The record of a document about one thing; JSON may have it bare or under its name."""
    if reply.format == "xml":
        root = reply.xml
        assert root.tag == _singular(collection), reply
        return XML[collection](root)
    document = reply.json
    return JSON[collection](document.get(_singular(collection), document))


def read_list(collection: str, reply: Reply) -> list[Record]:
    """The records of a list, in its order."""
    if reply.format == "xml":
        root = reply.xml
        assert root.tag == collection, reply
        return [XML[collection](one) for one in root]
    return [JSON[collection](one) for one in reply.json[collection]]


def _singular(collection: str) -> str:
    return "blob" if collection == "blobs" else SINGULARS[collection]


# XML


def _text(element: Element, path: str) -> str | None:
    found = element.find(path)
    return None if found is None else (found.text or "").strip()


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _id(element: Element, path: str) -> str | None:
    found = element.find(path)
    return None if found is None else found.get("id")


def _ids(element: Element, path: str) -> list[str]:
    return [one.get("id", "") for one in element.findall(path)]


def _ids_if_there(element: Element, parent: str, child: str) -> list[str] | None:
    return None if element.find(parent) is None else _ids(element, f"{parent}/{child}")


def _tags(element: Element) -> dict[str, str] | None:
    found = element.find("tags")
    return None if found is None else {one.get("key", ""): one.text or "" for one in found}


def _addresses(element: Element, side: str) -> list[tuple[str | None, str | None]]:
    return [(one.get("type"), one.text) for one in element.findall(f"{side}_addresses/address")]


def _address_xml(element: Element) -> Record:
    assert _text(element, "ip") == element.get("id")
    return {"id": element.get("id"), "instance": _id(element, "instance")}


def _blob_xml(element: Element) -> Record:
    return {
        "id": element.get("id"),
        "bucket": _text(element, "bucket"),
        "length": int(_text(element, "content_length") or -1),
        "content_type": _text(element, "content_type"),
        "modified": _moment(_text(element, "last_modified")),
        "metadata": {one.get("key"): one.text or "" for one in element.findall("user_metadata/entry")},
    }


def _bucket_xml(element: Element) -> Record:
    entries = {one.get("id"): one.get("content_length") for one in element.findall("blob")}
    assert len(entries) == len(element.findall("blob"))
    record = {"id": element.get("id"), "name": _text(element, "name"), "blobs": list(entries)}
    record["size"] = int(_text(element, "size") or -1)
    if any(entries.values()):
        record["lengths"] = {name: int(length or -1) for name, length in entries.items()}
    return record


def _firewall_xml(element: Element) -> Record:
    return {
        "id": element.get("id"),
        "name": _text(element, "name"),
        "description": _text(element, "description"),
        "owner": _text(element, "owner_id"),
        "rules": [_rule_xml(one) for one in element.findall("rules/rule")],
    }


def _rule_xml(element: Element) -> Record:
    return {
        "id": element.get("id"),
        "protocol": _text(element, "allow_protocol"),
        "ports": (_text(element, "port_from"), _text(element, "port_to")),
        "direction": _text(element, "direction"),
        "sources": [dict(one.items()) for one in element.findall("sources/source")],
    }


def _image_xml(element: Element) -> Record:
    return {
        "id": element.get("id"),
        "name": _text(element, "name"),
        "description": _text(element, "description"),
        "owner": _text(element, "owner_id"),
        "architecture": _text(element, "architecture"),
        "state": _text(element, "state"),
        "tags": _tags(element),
    }


def _instance_xml(element: Element) -> Record:
    return {
        "id": element.get("id"),
        "name": _text(element, "name"),
        "owner": _text(element, "owner_id"),
        "image": _id(element, "image"),
        "realm": _id(element, "realm"),
        "state": _text(element, "state"),
        "profile": _id(element, "hardware_profile"),
        "overrides": {one.get("name"): one.get("value") for one in element.findall("hardware_profile/property")},
        "actions": [one.get("rel") for one in element.findall("actions/link")],
        "public": _addresses(element, "public"),
        "private": _addresses(element, "private"),
        "firewalls": _ids_if_there(element, "firewalls", "firewall"),
        "volumes": [(one.get("id"), one.get("device")) for one in element.findall("storage_volumes/storage_volume")],
        "key": _text(element, "authentication/login/keyname"),
        "interfaces": _ids_if_there(element, "network_interfaces", "network_interface"),
        "tags": _tags(element),
    }


def _key_xml(element: Element) -> Record:
    pem = _text(element, "pem")
    return {
        "id": element.get("id"),
        "name": _text(element, "name"),
        "fingerprint": _text(element, "fingerprint"),
        "pem": None if pem is None else "\n".join(line.strip() for line in pem.splitlines()),
    }


def _load_balancer_xml(element: Element) -> Record:
    return {
        "id": element.get("id"),
        "realm": _id(element, "realm"),
        "created": _moment(_text(element, "created_at")),
        "addresses": [(one.text or "").strip() for one in element.findall("public_addresses/address")],
        "listeners": [
            (one.get("protocol"), _text(one, "load_balancer_port"), _text(one, "instance_port"))
            for one in element.findall("listeners/listener")
        ],
        "instances": _ids(element, "instances/instance"),
    }


def _metric_xml(element: Element) -> Record:
    return {"id": element.get("id"), "entity": _text(element, "entity")}


def _network_xml(element: Element) -> Record:
    return {
        "id": element.get("id"),
        "name": _text(element, "name"),
        "state": _text(element, "state"),
        "blocks": [(one.text or "").strip() for one in element.findall("address_blocks/address_block")],
        "subnets": _ids(element, "subnets/subnet"),
    }


def _network_interface_xml(element: Element) -> Record:
    return {
        "id": element.get("id"),
        "name": _text(element, "name"),
        "ip": _text(element, "ip_address"),
        "network": _id(element, "network"),
        "instance": _id(element, "instance"),
    }


def _storage_snapshot_xml(element: Element) -> Record:
    return {
        "id": element.get("id"),
        "created": _moment(_text(element, "created")),
        "volume": _id(element, "storage_volume"),
        "tags": _tags(element),
    }


def _storage_volume_xml(element: Element) -> Record:
    mounted = element.find("mount/device")
    device = _text(element, "device")
    assert device == (None if mounted is None else mounted.get("name"))
    return {
        "id": element.get("id"),
        "name": _text(element, "name"),
        "created": _moment(_text(element, "created")),
        "capacity": float(_text(element, "capacity") or -1),
        "realm": _text(element, "realm_id"),
        "state": _text(element, "state"),
        "device": device,
        "instance": _id(element, "mount/instance"),
        "tags": _tags(element),
    }


def _subnet_xml(element: Element) -> Record:
    return {
        "id": element.get("id"),
        "name": _text(element, "name"),
        "state": _text(element, "state"),
        "block": _text(element, "address_block"),
        "network": _text(element, "network"),
    }


XML: dict[str, Callable[[Element], Record]] = {
    "addresses": _address_xml,
    "blobs": _blob_xml,
    "buckets": _bucket_xml,
    "firewalls": _firewall_xml,
    "images": _image_xml,
    "instances": _instance_xml,
    "keys": _key_xml,
    "load_balancers": _load_balancer_xml,
    "metrics": _metric_xml,
    "network_interfaces": _network_interface_xml,
    "networks": _network_xml,
    "storage_snapshots": _storage_snapshot_xml,
    "storage_volumes": _storage_volume_xml,
    "subnets": _subnet_xml,
}


# JSON


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
        "modified": _moment(document["last_modified"]),
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
        "created": _moment(document["created_at"]),
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
        "created": _moment(document["created"]),
        "volume": document["storage_volume"]["id"],
        "tags": document.get("tags"),
    }


def _storage_volume_json(document: Record) -> Record:
    return {
        "id": document["id"],
        "name": document["name"],
        "description": document["description"],
        "created": _moment(document["created"]),
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
