"""The kit finds what is broken on the way to a cloud: endpoints that it puts up itself, answers that are lost."""

from __future__ import annotations

import urllib.request
from collections.abc import Iterator

import pytest

from deltacloud.testing import Backend, Variant
from deltacloud.testing.checks import CHECKS
from deltacloud.testing.losing import Losing
from deltacloud.testing.profiles import PROFILES
from deltacloud.testing.runner import perform_all
from docexamples import entry_points_of, importable
from fakecloud import running
from loopback import Backend as Served
from loopback import reply

pytestmark = pytest.mark.thorough

BROKEN = {
    "Repeats": "create.once",
    "Waits": "backend.slow",
    "TrustsAnybody": "backend.certificates",
    "TakesItForJson": "backend.garbage",
    "FirstPage": "instances.pages",
}
CHECKED = [one for one in CHECKS if one.name.startswith(("instances.", "images.", "backend.", "create.", "secrets."))]


@pytest.fixture(scope="module", autouse=True)
def _installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The driver of the documentation, and the broken ones, can be found."""
    folder = tmp_path_factory.mktemp("site")
    with importable(folder, "deltacloud-pine"):
        entries = {f"pine-{name.lower()}": f"pinemutants:{name}" for name in BROKEN}
        entry_points_of(folder, "pinemutants", {"deltacloud.drivers": entries})
        yield


def _failed(driver: str) -> dict[str, str]:
    with running() as cloud:
        backend = Backend(
            driver=driver,
            provider=cloud.url,
            credentials=("ann", "key-of-ann"),
            wrong_credentials=("ann", "no key"),
            ids=lambda collection: list(cloud.accounts["ann"].servers) if collection == "instances" else None,
            small_pages=Variant(settings={"page-size": 2}),
            page_size=2,
            endpoint=cloud.url,
            at=lambda url: Variant(provider=url),
            same_process=True,
            patience=1,
        )
        outcomes = list(perform_all(backend, PROFILES["quick"]._replace(deadline=0.5), CHECKED))
        return {one.check.name: one.detail for one in outcomes if one.verdict == "failed"}


def test_a_sound_driver_passes() -> None:
    assert _failed("pine") == {}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_driver_fails_the_check_that_is_named_for_it(name: str) -> None:
    assert list(_failed(f"pine-{name.lower()}")) == [BROKEN[name]]


@pytest.mark.parametrize("signed", [False, True])
def test_the_way_that_loses_answers_keeps_the_host_that_a_signature_holds_for(signed: bool) -> None:
    cloud = Served(lambda _: reply())
    way = Losing(cloud.url())
    with way.listening() as url:
        headers = {"Authorization": "AWS4-HMAC-SHA256 Credential=a, SignedHeaders=host, Signature=b"} if signed else {}
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:
            assert answer.read() == b"ok"
    cloud.close()
    expected = url if signed else cloud.url()
    assert cloud.asked[0].headers["host"] == expected.removeprefix("http://")
