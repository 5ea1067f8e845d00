"""What a sound cloud answers: for every hook a value of the type that its specification gives."""

from __future__ import annotations

import base64
from functools import cache
from typing import Any, get_args, get_type_hints

import msgspec

from deltacloud.hardware import fixed
from deltacloud.hookspecs import ComputeSpec, StorageSpec
from deltacloud.models import (
    Blob,
    CommandOutput,
    HardwareProfile,
    Image,
    Instance,
    Key,
    Metric,
    MetricProperty,
    Model,
)
from deltacloud.secret import Secret
from wirecloud.reading import Asked

CONTENT = bytes(range(256)) * 4096
"""The content of every blob: 1 MiB."""

_ACTIONS = ("start", "stop", "reboot", "destroy", "run")
_PARTICULAR: dict[type, dict[str, Any]] = {
    Instance: {"image_id": "image1", "realm_id": "realm1", "state": "RUNNING", "actions": _ACTIONS,
               "hardware_profile_id": "small"},
    Image: {"name": "an image", "owner_id": "me", "architecture": "x86_64", "state": "AVAILABLE"},
    Key: {"pem": Secret("-----BEGIN RSA PRIVATE KEY-----"), "fingerprint": "00:11", "state": "AVAILABLE"},
    HardwareProfile: {"properties": (fixed("cpu", 1),)},
    Metric: {"entity": "instance1", "properties": (MetricProperty("cpuUtilization"),)},
    Blob: {"bucket_id": "bucket1", "content_length": len(CONTENT), "content_type": "application/octet-stream"},
}  # fmt: skip
_LISTED = 2


@cache
def _result(hook: str) -> Any:
    for spec in (ComputeSpec, StorageSpec):
        if hook in vars(spec):
            return get_type_hints(vars(spec)[hook])["return"]
    raise ValueError(hook)


def answer_to(asked: Asked, entries: int = _LISTED) -> tuple[bytes, str]:
    """Body and content type; a list has so many entries."""
    if asked.hook == "read_blob":
        return CONTENT, "Content-Type: application/octet-stream"
    return msgspec.json.encode(_value(asked, entries), enc_hook=_plain), "Content-Type: application/json"


def _value(asked: Asked, entries: int) -> object:
    result = _result(asked.hook)
    if asked.hook == "create_instance":
        result = Instance
    if asked.hook.startswith("list_"):
        kind = get_args(get_args(result)[0])[0]
        return [_model(kind, f"{kind.__name__.lower()}{number}", asked) for number in range(1, entries + 1)]
    if isinstance(result, type) and issubclass(result, Model):
        return _model(result, _identifier(asked), asked)
    if asked.hook == "inspect_account":
        return ["instances", "keys"] if (caller(asked) or "").endswith(("0", "2", "4", "6", "8")) else None
    if result is CommandOutput:
        return CommandOutput("127.0.0.1", "done\n")
    return f"id of {asked.hook}" if result is str else None


def _identifier(asked: Asked) -> str:
    """What was named, or a name for what is made anew."""
    named = [value for key, value in asked.query.items() if key.endswith("_id")]
    return named[-1] if named else f"new-{asked.hook.removeprefix('create_')}"


def caller(asked: Asked) -> str | None:
    """The user name of HTTP Basic, as the cloud got it."""
    scheme, _, encoded = asked.headers.get("authorization", "").partition(" ")
    return base64.b64decode(encoded).decode("utf-8", "replace").partition(":")[0] if scheme == "Basic" else None


def _model(kind: type[Model], identifier: str, asked: Asked) -> Model:
    fields = _PARTICULAR.get(kind, {})
    if kind is Instance:
        fields = fields | {"owner_id": caller(asked)}
    return kind(id=identifier, **fields)


def _plain(value: object) -> object:
    if isinstance(value, Secret):
        return value.reveal()
    raise NotImplementedError(type(value))
