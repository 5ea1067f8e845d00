"""Forms offer what the cloud has."""

from __future__ import annotations

from pathlib import Path

import pytest

from apiclient import Client
from deltacloud.api.pages.choices import MOST
from deltacloud.kernel import GatewaySettings
from htmlclient import Browser


def options(browser: Browser, url: str, name: str) -> list[str]:
    """The values of a choice."""
    found: list[str] = browser.get(url).document.xpath(f"//main//select[@name='{name}']/option/@value")
    return found


@pytest.mark.parametrize(
    ("url", "name", "values"),
    [
        ("/api/instances/new", "image_id", ["img1", "img2", "img3"]),
        ("/api/instances/new?image_id=img2", "image_id", ["img1", "img2", "img3"]),
        ("/api/instances/new?image_id=none", "image_id", ["none", "img1", "img2", "img3"]),
        ("/api/instances/new", "realm_id", ["", "us", "eu"]),
        ("/api/instances/new", "keyname", ["", "test-key"]),
        ("/api/images/new", "instance_id", ["inst0", "inst1", "inst2", "inst3"]),
        ("/api/storage_snapshots/new", "volume_id", ["vol1", "vol2", "vol3"]),
        ("/api/subnets/new", "network_id", ["net1", "net2"]),
        ("/api/storage_volumes/vol1/attach_instance", "instance_id", ["inst0", "inst1", "inst2", "inst3"]),
    ],
)
def test_a_field_that_names_a_resource_is_a_choice(browser: Browser, url: str, name: str, values: list[str]) -> None:
    assert options(browser, url, name) == values


def test_profiles_say_what_they_have_and_what_can_be_varied(browser: Browser) -> None:
    page = browser.get("/api/instances/new?hwp_id=m1-large")
    assert page.document.xpath("//input[@name='hwp_id'][@checked]/@value") == ["m1-large"]
    assert "m1-large: 1 to 6 CPU, 7.5 GB to 15 GB memory, 850 GB or 1,024 GB storage, x86_64" in page.document.xpath(
        "//label/text()"
    )


def test_firewalls_are_boxes_to_tick(browser: Browser) -> None:
    page = browser.get("/api/instances/new")
    box = page.document.xpath("//input[@type='checkbox'][starts-with(@name, 'firewalls')]")
    assert [(one.get("name"), one.get("value")) for one in box] == [("firewalls1", "default")]


def test_a_form_that_reads_something_asks_for_credentials_and_one_that_does_not_asks_for_none(browser: Browser) -> None:
    assert browser.get("/api/instances/new", user=None).status == 401
    assert browser.get("/api/keys/new", user=None).status == 200
    assert browser.get("/api/instances/new", user=("mockuser", "wrong")).status == 401


def test_what_cannot_be_listed_or_is_too_much_to_choose_from_is_typed(tmp_path: Path) -> None:
    table = {"storage": str(tmp_path), "fail": {"list_images": "provider_error"}}
    client = Client(GatewaySettings(driver="mock", drivers={"mock": table}))
    for _ in range(MOST // 100 + 1):
        client("POST", "/api/instances", "image_id=img1&instance_count=100")
    browser = Browser(client)
    page = browser.get("/api/instances/new")
    assert page.document.xpath("//input[@type='text'][@name='image_id']")
    page = browser.get("/api/images/new")
    assert page.document.xpath("//input[@type='text'][@name='instance_id']")
    assert page.link("Look it up in the list") == "/api/instances"


def test_tags_are_sent_a_line_each(browser: Browser) -> None:
    page = browser.get("/api/instances/new")
    page = browser.submit(page, page.form("Create"), {"tags": "team = red\r\n\r\nstage=a=b\r\nalone"})
    made = browser.client("GET", page.document.get_element_by_id("content").get("data-url"))
    assert made.json["instance"]["tags"] == {"team": "red", "stage": "a=b", "alone": ""}
