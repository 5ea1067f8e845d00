"""A person's first minute: from the front page to an instance that runs, and to its end, without reading anything."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from surfing import NARROW

PHONE = {"viewport": {"width": NARROW, "height": 640}, "has_touch": True}


def test_an_instance_is_made_watched_stopped_and_destroyed(surf: Any) -> None:
    surfer = surf()
    page = surfer.go("/")
    page.get_by_role("link", name="Open Mock", exact=True).click()
    assert surfer.path == "/api;driver=mock"
    page.get_by_role("link", name="Sign in").first.click()
    expect(page.get_by_role("banner")).to_contain_text("mockuser")

    tile = page.get_by_role("listitem").filter(has=page.get_by_role("link", name="Instances", exact=True))
    expect(tile.last).to_contain_text("4 RUNNING")

    page.get_by_role("link", name="Create an instance").click()
    page.get_by_label("Name", exact=True).fill("web-1")
    page.get_by_role("button", name="Create ").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Instance web-1")
    address = surfer.path
    badge = page.locator(".head .badge")
    expect(badge).to_have_text("PENDING")
    expect(badge).to_have_text("RUNNING")
    assert surfer.path == address
    expect(page.locator(".diagram .current + text")).to_have_text("running")

    page.get_by_role("button", name="Stop").click()
    expect(badge).to_have_text("STOPPING")
    expect(badge).to_have_text("STOPPED")

    page.get_by_role("button", name="Destroy…").click()
    asked = page.get_by_role("dialog")
    expect(asked).to_contain_text("Destroy instance web-1?")
    asked.get_by_role("button", name="Keep it").click()
    expect(asked).to_be_hidden()
    page.get_by_role("button", name="Destroy…").click()
    asked.get_by_role("button", name="Destroy").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Instances")
    assert surfer.path == "/api;driver=mock/instances"
    expect(page.get_by_role("main")).not_to_contain_text("web-1")


def test_the_same_on_a_phone_whose_menu_opens(surf: Any) -> None:
    surfer = surf(**PHONE)
    page = surfer.sign_in("/api;driver=mock")
    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Instances", exact=True).click()
    page.get_by_role("link", name="Create an instance").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Create an instance")
    surfer.ready()
    page.get_by_role("button", name="Create ").click()
    expect(page.locator(".head .badge")).to_have_text("RUNNING")
    assert surfer.path.startswith("/api;driver=mock/instances/inst")


def test_driver_and_provider_stay_chosen_as_links_are_followed(surf: Any) -> None:
    surfer = surf()
    page = surfer.sign_in("/api;driver=mock;provider=far%2Faway")
    for name in ("Storage volumes", "Instances", "API documentation"):
        page.get_by_role("navigation", name="Main").get_by_role("link", name=name, exact=True).click()
        assert surfer.path.startswith("/api;driver=mock;provider=far%2Faway/"), surfer.path
        expect(page.get_by_role("banner")).to_contain_text("mock@far/away")
    assert surfer.context.cookies() == []


def test_the_cloud_is_changed_from_any_page(surf: Any) -> None:
    surfer = surf()
    page = surfer.sign_in("/api;driver=mock")
    page.get_by_role("link", name="Images", exact=True).first.click()
    page.get_by_title("Change cloud or provider").click()
    page.get_by_label("Cloud", exact=True).select_option("lean")
    page.get_by_role("button", name="Change driver").click()
    assert surfer.path == "/api;driver=lean"
    expect(page.get_by_role("heading", level=1)).to_have_text("Lean")
