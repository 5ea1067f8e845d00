"""Two clouds that have half of everything: one keeps things, the other runs them."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from deltacloud.features import Feature
from deltacloud.providers import Endpoints, ParsedProvider, Providers
from deltacloud_mock import MockDriver

_HOOKS = frozenset(name for name in dir(MockDriver) if name.partition("_")[2] and not name.startswith("_"))
_KEPT = ("bucket", "blob", "segment")
_RUN = ("instance", "image", "realm", "hardware_profile")
_STORAGE = frozenset(name for name in _HOOKS if any(word in name for word in _KEPT))
_COMPUTE = frozenset(name for name in _HOOKS if any(word in name for word in _RUN) and "load_balancer" not in name)


class StoreDriver(MockDriver):
    """Buckets and blobs, in two places, and nothing else."""

    name = "store"
    title = "Store"
    providers = Providers(names=("north", "south"), default="north")
    features: ClassVar[tuple[Feature, ...]] = ()
    parameters = ()  # type: ignore[assignment] # the class below it has exactly one
    states = None  # type: ignore[assignment] # the class below it has some
    hardware_profiles = ()  # type: ignore[assignment] # the same
    withdrawn = _HOOKS - _STORAGE - {"translate_error", "hardware_profiles"}
    _subdirectory = "store"


def _parse(text: str) -> ParsedProvider:
    if not text.startswith("room-"):
        raise ValueError
    return ParsedProvider(text=text)


class MachineDriver(MockDriver):
    """Instances and what they need, in rooms that are named by who knows them, and nothing else."""

    name = "machine"
    title = "Machine"
    providers = Providers(endpoints=Endpoints(parse=_parse, example="room-1", error="No such room."))
    withdrawn = _HOOKS - _COMPUTE - {"translate_error"}
    _subdirectory = "machine"


def install(folder: Path) -> None:
    """Makes the drivers those of an installed distribution, for who has the folder in their path."""
    here = Path(__file__)
    (folder / here.name).write_text(here.read_text(encoding="utf-8"), encoding="utf-8")
    information = folder / "deltacloud_slim-0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: deltacloud-slim\nVersion: 0\n")
    points = "[deltacloud.drivers]\nstore = slimclouds:StoreDriver\nmachine = slimclouds:MachineDriver\n"
    (information / "entry_points.txt").write_text(points)
