"""JSON schemas of the documents: what each member is, and which are always there. The writers decide; tests compare."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from deltacloud.api.operations import Collection

Schema: TypeAlias = dict[str, object]

TEXT: Schema = {"type": "string"}
MAYBE: Schema = {"type": ["string", "null"]}
WHOLE: Schema = {"type": "integer"}
FLAG: Schema = {"type": "boolean"}
URL: Schema = {"type": "string", "format": "uri"}
TEXTS: Schema = {"type": "object", "additionalProperties": TEXT}
"""A mapping of texts to texts."""

_NUMBER: Schema = {"type": "number"}
_COUNT: Schema = {"type": ["integer", "null"], "minimum": 0}
_TIME: Schema = {"type": "string", "format": "date-time"}
_MAYBE_TIME: Schema = {"type": ["string", "null"], "format": "date-time"}


def many(item: Schema) -> Schema:
    """An array."""
    return {"type": "array", "items": item}


def members(required: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None) -> Schema:
    """An object; further members may come with later versions."""
    return {"type": "object", "properties": {**required, **(optional or {})}, "required": list(required)}


def reference(name: str) -> Schema:
    """The schema of that name among the components."""
    return {"$ref": f"#/components/schemas/{name}"}


_IDENTITY: dict[str, Schema] = {"id": TEXT, "href": URL}
_PLACE = members({"id": MAYBE, "href": URL})
_LINK = members({"id": MAYBE, "href": URL, "rel": TEXT})
_VOLUME = members({"id": TEXT, "href": URL, "rel": TEXT}, {"device": TEXT})
_PROFILE = members({"id": MAYBE, "href": URL, "rel": TEXT, "properties": TEXTS})
_ACTIONS = many(members({"href": URL, "rel": TEXT, "method": {"enum": ["post", "delete"]}}))
_ADDRESSES = many(members({"address": TEXT, "type": TEXT}, {"port": WHOLE}))

_INSTANCE = members(
    {
        **_IDENTITY,
        "name": MAYBE,
        "state": MAYBE,
        "owner": MAYBE,
        "image": _LINK,
        "realm": _LINK,
        "actions": _ACTIONS,
        "hardware_profile": _PROFILE,
        "public_addresses": _ADDRESSES,
        "private_addresses": _ADDRESSES,
        "storage_volumes": many(_VOLUME),
    },
    {
        "create_time": _TIME,
        "create_image": {"const": True},
        "firewalls": many(_LINK),
        "network_interfaces": many(_LINK),
        "authentication_type": {"const": "key"},
        "authentication": members({}, {"error": TEXT, "keyname": TEXT, "user": TEXT, "password": TEXT}),
        "tags": TEXTS,
    },
)

_SOURCE = members(
    {"type": {"enum": ["address", "group"]}},
    {"family": {"enum": ["ipv4", "ipv6"]}, "address": TEXT, "prefix": TEXT, "name": TEXT, "owner": TEXT},
)
_RULE = members(
    {"id": TEXT, "sources": many(_SOURCE)},
    {
        "allow_protocol": TEXT,
        "port_from": TEXT,
        "port_to": TEXT,
        "direction": TEXT,
        "rule_action": TEXT,
        "log_rule": FLAG,
    },
)
_LISTENER = members({"id": {"type": "null"}, "protocol": TEXT, "load_balancer_port": TEXT, "instance_port": TEXT})
_SAMPLE = members(
    {},
    {
        **dict.fromkeys(("minimum", "maximum", "average", "samples"), _NUMBER),
        "timestamp": {"type": "integer", "description": "Unix seconds"},
        "unit": TEXT,
    },
)
_MEASURED = members({"name": TEXT, "values": {"type": ["array", "null"], "items": _SAMPLE}})
_BLOB_ENTRY = members(
    {**_IDENTITY, "rel": {"enum": ["blob", "prefix"]}}, {"content_length": WHOLE, "last_modified": _TIME}
)
_DRIVER: dict[str, Schema] = {
    "username": {"type": "string", "description": "What the user part of the credentials is"},
    "password": {"type": "string", "description": "What the password part of the credentials is"},
    "entrypoints": {"type": "object", "description": "By kind, then by provider", "additionalProperties": TEXTS},
    "error": {"type": "string", "description": "Why the driver does not load"},
}
_FAULT: dict[str, Schema] = {
    "parameter": {"type": "string", "description": "The parameter that is to blame"},
    "backend_code": {"type": "string", "description": "The cloud's own word for the fault"},
    "backend_request_id": {"type": "string", "description": "The cloud's own id of the request"},
}
_FEATURE = members({"name": TEXT, "rel": TEXT, "params": many(TEXT), "constraints": {"type": "object"}})

COMPONENTS: Mapping[str, Schema] = {
    "address": members({**_IDENTITY, "associated": FLAG}, {"instance_id": TEXT}),
    "blob": members(
        {
            **_IDENTITY,
            "bucket": _LINK,
            "content_length": _COUNT,
            "content_type": MAYBE,
            "last_modified": _MAYBE_TIME,
            "user_metadata": TEXTS,
        }
    ),
    "bucket": members({**_IDENTITY, "name": TEXT, "size": _COUNT, "blob_list": many(_BLOB_ENTRY)}),
    "error": members(
        {
            "code": {"type": "integer", "description": "The status"},
            "message": TEXT,
            "error": {"type": "string", "description": "The name of the fault, as it always was"},
            "error_code": {"type": "string", "description": "A stable word for the fault"},
            "request_id": TEXT,
            "retryable": {"type": "boolean", "description": "Whether the same request may succeed later"},
        },
        _FAULT,
    ),
    "firewall": members({**_IDENTITY, "name": TEXT, "description": MAYBE, "owner_id": MAYBE, "rules": many(_RULE)}),
    "hardware_profile": members({**_IDENTITY, "name": TEXT}, {"properties": TEXTS}),
    "image": members(
        {
            **_IDENTITY,
            "name": MAYBE,
            "description": MAYBE,
            "owner": MAYBE,
            "architecture": MAYBE,
            "state": MAYBE,
            "root_type": {"enum": ["transient", "persistent"]},
            "creation_time": _MAYBE_TIME,
            "hardware_profiles": many(_LINK),
        },
        {"tags": TEXTS},
    ),
    "instance": _INSTANCE,
    "key": members(
        {
            **_IDENTITY,
            "name": TEXT,
            "credential_type": {"enum": ["key", "password"]},
            "username": MAYBE,
            "password": MAYBE,
            "state": MAYBE,
        },
        {"pem_rsa_key": TEXT, "fingerprint": TEXT},
    ),
    "load_balancer": members(
        {
            **_IDENTITY,
            "name": MAYBE,
            "realms": many(_LINK),
            "listeners": many(_LISTENER),
            "instances": many({"anyOf": [reference("instance"), _LINK]}),
            "public_addresses": many(TEXT),
            "created_at": _MAYBE_TIME,
        }
    ),
    "metric": members({**_IDENTITY, "entity": TEXT, "properties": many(_MEASURED)}),
    "network": members(
        {**_IDENTITY, "name": MAYBE, "state": MAYBE, "address_blocks": many(TEXT), "subnets": many(_PLACE)}
    ),
    "network_interface": members(
        {**_IDENTITY, "name": MAYBE, "network": _PLACE, "instance": _PLACE, "ip_address": MAYBE}
    ),
    "problem": members(
        {
            "type": TEXT,
            "title": TEXT,
            "status": WHOLE,
            "detail": TEXT,
            "instance": {"type": "string", "format": "uri-reference"},
            "code": TEXT,
            "request_id": TEXT,
            "retryable": FLAG,
        },
        _FAULT,
    ),
    "realm": members({**_IDENTITY, "name": MAYBE, "state": MAYBE, "limit": {"anyOf": [WHOLE, {"const": "unlimited"}]}}),
    "storage_snapshot": members(
        {
            **_IDENTITY,
            "name": MAYBE,
            "description": MAYBE,
            "state": MAYBE,
            "storage_volume": _LINK,
            "created": _MAYBE_TIME,
        },
        {"tags": TEXTS},
    ),
    "storage_volume": members(
        {
            **_IDENTITY,
            "name": MAYBE,
            "description": MAYBE,
            "state": MAYBE,
            "created": _MAYBE_TIME,
            "realm": _LINK,
            "device": MAYBE,
            "kind": MAYBE,
            "capacity": {"type": ["number", "null"], "description": "GB of 1,024 MB each"},
            "actions": _ACTIONS,
            "instance": members({}, {"id": TEXT, "href": URL, "rel": TEXT}),
        },
        {"tags": TEXTS},
    ),
    "subnet": members(
        {**_IDENTITY, "name": MAYBE, "type": MAYBE, "state": MAYBE, "address_block": MAYBE, "network": _PLACE}
    ),
}
"""The schema of each resource, by its singular name, and those of errors."""

DOCUMENTS: Mapping[str, Schema] = {
    "api.entry": members(
        {
            "api": members(
                {
                    "version": TEXT,
                    "driver": TEXT,
                    "provider": TEXT,
                    "links": many(members({"rel": TEXT, "href": URL, "features": many(many(_FEATURE))})),
                    "implementation": members({"name": TEXT, "version": TEXT}),
                }
            )
        }
    ),
    "api.openapi": {"type": "object"},
    "drivers.index": {"type": "object", "additionalProperties": members({"name": TEXT}, _DRIVER)},
    "drivers.show": members(
        {"driver": members({"id": TEXT, "name": TEXT}, {**_DRIVER, "limitations": many(TEXT)})},
    ),
    "instance_states.index": many(
        members({"name": TEXT, "transitions": many(members({"to": TEXT}, {"action": TEXT, "auto": {"const": "true"}}))})
    ),
    "instances.create": {
        "anyOf": [
            members({"instance": reference("instance")}),
            members({"instances": many(reference("instance"))}),
        ]
    },
    "instances.run": members(
        {"instance": members({"id": TEXT, "public_address": MAYBE, "command": TEXT, "output": TEXT})}
    ),
}
"""The schema of each document that is not one resource or a list of them, by ``collection.operation``."""


def shown(collection: Collection) -> str:
    """What the documents of a collection show: one of its members, or what they are in, if they are not shown alone."""
    return collection.singular if collection.singular in COMPONENTS else collection.within.removesuffix("s")
