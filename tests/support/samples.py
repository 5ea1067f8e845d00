"""Values of every kind that a type allows, so that writers can be seen to write everything that they ever write."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

from deltacloud.models import (
    Address,
    Blob,
    Bucket,
    Firewall,
    HardwareProfile,
    Image,
    Instance,
    Key,
    LoadBalancer,
    Metric,
    Model,
    Network,
    NetworkInterface,
    Realm,
    StorageSnapshot,
    StorageVolume,
    Subnet,
)
from deltacloud.secret import Secret

MODELS: dict[str, type[Model]] = {
    "addresses": Address,
    "blobs": Blob,
    "buckets": Bucket,
    "firewalls": Firewall,
    "hardware_profiles": HardwareProfile,
    "images": Image,
    "instances": Instance,
    "keys": Key,
    "load_balancers": LoadBalancer,
    "metrics": Metric,
    "networks": Network,
    "network_interfaces": NetworkInterface,
    "realms": Realm,
    "storage_snapshots": StorageSnapshot,
    "storage_volumes": StorageVolume,
    "subnets": Subnet,
}
"""What each collection holds."""

_PLAIN: dict[type, list[Any]] = {
    str: ["a", ""],
    int: [1],
    float: [1.5],
    bool: [True, False],
    datetime: [datetime(2013, 10, 1, 10, 20, 30, tzinfo=UTC)],
    Secret: [Secret("hidden")],
}


@cache
def samples(kind: Any) -> list[Any]:
    """Values of a type: first one that has everything, then some that differ from it in one place, last the barest."""
    if kind in _PLAIN:
        return _PLAIN[kind]
    origin, arguments = get_origin(kind), get_args(kind)
    if kind is type(None):
        return [None]
    if origin is Literal:
        return list(arguments)
    if origin in (Union, types.UnionType):
        return [value for one in sorted(arguments, key=_is_none) for value in samples(one)]
    if origin is tuple and arguments[-1] is ...:
        return [tuple(samples(arguments[0])), ()]
    if origin is tuple:
        return [tuple(values) for values in _varied([samples(one) for one in arguments])]
    return list(_structs(kind))


def _is_none(kind: Any) -> bool:
    return kind is type(None)


def _structs(kind: Any) -> Iterator[Any]:
    fields = get_type_hints(kind) if dataclasses.is_dataclass(kind) else _fields(kind)
    for values in _varied([samples(one) for one in fields.values()]):
        yield kind(**dict(zip(fields, values, strict=True)))


def _fields(kind: type[msgspec.Struct]) -> dict[str, Any]:
    return {field.name: field.type for field in msgspec.structs.fields(kind)}


def _varied(choices: list[list[Any]]) -> Iterator[Iterable[Any]]:
    """The first of all choices, those with another one in one place, and the last of all choices."""
    first = [values[0] for values in choices]
    yield first
    for place, values in enumerate(choices):
        for other in values[1:]:
            yield [*first[:place], other, *first[place + 1 :]]
    yield [values[-1] for values in choices]
