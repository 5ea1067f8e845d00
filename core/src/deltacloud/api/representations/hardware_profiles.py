"""Hardware profiles."""

from __future__ import annotations

import math
from collections.abc import Callable

from deltacloud.api.parsing.percent import segment
from deltacloud.api.representations.markup import attribute, number, text
from deltacloud.api.representations.representation import Representation
from deltacloud.api.representations.view import View, located
from deltacloud.hardware import HardwareProperty, Number
from deltacloud.models import HardwareProfile


def hardware_profile_xml(view: View, indent: str) -> Callable[[HardwareProfile], str]:
    """Makes the writer of one document's hardware profiles."""
    inner = f"{indent}  "
    profiles = view.collection("hardware_profiles")
    instances = view.collection("instances")

    def write(profile: HardwareProfile) -> str:
        properties = "".join([_property(one, instances, inner) for one in profile.properties])
        return (
            f"{indent}<hardware_profile {located(profiles, profile.id)}>\n"
            f"{inner}<id>{text(profile.id)}</id>\n"
            f"{inner}<name>{text(profile.id if profile.name is None else profile.name)}</name>\n"
            f"{properties}{indent}</hardware_profile>\n"
        )

    return write


def _property(one: HardwareProperty, instances: str, indent: str) -> str:
    unit = f" unit='{one.unit}'" if one.unit else ""
    start = f"{indent}<property kind='{one.kind}' name='{one.name}'{unit} value='{attribute(shown(one.value))}'"
    if one.kind == "fixed":
        return f"{start} />\n"
    return (
        f"{start}>\n"
        f"{indent}  <param href='{instances}' method='post' name='hwp_{one.name}' operation='create' />\n"
        f"{_range(one, indent) if one.kind == 'range' else _enumeration(one, indent)}{indent}</property>\n"
    )


def _range(one: HardwareProperty, indent: str) -> str:
    first = "" if one.first is None else f" first='{number(one.first)}'"
    last = "" if one.last is None else f" last='{number(one.last)}'"
    return f"{indent}  <range{first}{last} />\n"


def _enumeration(one: HardwareProperty, indent: str) -> str:
    entries = "".join([f"{indent}    <entry value='{attribute(shown(value))}' />\n" for value in one.entries])
    return f"{indent}  <enum>\n{entries}{indent}  </enum>\n"


def shown(value: Number | str) -> str:
    """The value of a property as text."""
    return value if isinstance(value, str) else str(number(value))


def hardware_profile_json(view: View) -> Callable[[HardwareProfile], dict[str, object]]:
    """Makes the builder of one document's hardware profiles; the defaults are texts, other limits are not shown."""

    def build(profile: HardwareProfile) -> dict[str, object]:
        fields: dict[str, object] = {
            "id": profile.id,
            "href": f"{view.api}/hardware_profiles/{segment(profile.id)}",
            "name": profile.id if profile.name is None else profile.name,
        }
        if profile.properties:
            fields["properties"] = {one.name: shown(one.value) for one in profile.properties}
        return fields

    return build


def hardware_profile_order(profile: HardwareProfile) -> tuple[float, float]:
    """Sorts profiles for XML and HTML: by cpu, then memory; those that lack either come last."""
    sizes = [one.value for name in ("cpu", "memory") if (one := profile.property(name)) is not None]
    numbers = [float(size) for size in sizes if isinstance(size, int | float)]
    return (numbers[0], numbers[1]) if len(numbers) == 2 else (math.inf, math.inf)  # noqa: PLR2004 - both of them


HARDWARE_PROFILES = Representation(
    "hardware_profiles",
    "hardware_profile",
    hardware_profile_xml,
    hardware_profile_json,
    order=hardware_profile_order,
)
