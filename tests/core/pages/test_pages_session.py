"""The front page, signing in, and signing out."""

from __future__ import annotations

from pathlib import Path

import pytest

from apiclient import GOOD, Client
from deltacloud.context import Credentials
from deltacloud.kernel import GatewaySettings
from deltacloud.secret import Secret
from deltacloud.testing.wsgi import Answer
from htmlclient import Browser

OTHER = ("other", "secret")


def asked(browser: Browser, url: str, user: tuple[str, str] | None = GOOD, **headers: str) -> Answer:
    """An answer as it came, redirects too."""
    return browser.client("GET", url, accept="text/html", user=user, **headers)


def test_the_front_page_leads_to_every_installed_cloud(browser: Browser) -> None:
    page = browser.get("/", user=None)
    assert page.heading == "Choose a cloud"
    assert page.link("Open Mock") == "/api;driver=mock"
    assert page.link("deltacloud") == "/api"
    assert "http" not in "".join(page.document.xpath("//@href"))


def test_the_front_page_works_behind_a_path(tmp_path: Path) -> None:
    settings = GatewaySettings(
        driver="mock", public_url="https://example.com/gate", drivers={"mock": {"storage": str(tmp_path)}}
    )
    page = Browser(Client(settings)).get("/", user=None)
    assert page.link("Open Mock") == "/gate/api;driver=mock"
    assert page.document.xpath("//link[@rel='stylesheet']/@href")[0].startswith("/gate/api/assets/")


def test_a_page_offers_to_sign_in_or_out(browser: Browser) -> None:
    page = browser.get("/api;driver=mock", user=None)
    assert page.link("Sign in") == "/api;driver=mock?force_auth=yes"
    assert browser.get("/api;driver=mock").link("Sign out").startswith("/api;driver=mock/sign-out?user=")


def test_who_signs_out_is_refused_in_a_way_that_no_browser_answers(browser: Browser) -> None:
    url = browser.get("/api").link("Sign out")
    answer = asked(browser, url)
    assert (answer.status, answer.headers["www-authenticate"]) == (401, "SignOut")
    assert answer.headers["cache-control"] == "no-store"
    assert asked(browser, url, user=None).status == 200


def test_who_asks_for_another_user_is_challenged_until_one_comes(browser: Browser) -> None:
    page = browser.get(browser.get("/api;driver=mock").link("Sign out"))
    again = page.link("Sign in as another user")
    for user in (GOOD, None):
        answer = asked(browser, again, user=user)
        assert (answer.status, answer.headers["www-authenticate"][:6]) == (401, "Basic ")
    answer = asked(browser, again, user=OTHER)
    assert (answer.status, answer.headers["location"]) == (303, "http://localhost:3001/api;driver=mock")


def test_a_foreign_page_signs_nobody_out_of_a_cloud_that_it_names(browser: Browser) -> None:
    assert asked(browser, "/api;driver=mock/sign-out?user=0f6e", sec_fetch_site="cross-site").status == 403


@pytest.mark.parametrize("method", ["POST", "DELETE", "OPTIONS"])
def test_signing_out_is_a_page_and_nothing_else(browser: Browser, method: str) -> None:
    assert browser.client(method, "/api/sign-out").status == 405


def test_an_error_says_what_to_do_and_leads_back(browser: Browser) -> None:
    old = browser.get("/api/instances/inst0")
    browser.submit(old, old.form("Stop"))
    page = browser.submit(old, old.form("Stop"))
    assert page.status == 405
    assert "state" in page.document.find(".//main").text_content()
    assert page.link("Back") == "/api/instances/inst0"


def test_a_form_that_is_refused_keeps_what_was_typed_and_no_secret(browser: Browser) -> None:
    page = browser.get("/api/instances/new")
    sent = {"image_id": "img1", "name": "kept", "hwp_id": "m1-large", "hwp_memory": "1", "tags": "a=b\nc=d"}
    page = browser.submit(page, page.form("Create"), sent)
    assert page.status == 400
    assert page.heading == "Create an instance"
    assert "hwp_memory" in page.document.xpath("//*[@role='alert']")[0].text_content()
    again = dict(page.form("Create").form_values())
    assert {name: str(again[name]).strip() for name in sent} == sent
    page = browser.get("/api/instances/inst3/run")
    page = browser.submit(page, page.form("Run"), {"cmd": "uptime", "password": "sesame", "port": "0"})
    assert (page.status, page.heading) == (400, "Run a command on the instance")
    assert b"uptime" in page.body
    assert b"sesame" not in page.body


def test_what_reads_in_the_background_has_no_browser_ask_for_a_password(browser: Browser) -> None:
    told = {"accept": "text/html", "x_requested_with": "deltacloud-background"}
    answer = browser.client("GET", "/api/instances", user=None, **told)
    assert (answer.status, answer.headers["www-authenticate"]) == (401, "SignOut")
    del told["x_requested_with"]
    assert browser.client("GET", "/api/instances", user=None, **told).headers["www-authenticate"].startswith("Basic ")


def test_a_way_back_leads_nowhere_else(browser: Browser) -> None:
    for source in ("http://localhost:3001/apis", "http://evil.example/api", "javascript:alert(1)"):
        answer = browser.client("POST", "/api/keys", "name=test-key", accept="text/html", referer=source)
        assert b">Back<" not in answer.body


def test_wrong_credentials_are_told_with_the_clouds_words(browser: Browser) -> None:
    page = browser.get("/api/instances", user=("mockuser", "wrong"))
    assert page.status == 401
    assert "User name, Password" in page.document.find(".//main").text_content()


def test_a_place_beside_the_api_looks_the_same_and_leads_to_the_front_page(browser: Browser) -> None:
    page = browser.get("/elsewhere", user=None)
    assert page.status == 404
    assert page.link("All clouds") == "/"
    style = page.document.xpath("//link[@rel='stylesheet']/@href")[0]
    assert browser.get(style).status == 200


def test_who_calls_with_the_servers_own_credentials_is_not_asked_for_others(tmp_path: Path) -> None:
    own = Credentials("mockuser", Secret("mockpassword"))
    tables = {"mock": {"storage": str(tmp_path)}}
    settings = GatewaySettings(driver="mock", credentials=own, credentials_for_all=True, drivers=tables)
    header = Browser(Client(settings)).get("/api", user=None).document.find(".//header").text_content()
    assert "Sign" not in header
    assert "mockuser" not in header
