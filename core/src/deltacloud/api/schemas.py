"""JSON schemas of the documents, for OpenAPI: what each member is, and which are always there."""

from __future__ import annotations

from typing import TypeAlias

Schema: TypeAlias = dict[str, object]

TEXT: Schema = {"type": "string"}
MAYBE: Schema = {"type": ["string", "null"]}
NUMBER: Schema = {"type": "number"}
WHOLE: Schema = {"type": "integer"}
FLAG: Schema = {"type": "boolean"}
URL: Schema = {"type": "string", "format": "uri"}
TIME: Schema = {"type": "string", "format": "date-time"}
MAYBE_TIME: Schema = {"type": ["string", "null"], "format": "date-time"}
TAGS: Schema = {"type": "object", "additionalProperties": TEXT}


def many(item: Schema) -> Schema:
    """An array."""
    return {"type": "array", "items": item}


def members(required: dict[str, Schema], optional: dict[str, Schema] | None = None) -> Schema:
    """An object; further members may come with later versions."""
    return {"type": "object", "properties": {**required, **(optional or {})}, "required": list(required)}


def reference(name: str) -> Schema:
    """The schema of that name among the components."""
    return {"$ref": f"#/components/schemas/{name}"}


LINK = members({"href": URL}, {"id": MAYBE, "rel": TEXT})
_ACTIONS = many(members({"href": URL, "rel": TEXT}, {"method": TEXT}))
_ADDRESSES = many(members({"address": TEXT, "type": TEXT}, {"port": WHOLE}))
_IDENTITY: dict[str, Schema] = {"id": TEXT, "href": URL}

_INSTANCE = members(
    {
        **_IDENTITY,
        "name": MAYBE,
        "state": MAYBE,
        "owner": MAYBE,
        "image": LINK,
        "realm": LINK,
        "actions": _ACTIONS,
        "hardware_profile": members({"href": URL}, {"id": MAYBE, "rel": TEXT, "properties": {"type": "object"}}),
        "public_addresses": _ADDRESSES,
        "private_addresses": _ADDRESSES,
        "storage_volumes": many(LINK),
    },
    {
        "create_time": TIME,
        "create_image": FLAG,
        "firewalls": many(LINK),
        "network_interfaces": many(LINK),
        "authentication_type": TEXT,
        "authentication": members({}, {"keyname": TEXT, "user": TEXT, "password": TEXT}),
        "tags": TAGS,
    },
)

_RULE = members(
    {"id": TEXT, "sources": many(members({"type": {"enum": ["address", "group"]}}))},
    {
        "allow_protocol": TEXT,
        "port_from": TEXT,
        "port_to": TEXT,
        "direction": TEXT,
        "rule_action": TEXT,
        "log_rule": {"type": ["string", "boolean"]},
    },
)

SCHEMAS: dict[str, Schema] = {
    "realm": members({**_IDENTITY, "name": MAYBE, "state": MAYBE, "limit": {"type": ["string", "integer"]}}),
    "hardware_profile": members(
        {**_IDENTITY, "name": MAYBE}, {"properties": {"type": "object", "additionalProperties": TEXT}}
    ),
    "image": members(
        {
            **_IDENTITY,
            "name": MAYBE,
            "description": MAYBE,
            "owner": MAYBE,
            "architecture": MAYBE,
            "state": MAYBE,
            "root_type": TEXT,
            "creation_time": MAYBE_TIME,
            "hardware_profiles": many(LINK),
        },
        {"tags": TAGS},
    ),
    "instance": _INSTANCE,
    "key": members(
        {**_IDENTITY, "credential_type": {"enum": ["key", "password"]}, "username": MAYBE, "password": MAYBE},
        {"state": MAYBE, "pem_rsa_key": TEXT, "fingerprint": TEXT, "name": MAYBE},
    ),
    "address": members({**_IDENTITY, "associated": FLAG}, {"instance_id": TEXT}),
    "firewall": members({**_IDENTITY, "name": MAYBE, "description": MAYBE, "owner_id": MAYBE, "rules": many(_RULE)}),
    "load_balancer": members(
        {
            **_IDENTITY,
            "realms": many(LINK),
            "listeners": many(
                members({"protocol": TEXT, "load_balancer_port": WHOLE, "instance_port": WHOLE}, {"id": MAYBE})
            ),
            "instances": many(reference("instance")),
            "public_addresses": many(TEXT),
        },
        {"created_at": MAYBE_TIME, "name": MAYBE},
    ),
    "storage_volume": members(
        {
            **_IDENTITY,
            "name": MAYBE,
            "description": MAYBE,
            "state": MAYBE,
            "created": MAYBE_TIME,
            "realm": LINK,
            "device": MAYBE,
            "kind": MAYBE,
            "capacity": {"type": ["number", "null"]},
            "actions": _ACTIONS,
            "instance": members({}, {"id": TEXT, "href": URL, "rel": TEXT}),
        },
        {"tags": TAGS},
    ),
    "storage_snapshot": members(
        {**_IDENTITY, "state": MAYBE, "storage_volume": LINK, "created": MAYBE_TIME},
        {"name": MAYBE, "description": MAYBE, "tags": TAGS},
    ),
    "metric": members(
        {
            **_IDENTITY,
            "entity": MAYBE,
            "properties": many(members({"name": TEXT, "values": {"type": ["array", "null"]}})),
        }
    ),
    "network": members(
        {**_IDENTITY, "name": MAYBE, "state": MAYBE, "address_blocks": many(TEXT), "subnets": many(LINK)}
    ),
    "subnet": members(
        {**_IDENTITY, "name": MAYBE, "type": MAYBE, "state": MAYBE, "address_block": MAYBE, "network": LINK}
    ),
    "network_interface": members({**_IDENTITY, "name": MAYBE, "network": LINK, "instance": LINK, "ip_address": MAYBE}),
    "bucket": members({**_IDENTITY, "name": MAYBE, "size": {"type": ["integer", "null"]}}, {"blob_list": many(LINK)}),
    "blob": members(
        {
            **_IDENTITY,
            "bucket": LINK,
            "content_length": {"type": ["integer", "null"]},
            "content_type": MAYBE,
            "last_modified": MAYBE_TIME,
            "user_metadata": {"type": "object", "additionalProperties": TEXT},
        }
    ),
    "error": members({"code": WHOLE, "message": TEXT, "error": TEXT}, {"request_id": TEXT, "retryable": FLAG}),
    "problem": members({"status": WHOLE, "title": TEXT, "detail": TEXT}, {"type": TEXT, "instance": TEXT}),
}
"""Schema of each resource's JSON, by its singular name."""
