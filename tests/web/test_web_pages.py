"""Every page, as axe-core, a phone, a wide screen and the dark see it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from gateway import Gateway
from surfing import NARROW, PAGES, WIDE, Surfer, surfing

LOOKS = {
    "wide and light": (WIDE, "light"),
    "narrow and dark": (NARROW, "dark"),
}
HEAVIEST = 60 * 1024


@pytest.fixture(scope="module", params=LOOKS, ids=lambda name: name.replace(" ", "-"))
def looker(request: pytest.FixtureRequest, chromium: Browser, furnished: Gateway) -> Iterator[Surfer]:
    """A person with a screen of their own, who has signed in."""
    width, scheme = LOOKS[request.param]
    look: dict[str, Any] = {"viewport": {"width": width, "height": 800}, "color_scheme": scheme}
    with surfing(chromium, furnished.url, bypass_csp=True, **look) as surfer:  # for axe, which no page would let in
        surfer.known()
        yield surfer


def violations(page: Page) -> list[str]:
    """What axe-core finds on a page: the rule, and the elements that break it."""
    found: list[dict[str, Any]] = page.evaluate("async () => (await axe.run()).violations")
    return [f"{one['id']}: {[node['html'] for node in one['nodes']][:3]}" for one in found]


@pytest.mark.parametrize("name", PAGES)
def test_everyone_can_use_a_page_and_nothing_hangs_over_its_edge(looker: Surfer, axe: str, name: str) -> None:
    page = looker.go(PAGES[name])
    assert page.evaluate("document.documentElement.scrollWidth") <= page.evaluate("innerWidth")
    page.evaluate(axe)
    assert violations(page) == []
    expected = ["Failed to load resource: the server responded with a status of 404 (Not Found)"] * (name == "error")
    assert looker.complaints == expected
    looker.complaints.clear()
    assert looker.foreign == []


@pytest.mark.parametrize("opened", ["menu", "switcher", "question", "more options"])
def test_everyone_can_use_what_opens(looker: Surfer, axe: str, opened: str) -> None:
    page = looker.go(
        {"question": "/api/keys/test-key", "more options": "/api/instances/new"}.get(opened, "/api/instances")
    )
    if opened == "menu" and page.evaluate("innerWidth") == NARROW:
        page.get_by_role("button", name="Menu").click()
    elif opened == "switcher":
        page.get_by_title("Change cloud or provider").click()
    elif opened == "question":
        page.get_by_role("button", name="Destroy…").click()
    elif opened == "more options":
        page.get_by_text("More options").click()
    page.evaluate(axe)
    assert violations(page) == []


@pytest.mark.parametrize("name", ["home", "overview", "instances", "instance", "bucket", "images"])
def test_a_page_weighs_less_than_60_kib_in_all(chromium: Browser, furnished: Gateway, name: str) -> None:
    with surfing(chromium, furnished.url) as surfer:
        surfer.known()
        assert surfer.weight(PAGES[name]) < HEAVIEST
