"""Lists of a thousand: a page at a time, narrowed as one types, sorted, and several acted on at once."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from gateway import Gateway
from surfing import Api, Surfer

MANY = 1000
AT_ONCE = 100
SHOWN = 50
HEAVIEST = 60 * 1024


@pytest.fixture(scope="module", autouse=True)
def crowd(cloud: Gateway) -> None:
    """A thousand instances, the four of every mock cloud among them."""
    api, wanted = Api(cloud.url), MANY - 4
    while wanted:
        count = min(wanted, AT_ONCE)
        api("POST", "/api/instances", {"image_id": "img1", "name": "one of many", "instance_count": count})
        wanted -= count


def ids(page: Page) -> list[str]:
    """The ids of what is shown."""
    return page.locator("tbody td[data-name=Id]").all_text_contents()


def row(page: Page, identifier: str) -> Locator:
    """The row of an instance."""
    return page.get_by_role("row").filter(has=page.get_by_text(identifier, exact=True))


def box(page: Page, identifier: str) -> Locator:
    """The box that selects an instance."""
    return row(page, identifier).get_by_role("checkbox")


def status(page: Page) -> str:
    """What the foot of the list says."""
    return page.locator(".pages [role=status]").inner_text()


def test_a_thousand_are_shown_fifty_at_a_time(surfer: Surfer) -> None:
    page = surfer.go("/api/instances")
    assert len(ids(page)) == SHOWN
    assert status(page) == f"1 to {SHOWN} of {MANY} in all"
    page.get_by_role("link", name="Next page").click()
    assert status(page).startswith(f"{SHOWN + 1} to {2 * SHOWN} of {MANY}")
    page.get_by_role("link", name="Last page").click()
    assert status(page).startswith(f"{MANY - SHOWN + 1} to {MANY} of {MANY}")
    expect(page.get_by_role("link", name="Next page")).to_have_count(0)
    page.get_by_role("link", name="First page").click()
    assert status(page).startswith("1 to ")


def test_a_page_of_a_thousand_weighs_less_than_60_kib_in_all(surf: Any) -> None:
    surfer = surf()
    surfer.known()
    assert surfer.weight("/api/instances") < HEAVIEST


def test_a_list_is_sorted_by_a_column_and_numbers_count_as_numbers(surfer: Surfer) -> None:
    page = surfer.go("/api/instances")
    heading = page.get_by_role("columnheader", name="Id")
    heading.get_by_role("link").click()
    expect(heading).to_have_attribute("aria-sort", "ascending")
    assert ids(page) == [f"inst{number}" for number in range(SHOWN)]
    heading.get_by_role("link").click()
    expect(heading).to_have_attribute("aria-sort", "descending")
    assert ids(page)[:2] == [f"inst{MANY - 1}", f"inst{MANY - 2}"]


def test_a_list_is_narrowed_as_one_types(surfer: Surfer) -> None:
    page = surfer.go("/api/instances")
    page.get_by_label("Find").press_sequentially("inst99")
    expect(page.locator("tbody tr")).to_have_count(11)
    assert set(ids(page)) == {"inst99", *(f"inst99{digit}" for digit in range(10))}
    assert status(page) == f"11 found among {MANY}"
    assert page.get_by_label("Find").evaluate("one => one === document.activeElement")
    page.reload()
    assert len(ids(page)) == 11
    page.get_by_label("Find").fill("nothing such")
    expect(page.get_by_role("main")).to_contain_text("Nothing matches")


def test_a_filter_of_the_cloud_is_chosen(surfer: Surfer) -> None:
    page = surfer.go("/api/instances")
    page.get_by_label("State", exact=True).select_option("STOPPED")
    expect(page.get_by_role("main")).to_contain_text("There are none")
    page.get_by_label("State", exact=True).select_option("RUNNING")
    expect(page.locator("tbody tr")).to_have_count(SHOWN)


def test_several_are_stopped_at_once_and_then_destroyed_after_a_question(surfer: Surfer) -> None:
    page = surfer.go("/api/instances?find=inst70")
    bar = page.locator("[data-bulk]")
    expect(page.locator("tbody tr")).to_have_count(11)
    box(page, "inst700").check()
    box(page, "inst701").check()
    expect(bar).to_contain_text("2 selected")
    expect(bar.get_by_role("button", name="Destroy…")).to_be_disabled()
    bar.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("Stop: 2 done.")).to_be_visible()
    for name in ("inst700", "inst701"):
        expect(row(page, name)).to_contain_text("STOPPED")

    box(page, "inst700").check()
    box(page, "inst701").check()
    bar.get_by_role("button", name="Destroy…").click()
    asked = page.get_by_role("dialog")
    expect(asked.get_by_role("listitem")).to_have_text(["one of many"] * 2)
    asked.get_by_role("button", name="Keep").click()
    bar.get_by_role("button", name="Destroy…").click()
    asked.get_by_role("button", name="Destroy").click()
    expect(page.get_by_text("Destroy: 2 done.")).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(9)


def test_what_fails_for_one_of_several_is_told_by_its_name(surfer: Surfer, api: Api) -> None:
    page = surfer.go("/api/keys")
    api("POST", "/api/keys", {"name": "brief"})
    page.reload()
    page.get_by_label("Select all on this page").check()
    api("DELETE", "/api/keys/brief")
    page.get_by_role("button", name="Destroy…").click()
    page.get_by_role("dialog").get_by_role("button", name="Destroy").click()
    report = page.get_by_role("alert")
    expect(report).to_contain_text("1 done, 1 failed")
    expect(report).to_contain_text("brief:")
    surfer.complaints.clear()  # the console names the request that failed


def test_states_refresh_by_themselves_and_what_is_selected_stays_so(surfer: Surfer, api: Api) -> None:
    page = surfer.go("/api/instances?find=inst80")
    box(page, "inst801").check()
    api("POST", "/api/instances/inst804/stop", {})  # the list does not know, and will ask
    page.evaluate("document.getElementById('content').dataset.pace = 1")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(row(page, "inst804")).to_contain_text("STOPPED")
    expect(box(page, "inst801")).to_be_checked()
