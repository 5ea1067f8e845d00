"""The driver keeps the contract."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from deltacloud.hardware import fixed
from deltacloud.models import HardwareProfile, Image, Realm
from deltacloud.testing import Backend, DriverContract, Variant

from fakecloud import FakeCloud, running


# 1. The cloud that the driver is checked against: an account of a real one, or an emulator of it.
@pytest.fixture(scope="module")
def backend() -> Iterator[Backend]:
    with running() as cloud:
        yield Backend(
            driver="pine",
            provider=cloud.url,
            credentials=("ann", "key-of-ann"),
            wrong_credentials=("ann", "no key"),
            other_credentials=("bob", "key-of-bob"),
            known=(
                HardwareProfile(
                    id="size-01", properties=(fixed("cpu", 1), fixed("memory", 2048), fixed("storage", 20))
                ),
                Image(id="image-1", name="Image 1", architecture="x86_64"),
                Realm(id="north", name="North"),
            ),
            ids=lambda collection: _ids(cloud, collection),
            small_pages=Variant(settings={"page-size": 2}),
            page_size=2,
            endpoint=cloud.url,
            at=lambda url: Variant(provider=url),
            same_process=True,
            patience=5,
        )


def _ids(cloud: FakeCloud, collection: str) -> list[str] | None:
    """What the cloud itself says that the account has; None for what it is not asked about."""
    account = cloud.accounts["ann"]
    things = {"instances": account.servers, "keys": account.keys, "buckets": account.boxes}
    return list(things[collection]) if collection in things else None


class TestContract(DriverContract):
    """One test for each check."""
