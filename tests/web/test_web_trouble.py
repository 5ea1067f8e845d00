"""A cloud that fails, refuses and is slow: the pages say what the cloud said, what to do, and show the rest."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from gateway import Deltacloudd, Gateway
from surfing import NARROW, SLOW, Api, Surfer, served

FAILS = """
[drivers.mock.fail]
list_images = "provider_error"
list_keys = "forbidden"
list_buckets = "provider_timeout"
stop_instance = "quota_exceeded"
"""
LONG = "W" * 200


@pytest.fixture(scope="module")
def cloud(deltacloudd: Deltacloudd, tmp_path_factory: pytest.TempPathFactory) -> Gateway:
    """A cloud of which some parts do not work."""
    return served(deltacloudd, tmp_path_factory.mktemp("trouble"), SLOW + FAILS)


def test_an_overview_shows_what_works_and_says_what_does_not(surfer: Surfer) -> None:
    page = surfer.sign_in()
    tiles = page.get_by_role("main").get_by_role("listitem")
    for name in ("Images", "Keys", "Buckets"):
        tile = tiles.filter(has=page.get_by_role("link", name=name, exact=True))
        expect(tile).to_contain_text("Not counted")
    expect(tiles.filter(has=page.get_by_role("link", name="Realms", exact=True))).to_contain_text("2 AVAILABLE")
    surfer.complaints.clear()  # the console names the requests that failed


@pytest.mark.parametrize(
    ("path", "status", "told"),
    [
        ("images", 502, "Try again in a moment"),
        ("keys", 403, "Ask the cloud's administrator"),
        ("buckets", 504, "look before you repeat"),
    ],
)
def test_a_list_that_fails_says_what_to_do(surfer: Surfer, path: str, status: int, told: str) -> None:
    page = surfer.go(f"/api/{path}")
    expect(page.get_by_role("heading", level=1)).to_contain_text(str(status))
    expect(page.get_by_role("alert")).to_contain_text(told)
    assert page.get_by_role("link", name="Retry").get_attribute("href") == f"/api/{path}"
    surfer.complaints.clear()  # the console names the request that failed


def test_a_form_whose_choices_cannot_be_read_lets_them_be_typed(surfer: Surfer) -> None:
    page = surfer.go("/api/instances/new")
    page.get_by_label("Image").fill("img1")
    page.get_by_label("Name", exact=True).fill("typed")
    page.get_by_role("button", name="Create ").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Instance typed")
    expect(page.locator(".head .badge")).to_have_text("RUNNING")
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("alert")).to_contain_text("have the limit raised")
    expect(page.get_by_role("button", name="Stop")).not_to_have_attribute("aria-busy", "true")
    surfer.complaints.clear()  # the console names the request that failed


def test_a_name_without_end_breaks_no_page_on_a_phone(surfer: Surfer, api: Api) -> None:
    made = api("POST", "/api/instances", {"image_id": "img1", "name": LONG})["instance"]["id"]
    surfer.page.set_viewport_size({"width": NARROW, "height": 640})
    for path in ("/api/instances", f"/api/instances/{made}"):
        page = surfer.go(path)
        expect(page.get_by_text(LONG).first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") == NARROW
