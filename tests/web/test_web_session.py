"""Signing in, out, and in as someone else, with what browsers have for it: Basic, and nothing that is kept."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Error as BrowserError
from playwright.sync_api import Page, expect


def with_credentials(url: str, user: str, password: str) -> str:
    """An address that signs a browser in, as if its question had been answered."""
    return url.replace("://", f"://{user}:{password}@")


def is_asked(page: Page, url: str) -> bool:
    """Whether the browser has no credentials for an address any more: it would ask for some."""
    try:
        answer = page.goto(url)
    except BrowserError as error:
        return "ERR_INVALID_AUTH_CREDENTIALS" in str(error)
    return answer is not None and answer.status == 401


def test_who_signs_out_is_asked_again_before_anything_is_shown(surf: Any) -> None:
    surfer = surf(user=None)
    page = surfer.page
    page.goto(with_credentials(surfer.url, "mockuser", "mockpassword") + "/api?force_auth=yes")
    expect(page.get_by_role("banner")).to_contain_text("mockuser")
    surfer.go("/api/instances")
    expect(page.get_by_role("banner")).to_contain_text("mockuser")
    page.get_by_role("link", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are signed out")
    assert is_asked(page, f"{surfer.url}/api/instances")


def test_someone_else_signs_in_and_sees_what_is_theirs(surf: Any) -> None:
    surfer = surf(user=None)
    page = surfer.page
    page.goto(with_credentials(surfer.url, "mockuser", "mockpassword") + "/api?force_auth=yes")
    page.get_by_role("link", name="Sign out").click()
    again = page.get_by_role("link", name="Sign in as another user").get_attribute("href")
    page.goto(with_credentials(surfer.url, "other", "secret") + str(again))
    assert surfer.path == "/api"
    expect(page.get_by_role("banner")).to_contain_text("other")


def test_the_same_user_is_refused_until_another_one_comes(surf: Any) -> None:
    surfer = surf(user=None)
    page = surfer.page
    page.goto(with_credentials(surfer.url, "mockuser", "mockpassword") + "/api?force_auth=yes")
    page.get_by_role("link", name="Sign out").click()
    again = page.get_by_role("link", name="Sign in as another user").get_attribute("href")
    assert is_asked(page, with_credentials(surfer.url, "mockuser", "mockpassword") + str(again))


def test_wrong_credentials_are_told_with_what_to_sign_in_with(surf: Any) -> None:
    surfer = surf(user=("mockuser", "wrong"))
    page = surfer.page
    surfer.go("/api")
    page.goto(f"{surfer.url}/api/instances")
    expect(page.get_by_role("heading", level=1)).to_have_text("401 - Unauthorized")
    expect(page.get_by_role("main")).to_contain_text("User name, Password")
    expect(page.get_by_role("main")).to_contain_text("mockpassword")


def test_a_page_that_is_no_longer_signed_in_says_so_once_and_asks_for_no_password(surf: Any) -> None:
    surfer = surf(user=None)
    page = surfer.page
    page.goto(with_credentials(surfer.url, "mockuser", "mockpassword") + "/api?force_auth=yes")
    surfer.go("/api/instances")
    page.evaluate("document.getElementById('content').dataset.pace = 1")
    other = surfer.context.new_page()
    other.goto(surfer.url + "/api")
    other.get_by_role("link", name="Sign out").click()
    asked: list[str] = []
    page.on("response", lambda one: asked.append(one.headers.get("www-authenticate", "")))
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    told = page.locator("[data-stale]")
    expect(told.get_by_role("link", name="Sign in")).to_be_visible()
    page.wait_for_timeout(1500)
    assert asked == ["SignOut"]
    expect(page.get_by_role("table")).to_contain_text("inst0")
    assert is_asked(page, surfer.url + str(told.get_by_role("link").get_attribute("href")))
