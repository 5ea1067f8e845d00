"""The same without scripts, and with nothing but a keyboard."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from surfing import Surfer


def test_without_scripts_an_instance_is_made_stopped_and_destroyed(surf: Any) -> None:
    surfer = surf(java_script_enabled=False)
    page = surfer.go("/")
    page.get_by_role("link", name="Open Mock", exact=True).click()
    page.get_by_role("link", name="Sign in").first.click()
    page.get_by_role("link", name="Count everything").click()
    expect(page.get_by_role("main")).to_contain_text("RUNNING")
    page.get_by_role("link", name="Create an instance").click()
    page.get_by_label("Name", exact=True).fill("plain-1")
    page.get_by_role("button", name="Create ").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Instance plain-1")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Instances", exact=True).click()
    page.get_by_label("Find").fill("plain-1")
    page.get_by_role("button", name="Show", exact=True).click()
    link = page.get_by_role("link", name="plain-1")
    until(page, "RUNNING")
    link.click()
    page.get_by_role("button", name="Stop").click()
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Instances", exact=True).click()
    link.click()
    until(page, "STOPPED")
    page.get_by_role("button", name="Destroy…").click()
    page.get_by_role("dialog").get_by_role("button", name="Destroy").click()
    expect(page.get_by_role("main")).not_to_contain_text("plain-1")


def until(page: Page, state: str) -> None:
    """Load a page again until it shows a state."""
    for _ in range(50):
        if page.locator(".badge").get_by_text(state, exact=True).count():
            return
        page.wait_for_timeout(100)
        page.reload()
    raise AssertionError(state)


def test_without_scripts_lists_are_sorted_and_nothing_is_offered_that_needs_them(surf: Any) -> None:
    surfer = surf(java_script_enabled=False)
    page = surfer.go("/api/images")
    page.get_by_role("columnheader", name="Description").get_by_role("link").click()
    expect(page.locator("tbody th")).to_have_text(["img1", "img2", "img3"])
    expect(page.get_by_label("Select all on this page")).to_be_hidden()
    surfer.go("/api/docs/blobs/put?id=bucket1&blob_id=x")
    expect(page.get_by_role("button", name="Send")).to_be_hidden()
    expect(page.locator("noscript .notice")).to_be_visible()


def test_without_scripts_a_file_goes_up_and_comes_down(surf: Any, tmp_path: Path) -> None:
    file = tmp_path / "plain.txt"
    file.write_text("plain")
    surfer = surf(java_script_enabled=False)
    page = surfer.go("/api/buckets/bucket1")
    page.get_by_label("Name").fill("plain.txt")
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Blob plain.txt")
    with page.expect_download() as downloaded:
        page.get_by_role("link", name="Download").click()
    assert Path(downloaded.value.path()).read_text() == "plain"


def test_without_scripts_what_is_wrong_is_told_at_the_form_and_nothing_typed_is_lost(surf: Any) -> None:
    surfer = surf(java_script_enabled=False)
    page = surfer.go("/api/keys/new")
    page.get_by_label("Name").fill("test-key")
    page.get_by_role("button", name="Create ").click()
    expect(page.get_by_role("alert")).to_contain_text("already")
    expect(page.get_by_label("Name")).to_have_value("test-key")
    page.get_by_label("Name").fill("plain-key")
    page.get_by_role("button", name="Create ").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Key plain-key")
    surfer.complaints.clear()  # the console names the request that failed


def test_without_scripts_an_operation_is_tried_out(surf: Any) -> None:
    surfer = surf(java_script_enabled=False)
    page = surfer.go("/api/docs/instances/stop")
    page.get_by_label("id (required)").fill("inst1")
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Instance MockUserInstance")


def press(page: Page, *keys: str) -> None:
    """Press one key after the other."""
    for key in keys:
        page.keyboard.press(key)


def focus(page: Page, name: str) -> None:
    """Press Tab until something of that name has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        said = page.evaluate(
            "() => { const one = document.activeElement;"
            " return (one.labels?.[0]?.textContent ?? one.getAttribute('aria-label') ?? one.textContent).trim() }"
        )
        if said.startswith(name):
            return
    raise AssertionError(name)


def test_with_a_keyboard_alone_an_instance_is_made_and_destroyed(surfer: Surfer) -> None:
    page = surfer.go("/api/instances")
    press(page, "Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    press(page, "Enter", "Tab")
    expect(page.get_by_role("link", name="Create an instance")).to_be_focused()
    press(page, "Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Create an instance")
    focus(page, "Name")
    page.keyboard.type("typed-1")
    press(page, "Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Instance typed-1")
    expect(page.get_by_role("main")).to_be_focused()
    expect(page.locator(".head .badge")).to_have_text("RUNNING")
    focus(page, "Stop")
    press(page, "Space")
    expect(page.locator(".head .badge")).to_have_text("STOPPED")
    focus(page, "Destroy…")
    press(page, "Enter")
    asked = page.get_by_role("dialog")
    expect(asked.get_by_role("button", name="Keep it")).to_be_focused()
    press(page, "Escape")
    expect(asked).to_be_hidden()
    expect(page.get_by_role("button", name="Destroy…")).to_be_focused()
    press(page, "Enter", "Shift+Tab", "Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Instances")
    expect(page.get_by_role("main")).not_to_contain_text("typed-1")


def test_with_a_keyboard_alone_the_cloud_is_changed_and_several_are_selected(surfer: Surfer) -> None:
    page = surfer.go("/api/instances")
    focus(page, "Mock mock@default")
    press(page, "Enter")
    expect(page.get_by_label("Cloud", exact=True)).to_be_visible()
    press(page, "Escape")
    focus(page, "Select inst3")
    press(page, "Space")
    expect(page.locator("[data-bulk]")).to_contain_text("1 selected")
    focus(page, "Reboot")
    press(page, "Enter")
    expect(page.get_by_text("Reboot: 1 done.")).to_be_visible()
