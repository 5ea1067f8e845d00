"""Every page, as axe-core, a phone, a wide screen and the dark see it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page

from gateway import Gateway
from surfing import NARROW, PAGES, WIDE, Surfer, surfing

LOOKS: tuple[tuple[int, Literal["light", "dark"]], ...] = ((WIDE, "light"), (NARROW, "dark"))
HEAVIEST = 60 * 1024


@pytest.fixture(scope="module")
def looker(chromium: Browser, furnished: Gateway) -> Iterator[Surfer]:
    """A person who has signed in."""
    with surfing(chromium, furnished.url, bypass_csp=True) as surfer:  # for axe, which no page would let in
        surfer.known()
        yield surfer


def looks(page: Page) -> Iterator[int]:
    """Make the screen what it may be, one after the other; says how wide it is."""
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        yield width


def violations(page: Page) -> list[str]:
    """What axe-core finds on a page: the rule, and the elements that break it."""
    found: list[dict[str, Any]] = page.evaluate("async () => (await axe.run()).violations")
    return [f"{one['id']}: {[node['html'] for node in one['nodes']][:3]}" for one in found]


@pytest.mark.parametrize("name", PAGES)
def test_everyone_can_use_a_page_and_nothing_hangs_over_its_edge(looker: Surfer, axe: str, name: str) -> None:
    page = looker.go(PAGES[name])
    page.evaluate(axe)
    for width in looks(page):
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert violations(page) == []
    expected = ["Failed to load resource: the server responded with a status of 404 (Not Found)"] * (name == "error")
    assert looker.complaints == expected
    looker.complaints.clear()
    assert looker.foreign == []


OPENED = {
    "switcher": ("/api/instances", "[popovertarget=switch]"),
    "question": ("/api/keys/test-key", "[popovertarget^=do-]"),
    "options": ("/api/instances/new", "details.more summary"),
    "more": ("/api/instances/inst0", "details.more-actions summary"),
}
"""What opens on which page, and what opens it."""


@pytest.mark.parametrize("name", OPENED)
def test_everyone_can_use_what_opens(looker: Surfer, axe: str, name: str) -> None:
    path, opener = OPENED[name]
    page = looker.go(path)
    page.locator(opener).first.click()
    page.evaluate(axe)
    for width in looks(page):
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert violations(page) == []


def test_everyone_can_use_the_menu_of_a_phone(looker: Surfer, axe: str) -> None:
    page = looker.go("/api/instances")
    page.set_viewport_size({"width": NARROW, "height": 640})
    page.get_by_role("button", name="Menu").click()
    page.evaluate(axe)
    assert violations(page) == []


@pytest.mark.parametrize("name", ["home", "overview", "instances", "instance", "bucket", "images"])
def test_a_page_weighs_less_than_60_kib_in_all(chromium: Browser, furnished: Gateway, name: str) -> None:
    with surfing(chromium, furnished.url) as surfer:
        surfer.known()
        assert surfer.weight(PAGES[name]) < HEAVIEST
