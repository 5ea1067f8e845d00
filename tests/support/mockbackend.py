"""The pretend cloud as the contract kit is told of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from pathlib import Path

from deltacloud.errors import Forbidden
from deltacloud.hardware import fixed
from deltacloud.hookspecs import ComputeSpec, StorageSpec
from deltacloud.models import HardwareProfile, Image, Realm
from deltacloud.testing import Backend, Variant

ANN, BOB = ("ann", "ann's own password"), ("bob", "another password of bob's")
USERS: Mapping[str, object] = dict((ANN, BOB))

_LISTS = [name for spec in (ComputeSpec, StorageSpec) for name in vars(spec) if name.startswith("list_")]


def ids_in(storage: Path, collection: str) -> list[str] | None:
    """The ids that the cloud's database has: all images, and the first tenant's other things; None for constants.

    There is no database before the first call.
    """
    if collection in ("hardware_profiles", "metrics", "realms"):
        return None
    database = storage / "mock.sqlite3"
    if not database.exists():
        return []
    connection = sqlite3.connect(database)
    try:
        query = "SELECT id FROM things WHERE kind = ? AND (owner = ? OR kind = 'images')"
        return [row[0] for row in connection.execute(query, (collection, ANN[0]))]
    finally:
        connection.close()


def mock_backend(storage: Path, **further: object) -> Backend:
    """The mock driver with all that the kit can be told."""
    settings: dict[str, object] = {"storage": str(storage), "users": USERS}
    told: dict[str, object] = {
        "driver": "mock",
        "settings": settings,
        "credentials": ANN,
        "wrong_credentials": (ANN[0], "a wrong password"),
        "other_credentials": BOB,
        "image": "img1",
        "realm": "eu",
        "hardware_profile": "m1-small",
        "known": (
            HardwareProfile(
                id="m1-small",
                properties=(
                    fixed("cpu", 1), fixed("memory", 1740.8), fixed("storage", 160), fixed("architecture", "i386"),
                ),
            ),
            Image(id="img1", description="Fedora 10", architecture="x86_64"),
            Realm(id="us", name="United States", state="AVAILABLE"),
        ),
        "ids": lambda collection: ids_in(storage, collection),
        "without_effect": frozenset({"user_data", "metrics"}),
        "small_pages": Variant(settings={"page-size": 3}),
        "page_size": 3,
        "unpaged": frozenset({"realms", "hardware_profiles"}),
        "dead": Variant(settings={"fail": dict.fromkeys(_LISTS, "provider_error")}),
        "slow": Variant(settings={"delay-seconds": 120}),
        "garbage": Variant(settings={"fail": dict.fromkeys(_LISTS, "provider_error")}),
        "lossy": Variant(settings={"fail": {"create_instance": "provider_error"}}),
        "public_key": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFzr contract",
        "public": frozenset({"images"}),
        "conflict": Forbidden,
        "patience": 5.0,
    }  # fmt: skip
    return Backend(**(told | further))  # type: ignore[arg-type]
