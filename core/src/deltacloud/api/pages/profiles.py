"""Hardware profiles in words: what a size has, and what may be varied within it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from deltacloud.api.pages.values import plain, quantity

if TYPE_CHECKING:
    from deltacloud.hardware import HardwareProperty, Number
    from deltacloud.models import HardwareProfile

_SHORT = {"cpu": "CPU", "memory": "memory", "storage": "storage"}


def told(profile: HardwareProfile) -> str:
    """A profile in one line: ``m1-large: 1 to 6 CPU, 7.5 GB to 15 GB memory, x86_64``."""
    name = profile.name or profile.id
    parts = [f"{allowed(one)} {_SHORT.get(one.name, '')}".strip() for one in profile.properties]
    title = name if name == profile.id else f"{name} ({profile.id})"
    return f"{title}: {', '.join(parts)}" if parts else title


def described(one: HardwareProperty) -> str:
    """A property's value, and what else is allowed."""
    if one.kind == "fixed":
        return _shown(one.name, one.value)
    return f"{allowed(one)} (usually {_shown(one.name, one.value)})"


def allowed(one: HardwareProperty) -> str:
    """The values that a property may have."""
    if one.kind == "enum":
        return " or ".join(_shown(one.name, value) for value in one.entries)
    if one.kind == "range":
        first = "" if one.first is None else _shown(one.name, one.first)
        last = "" if one.last is None else _shown(one.name, one.last)
        return f"{first} to {last}" if first and last else f"from {first}" if first else f"up to {last}"
    return _shown(one.name, one.value)


def facts(profile: HardwareProfile) -> str:
    """What scripts need to show the fields of a profile: its properties in JSON."""
    return msgspec.json.encode({one.name: _fact(one) for one in profile.properties}).decode()


def _fact(one: HardwareProperty) -> dict[str, object]:
    fact: dict[str, object] = {"value": one.value}
    if one.kind == "range":
        fact.update({name: value for name, value in (("min", one.first), ("max", one.last)) if value is not None})
    elif one.kind == "enum":
        fact["values"] = [str(value) for value in one.entries]
    return {"kind": one.kind, **fact}


def _shown(name: str, value: Number | str) -> str:
    return quantity(value, name) or (plain(value) if isinstance(value, int | float) else value)
