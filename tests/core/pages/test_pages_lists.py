"""Lists as people look through them: found, sorted, counted, a page at a time."""

from __future__ import annotations

from pathlib import Path

import pytest

from apiclient import Client
from deltacloud.kernel import GatewaySettings
from htmlclient import Browser, Page

MANY = 120


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Browser:
    """A browser on a cloud with many instances."""
    client = Client(
        GatewaySettings(driver="mock", drivers={"mock": {"storage": str(tmp_path_factory.mktemp("crowd"))}})
    )
    for count in (100, MANY - 104):
        client("POST", "/api/instances", f"image_id=img1&name=b%26b&instance_count={count}")
    return Browser(client)


def ids(page: Page) -> list[str]:
    """The ids of what is shown."""
    return [one.text_content() for one in page.document.xpath("//tbody//td[@data-name='Id']")]


def said(page: Page) -> str:
    """What the foot of the list says."""
    return " ".join(page.document.xpath("//nav[@aria-label='Pages']/p")[0].text_content().split())


def test_a_list_is_shown_a_page_at_a_time_and_says_of_how_many(crowd: Browser) -> None:
    page = crowd.get("/api/instances")
    assert (len(ids(page)), said(page)) == (50, f"1 to 50 of {MANY} in all")
    page = crowd.get(page.link("Next page"))
    assert (len(ids(page)), said(page)) == (50, f"51 to 100 of {MANY} in all")
    page = crowd.get(page.link("Last page"))
    assert (len(ids(page)), said(page)) == (20, f"101 to {MANY} of {MANY} in all")
    assert said(crowd.get(page.link("Previous page"))).startswith("51")
    assert said(crowd.get(page.link("First page"))).startswith("1 to")


@pytest.mark.parametrize(("number", "first"), [("0", "1"), ("-1", "1"), ("99999", "101"), ("x", "1"), ("9" * 40, "1")])
def test_a_page_that_is_not_there_is_the_nearest_one(crowd: Browser, number: str, first: str) -> None:
    assert said(crowd.get(f"/api/instances?page={number}")).startswith(f"{first} to")


def test_every_word_that_is_looked_for_must_be_somewhere(crowd: Browser) -> None:
    assert ids(crowd.get("/api/instances?find=INST11")) == ["inst11", *(f"inst11{digit}" for digit in range(10))]
    assert ids(crowd.get("/api/instances?find=mockuser+another")) == ["inst2"]
    page = crowd.get("/api/instances?find=mockuser+nobody")
    assert "There are none" in page.document.find(".//main").text_content()
    assert page.link("Show all") == "/api/instances"


def test_links_keep_what_was_looked_for_and_how_it_was_sorted(crowd: Browser) -> None:
    page = crowd.get("/api/instances?find=b%26b&sort=-id&state=RUNNING")
    assert said(page) == "1 to 50 of 116 found among 120"
    page = crowd.get(page.link("Next page"))
    assert ids(page)[0] == "inst69"
    assert "find=b%26b" in page.url
    assert "sort=-id" in page.url
    assert "state=RUNNING" in page.url
    assert "page=" not in page.link("Id")


def test_numbers_are_sorted_as_numbers_and_what_is_empty_comes_last(crowd: Browser) -> None:
    assert ids(crowd.get("/api/instances?sort=id"))[:12] == [f"inst{number}" for number in range(12)]
    assert ids(crowd.get("/api/instances?sort=-id"))[:2] == ["inst119", "inst118"]
    volumes = crowd.get("/api/storage_volumes?sort=instance")
    assert volumes.document.xpath("//tbody/tr/th/a//text()") == ["vol3", "vol1", "vol2"]
    assert ids(crowd.get("/api/instances?sort=password"))[0] == "inst0"


def test_who_asks_for_a_limit_gets_the_pages_of_the_api(crowd: Browser) -> None:
    page = crowd.get("/api/instances?limit=100&find=b%26b&sort=-id")
    assert page.document.xpath("//input[@name='find']") == []
    following = crowd.get(page.link("Next page"))
    assert (len(ids(page)), len(ids(following))) == (100, MANY - 100)
    assert len({*ids(page), *ids(following)}) == MANY


def test_a_list_is_counted_by_states(crowd: Browser) -> None:
    page = crowd.get("/api/instances?view=count")
    assert page.document.xpath("//p[@class='count']/text()") == [str(MANY)]
    assert page.link(f"{MANY} RUNNING") == "/api/instances?state=RUNNING"
    page = crowd.get("/api/storage_volumes?view=count")
    assert page.link("1 IN-USE") == "/api/storage_volumes?find=IN-USE"


def test_the_overview_counts_when_it_is_asked(crowd: Browser) -> None:
    assert crowd.get("/api").document.xpath("//p[@class='count']") == []
    counted = crowd.get("/api?count=all").document.xpath("//p[@class='count']/text()")
    assert str(MANY) in counted
    assert crowd.get("/api?count=all", user=None).document.xpath("//p[@class='count']") == []


def test_what_cannot_be_counted_says_why(tmp_path: Path) -> None:
    table = {"storage": str(tmp_path), "fail": {"list_images": "provider_error"}}
    browser = Browser(Client(GatewaySettings(driver="mock", drivers={"mock": table})))
    assert "Not counted:" in browser.get("/api?count=all").document.find(".//main").text_content()


def test_pages_with_states_are_read_again_more_often_while_something_is_on_its_way(tmp_path: Path) -> None:
    table = {"storage": str(tmp_path), "transition-seconds": 60}
    browser = Browser(Client(GatewaySettings(driver="mock", drivers={"mock": table})))

    def pace(url: str) -> str | None:
        found: str | None = browser.get(url).document.get_element_by_id("content").get("data-pace")
        return found

    assert (pace("/api/instances"), pace("/api/instances/inst0"), pace("/api/keys")) == ("30", "30", None)
    browser.client("POST", "/api/instances/inst0/stop")
    assert (pace("/api/instances"), pace("/api/instances/inst0"), pace("/api/instances/inst1")) == ("2", "2", "30")
