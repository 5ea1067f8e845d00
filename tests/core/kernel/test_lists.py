"""Lists never lie: whole through all pages, cut where a limit is, filtered by the core where the driver does not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from deltacloud.context import Context, Deadline
from deltacloud.errors import InvalidRequest, NotFound
from deltacloud.inputs import Filters, PageRequest
from deltacloud.kernel import DriverCall, GatewaySettings, Kernel, Lister
from deltacloud.models import Instance
from deltacloud.providers import ParsedProvider

Install = Callable[..., None]

SOURCE = """
    from deltacloud.driver import Driver
    from deltacloud.features import REALM_FILTER
    from deltacloud.hardware import choice, fixed
    from deltacloud.models import *

    ALL = [Instance(id=f"i{n:03}", state="RUNNING" if n % 2 else "STOPPED", realm_id="us" if n % 3 else "eu")
           for n in range(25)]

    class Plain(Driver):
        name, title, contract = "plain", "P", 1
        taken = 0

        def list_instances(self, context):
            for one in ALL:
                Plain.taken += 1
                yield one

        def list_hardware_profiles(self, context):
            either = choice("architecture", ("i386", "x86_64"), "x86_64")
            for name, properties in {"old": (either,), "new": (fixed("architecture", "arm64"),), "any": ()}.items():
                yield HardwareProfile(id=name, name=name, properties=properties)

    NAMES = ["a/1", "a/2", "b", "c/d/1", "c/d/2", "c/e"]

    class Folder(Driver):
        name, title, contract = "folder", "F", 1

        def list_blobs(self, context, bucket_id):
            for one in NAMES:
                yield BlobEntry(id=one)

    class Paged(Driver):
        name, title, contract = "paged", "P", 1
        features = (REALM_FILTER,)

        def list_instances(self, context, filters, page):
            start = int(page.marker or 0)
            end = start + min(page.limit or 10, 10)
            kept = [one for one in ALL[start:end] if not filters.realm_id or one.realm_id in filters.realm_id]
            return Page(kept, str(end) if end < len(ALL) else None)
"""


@pytest.fixture
def lister(install: Install) -> Callable[[str], Lister]:
    module = "deltacloud_lists_module"
    entries = {"plain": f"{module}:Plain", "paged": f"{module}:Paged", "folder": f"{module}:Folder"}
    install("deltacloud-lists", {"deltacloud.drivers": entries}, SOURCE)
    kernel = Kernel(GatewaySettings())

    def make(name: str) -> Lister:
        driver = kernel.drivers.get(name)

        def invoke(hook: str, arguments: dict[str, object]) -> object:
            context = Context(driver.way_out, credentials=None, provider=ParsedProvider(), deadline=Deadline(60))
            return kernel.call(DriverCall(driver, hook, context, arguments))

        return Lister(driver, invoke)

    return make


BOTH = pytest.mark.parametrize("name", ["plain", "paged"])


@BOTH
def test_a_whole_list_goes_through_all_pages(lister: Callable[[str], Lister], name: str) -> None:
    ids = [one.id for one in lister(name).whole("list_instances", Filters())]
    assert ids == [f"i{number:03}" for number in range(25)]


@BOTH
@pytest.mark.parametrize("limit", [1, 7, 10, 25, 1000])
def test_pages_together_are_the_list(lister: Callable[[str], Lister], name: str, limit: int) -> None:
    found, marker = [], None
    while True:
        page = lister(name).page("list_instances", Filters(), PageRequest(limit=limit, marker=marker))
        items = list(page.items)
        assert len(items) <= limit
        found += [one.id for one in items]
        marker = page.next_marker
        if marker is None:
            break
    assert found == [f"i{number:03}" for number in range(25)]


@BOTH
def test_filters_hold_whether_the_driver_applies_them_or_not(lister: Callable[[str], Lister], name: str) -> None:
    wanted = Filters(state=("running",), realm_id=("eu",))
    found = [one for one in lister(name).whole("list_instances", wanted) if isinstance(one, Instance)]
    assert found
    assert all(one.state == "RUNNING" and one.realm_id == "eu" for one in found)


@pytest.mark.parametrize(
    ("architecture", "found"), [("i386", ["old"]), ("x86_64", ["old"]), ("arm64", ["new"]), ("sparc", [])]
)
def test_a_profile_is_found_by_every_architecture_that_can_be_chosen(
    lister: Callable[[str], Lister], architecture: str, found: list[str]
) -> None:
    profiles = lister("plain").whole("list_hardware_profiles", Filters(architecture=(architecture,)))
    assert [one.id for one in profiles] == found


def test_a_limit_takes_no_more_than_it_needs(lister: Callable[[str], Lister]) -> None:
    plain = lister("plain")
    kind = __import__("deltacloud_lists_module").Plain
    kind.taken = 0
    list(plain.page("list_instances", Filters(), PageRequest(limit=3)).items)
    assert kind.taken == 4, "the fourth tells whether there is more"


def test_a_marker_of_something_gone_is_refused(lister: Callable[[str], Lister]) -> None:
    with pytest.raises(InvalidRequest):
        lister("plain").page("list_instances", Filters(), PageRequest(limit=3, marker="gone"))


@BOTH
def test_one_is_found_by_its_id_or_not_at_all(lister: Callable[[str], Lister], name: str) -> None:
    assert lister(name).find("list_instances", "i021").id == "i021"
    with pytest.raises(NotFound):
        lister(name).find("list_instances", "i999")


def names(lister: Lister, prefix: str | None, delimiter: str | None, page: PageRequest | None = None) -> list[str]:
    return [one.id for one in lister.blobs("bucket", prefix, delimiter, page).items]


def test_the_core_folds_blobs_for_drivers_that_do_not(lister: Callable[[str], Lister]) -> None:
    folder = lister("folder")
    assert names(folder, None, "/") == ["a/", "b", "c/"]
    assert names(folder, "c/", "/") == ["c/d/", "c/e"]
    assert names(folder, "a/", None) == ["a/1", "a/2"]
    assert names(folder, "zz", None) == []
    assert len(names(folder, None, None)) == 6
    first = folder.blobs("bucket", None, "/", PageRequest(limit=2))
    assert [one.id for one in first.items] == ["a/", "b"]
    assert names(folder, None, "/", PageRequest(limit=2, marker=first.next_marker)) == ["c/"]
