"""What XML documents say, as the records of :mod:`modelcloud.readings`."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree.ElementTree import Element

from modelcloud.records import Record, moment


def _text(element: Element, path: str) -> str | None:
    found = element.find(path)
    return None if found is None else (found.text or "").strip()


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
        "modified": moment(_text(element, "last_modified")),
        "metadata": {one.get("key"): one.text or "" for one in element.findall("user_metadata/entry")},
    }


def _bucket_xml(element: Element) -> Record:
    entries = {one.get("id"): one.get("content_length") for one in element.findall("blob")}
    assert len(entries) == len(element.findall("blob"))
    record: Record = {"id": element.get("id"), "name": _text(element, "name"), "blobs": list(entries)}
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
        "created": moment(_text(element, "created_at")),
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
        "created": moment(_text(element, "created")),
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
        "created": moment(_text(element, "created")),
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
