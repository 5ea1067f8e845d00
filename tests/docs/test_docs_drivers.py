"""The example drivers of the documentation keep the contract."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from deltacloud.testing import Backend, DriverContract, Variant
from docexamples import EXAMPLES, installed
from pinecloud import ACCOUNT, IMAGES, KEY, PineCloud, pine_cloud


@pytest.fixture(scope="module", autouse=True)
def _installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The examples can be found, as if they were installed."""
    folder = tmp_path_factory.mktemp("site")
    installed(folder, "deltacloud-tiny", "deltacloud-pine")
    with pytest.MonkeyPatch.context() as patch:
        for path in (folder, EXAMPLES / "deltacloud-tiny" / "src", EXAMPLES / "deltacloud-pine" / "src"):
            patch.syspath_prepend(path)
        yield


@pytest.fixture(scope="module")
def pine() -> Iterator[PineCloud]:
    with pine_cloud() as cloud:
        yield cloud


def _pine_ids(cloud: PineCloud, collection: str) -> list[str]:
    kept = {"instances": cloud.servers, "buckets": cloud.boxes, "images": {one["id"]: one for one in IMAGES}}
    return list(kept[collection])


@pytest.fixture(scope="module")
def backend(request: pytest.FixtureRequest) -> Backend:
    """What the kit is told of the driver of each class."""
    if request.node.name:
        pass
    return Backend(driver="tiny", credentials=("ann", "secret"), wrong_credentials=("ann", "wrong"))


class TestTiny(DriverContract):
    """Three machines that always run."""
