"""Finding what is installed: entry points by group and name, without importing what they point to."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from stevedore.named import NamedExtensionManager

DRIVERS = "deltacloud.drivers"
EXTENSIONS = "deltacloud.extensions"
FRONT_ENDS = "deltacloud.frontends"


class Found(NamedTuple):
    """One entry point, and the distribution that brings it (empty if it cannot be told)."""

    name: str
    entry_point: importlib.metadata.EntryPoint
    distribution: str
    version: str


class Unloadable(Exception):
    """Something installed cannot be used; the text is the reason, fit to be shown."""


class Catalogue:
    """The entry points of one group.

    Args:
        group: The group's name.
        chosen: For names that two distributions claim: the distribution that shall have it.
    """

    def __init__(self, group: str, chosen: Mapping[str, str] | None = None) -> None:
        self.group = group
        self._chosen = dict(chosen or {})
        self._found: dict[str, list[Found]] = {}
        NamedExtensionManager.ENTRY_POINT_CACHE.pop(group, None)  # it would outlive a change of the path
        listed = NamedExtensionManager(group, names=[]).list_entry_points()
        origins = _origins(group)
        for entry_point in sorted(listed, key=lambda one: one.name):
            found = self._found.setdefault(entry_point.name, [])
            for distribution, version in origins.get((entry_point.name, entry_point.value), [("", "")]):
                found.append(Found(entry_point.name, entry_point, distribution, version))

    def names(self) -> tuple[str, ...]:
        """All names, in alphabetical order."""
        return tuple(self._found)

    def __contains__(self, name: object) -> bool:
        return name in self._found

    def claims(self, name: str) -> Sequence[Found]:
        """Who claims this name; more than one is a clash."""
        return self._found.get(name, ())

    def load(self, name: str) -> object:
        """Import what the name stands for.

        Raises:
            Unloadable: the import fails, or two distributions claim the name and none is chosen.
        """
        entry_point = self._pick(name).entry_point
        try:
            loaded: object = entry_point.load()
        except Exception as error:
            raise Unloadable(f"cannot import {entry_point.value}: {type(error).__name__}: {error}") from error
        return loaded

    def _pick(self, name: str) -> Found:
        claims = self.claims(name)
        if len(claims) == 1:
            return claims[0]
        wanted = self._chosen.get(name)
        for found in claims:
            if wanted is not None and found.distribution == wanted:
                return found
        who = " and ".join(found.distribution for found in claims)
        raise Unloadable(f"claimed by {who}; choose one with the setting drivers.{name}.distribution")


def _origins(group: str) -> dict[tuple[str, str], list[tuple[str, str]]]:
    """Name and value of each entry point to the (distribution, version) pairs that bring it.

    stevedore's own list, made for speed, has lost the distributions.
    """
    origins: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for entry_point in importlib.metadata.entry_points(group=group):
        if entry_point.dist is not None:
            pair = (entry_point.dist.name, entry_point.dist.version)
            known = origins.setdefault((entry_point.name, entry_point.value), [])
            if pair not in known:
                known.append(pair)
    return origins
