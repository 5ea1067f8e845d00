"""Properties of hardware profiles: what a size of instance has, and what may be varied within it."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

Number: TypeAlias = int | float
"""A value of a property."""
PropertyName: TypeAlias = Literal["cpu", "memory", "storage", "architecture", "root_type"]
"""What a profile can say of a size."""

UNITS: dict[str, str] = {"cpu": "count", "memory": "MB", "storage": "GB", "architecture": "label"}
"""The unit of each property: memory in MB of 2^20 bytes, storage in GB of 2^30."""


class HardwareProperty(msgspec.Struct, frozen=True, gc=False):
    """One property of a profile; made with :func:`fixed`, :func:`span` or :func:`choice`.

    ``value`` is the fixed value or the default; ``first`` and ``last`` bound a range, ``entries`` list an enumeration.
    """

    name: PropertyName
    kind: Literal["fixed", "range", "enum"]
    value: Number | str
    first: Number | None = None
    last: Number | None = None
    entries: tuple[Number | str, ...] = ()

    @property
    def unit(self) -> str | None:
        """``count``, ``MB``, ``GB`` or ``label``; None for ``root_type``."""
        return UNITS.get(self.name)

    def accepts(self, value: Number | str) -> bool:
        """Whether a client may ask for ``value``."""
        if self.kind == "range":
            return isinstance(value, int | float) and _at_least(self.first, value) and _at_least(value, self.last)
        return value in (self.entries if self.kind == "enum" else (self.value,))


def fixed(name: PropertyName, value: Number | str) -> HardwareProperty:
    """A property that cannot be varied."""
    return HardwareProperty(name, "fixed", value)


def span(name: PropertyName, first: Number, last: Number, default: Number | None = None) -> HardwareProperty:
    """A property that may lie anywhere from ``first`` to ``last``; the default is ``first`` unless given."""
    return HardwareProperty(name, "range", first if default is None else default, first=first, last=last)


def choice(
    name: PropertyName, entries: tuple[Number | str, ...], default: Number | str | None = None
) -> HardwareProperty:
    """A property with a list of values; the default is the first one unless given."""
    return HardwareProperty(name, "enum", entries[0] if default is None else default, entries=entries)


def _at_least(low: Number | None, high: Number | None) -> bool:
    return low is None or high is None or low <= high
