"""Whether a model is what its class says: the types of its fields, times with a zone, units that can be true."""

from __future__ import annotations

import types
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

from deltacloud.models import HardwareProfile, Model, StorageVolume

_MEMORY_MB = (16, 64 * 1024 * 1024)
_STORAGE_GB = (0, 1024 * 1024)
_CPU = (0, 4096)
_BOUNDS = {"memory": _MEMORY_MB, "storage": _STORAGE_GB, "cpu": _CPU}


def faults(model: object, kind: type[Model]) -> list[str]:
    """What is wrong with a model, in the words of a report; empty if nothing is."""
    if not isinstance(model, kind):
        return [f"is a {type(model).__name__}, not {kind.__name__}"]
    found = list(_fields(model))
    identifier: object = model.id
    if not isinstance(identifier, str) or not identifier:
        found.append(f"has the id {model.id!r}, which is no text")
    try:
        hash(model)
    except TypeError as error:
        found.append(f"cannot be hashed ({error}): its fields must be tuples")
    return found + list(_units(model))


def _fields(struct: msgspec.Struct) -> Iterator[str]:
    for name, hint in _hints(type(struct)).items():
        yield from (f"{name} {fault}" for fault in _value(getattr(struct, name), hint))


@cache
def _hints(kind: type[msgspec.Struct]) -> dict[str, Any]:
    return get_type_hints(kind)


def _value(value: object, hint: Any) -> list[str]:  # noqa: ANN401 - a type, as annotations have them
    """What is wrong with a value of a field."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        attempts = [_value(value, one) for one in arguments]
        return [] if [] in attempts else max(attempts, key=_told)
    if origin is Literal:
        return [] if value in arguments else [f"is {value!r}, not one of {', '.join(map(repr, arguments))}"]
    if origin is tuple:
        return _tuple(value, arguments)
    if not _is_a(value, hint):
        return [f"is of type {type(value).__name__}, not {_named(hint)}"]
    if isinstance(value, datetime) and value.utcoffset() is None:
        return ["is a time without a zone"]
    return list(_fields(value)) if isinstance(value, msgspec.Struct) else []


def _tuple(value: object, arguments: tuple[Any, ...]) -> list[str]:
    if not isinstance(value, tuple):
        return [f"is of type {type(value).__name__}, not tuple"]
    hints = [arguments[0]] * len(value) if arguments[-1] is ... else list(arguments)
    if len(hints) != len(value):
        return [f"has {len(value)} members, not {len(hints)}"]
    return [fault for one, hint in zip(value, hints, strict=True) for fault in _value(one, hint)]


def _is_a(value: object, hint: Any) -> bool:  # noqa: ANN401 - a type, as annotations have them
    if hint in (int, float) and isinstance(value, bool):
        return False
    return isinstance(value, type(None) if hint is None else hint)


def _told(attempt: list[str]) -> bool:
    """Whether the faults say more than that the type is another one."""
    return not any("is of type" in fault for fault in attempt)


def _named(hint: Any) -> str:  # noqa: ANN401 - a type, as annotations have them
    return str(getattr(hint, "__name__", hint))


def _units(model: Model) -> Iterator[str]:
    if isinstance(model, HardwareProfile):
        for one in model.properties:
            numbers = [
                value for value in (one.value, one.first, one.last, *one.entries) if isinstance(value, int | float)
            ]
            bounds = _BOUNDS.get(one.name)
            if bounds is not None and any(not bounds[0] <= number <= bounds[1] for number in numbers):
                yield f"{one.name} is {numbers}; its unit is {one.unit}"
    capacity = model.capacity if isinstance(model, StorageVolume) else None
    if capacity is not None and not _STORAGE_GB[0] <= capacity <= _STORAGE_GB[1]:
        yield f"capacity is {capacity}; its unit is GB"
