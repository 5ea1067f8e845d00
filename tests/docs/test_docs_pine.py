"""The documentation's driver of a cloud with an HTTP API keeps the contract."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from deltacloud.hardware import fixed
from deltacloud.models import HardwareProfile, Image, Realm
from deltacloud.testing import Backend, DriverContract, Variant
from docexamples import importable
from pinecloud import ACCOUNT, IMAGES, KEY, OTHER_ACCOUNT, OTHER_KEY, PineCloud, pine_cloud


def _ids(cloud: PineCloud, collection: str) -> list[str] | None:
    own = [one["id"] for one in cloud.servers.values() if one["account"] == ACCOUNT]
    things = {"instances": own, "buckets": cloud.boxes, "images": [one["id"] for one in IMAGES]}
    return list(things[collection]) if collection in things else None


# --8<-- [start:backend]
@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backend]:
    with importable(tmp_path_factory.mktemp("pine"), "deltacloud-pine"), pine_cloud() as cloud:
        yield Backend(
            driver="pine",
            provider=cloud.url,
            credentials=(ACCOUNT, KEY),
            wrong_credentials=(ACCOUNT, "not the key"),
            other_credentials=(OTHER_ACCOUNT, OTHER_KEY),
            extra={"instances.create": {"rack": 1}},
            known=(
                HardwareProfile(id="small", properties=(fixed("cpu", 1), fixed("memory", 2048), fixed("storage", 20))),
                Image(id="image-1", name="Image 1", architecture="x86_64"),
                Realm(id="north", name="North"),
            ),
            ids=lambda collection: _ids(cloud, collection),
            small_pages=Variant(settings={"page-size": 2}),
            page_size=2,
            unpaged=frozenset({"buckets", "realms", "hardware_profiles"}),
            endpoint=cloud.url,
            at=lambda url: Variant(provider=url),
            same_process=True,
            patience=5,
        )


# --8<-- [end:backend]


class TestPine(DriverContract):
    """Its cloud is the server of these tests."""
