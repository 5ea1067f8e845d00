"""Every form makes what it says, tells what is wrong without losing what was typed, and every action is at hand."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from playwright.sync_api import Page, expect

from surfing import Api, Surfer

CREATED: list[tuple[str, Mapping[str, str], str]] = [
    ("/api/buckets/new", {"name": "b1"}, "Bucket b1"),
    ("/api/firewalls/new", {"name": "f1", "description": "who may come in"}, "Firewall f1"),
    ("/api/images/new?instance_id=inst0", {"name": "i1"}, "Image i1"),
    ("/api/instances/new?image_id=img2", {"name": "n1", "tags": "team=red\nstage=a=b"}, "Instance n1"),
    ("/api/keys/new", {"name": "k1"}, "Key k1"),
    ("/api/networks/new", {"name": "w1", "address_block": "10.9.0.0/16"}, "Network w1"),
    ("/api/storage_snapshots/new?volume_id=vol1", {}, "Storage snapshot "),
    ("/api/storage_volumes/new", {"name": "v1", "capacity": "2"}, "Storage volume v1"),
    ("/api/subnets/new?network_id=net1", {"name": "s1", "address_block": "192.168.9.0/24"}, "Subnet s1"),
    ("/api/network_interfaces/new?instance=inst0", {"name": "c1", "network": "net1"}, "Network interface c1"),
    (
        "/api/load_balancers/new",
        {
            "name": "l1",
            "listener_protocol": "TCP",
            "listener_balancer_port": "80",
            "listener_instance_port": "8080",
        },
        "Load balancer l1",
    ),
]


def fill(page: Page, values: Mapping[str, str]) -> None:
    """Fill a form in, opening what is folded away."""
    for name, value in values.items():
        field = page.locator(f"main [name={name}]")
        if not field.is_visible():
            page.get_by_text("More options").click()
        if field.evaluate("one => one.localName") == "select":
            field.select_option(value)
        else:
            field.fill(value)


@pytest.mark.parametrize(("url", "values", "heading"), CREATED, ids=[one[0].split("/")[2] for one in CREATED])
def test_a_form_makes_a_member_that_can_be_destroyed_again(
    surfer: Surfer, url: str, values: Mapping[str, str], heading: str
) -> None:
    page = surfer.go(url)
    fill(page, values)
    page.get_by_role("main").get_by_role("button", name="Create ").click()
    title = page.get_by_role("heading", level=1)
    expect(title).to_contain_text(heading)
    assert "/new" not in surfer.path
    page.reload()
    expect(title).to_contain_text(heading)
    if "instances" in url:
        expect(page.get_by_role("main")).to_contain_text("a=b")
        page.get_by_role("button", name="Stop").click()
        expect(page.locator(".head .badge")).to_have_text("STOPPED")
    page.get_by_role("button", name="Destroy…").click()
    page.get_by_role("dialog").get_by_role("button", name="Destroy").click()
    page.wait_for_url(f"**/api/{url.split('/')[2]}")


def test_a_profile_decides_what_can_be_varied(surfer: Surfer, api: Api) -> None:
    page = surfer.go("/api/instances/new")
    memory, storage = page.get_by_label("Memory in MB"), page.get_by_label("Storage in GB")
    expect(memory).to_be_hidden()
    page.get_by_label("m1-small").check()
    expect(memory).to_be_hidden()
    page.get_by_label("m1-large").check()
    expect(page.get_by_text("From 7680 to 15360")).to_be_visible()
    storage.select_option("1024")
    memory.fill("99999")
    page.get_by_role("button", name="Create ").click()
    assert memory.evaluate("one => one.validity.rangeOverflow")
    memory.fill("12288")
    page.get_by_label("Name", exact=True).fill("varied")
    page.get_by_role("button", name="Create ").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Instance varied")
    made = next(one for one in api("GET", "/api/instances")["instances"] if one["name"] == "varied")
    assert made["hardware_profile"]["properties"] == {"memory": "12288", "storage": "1024"}


def test_user_data_is_typed_as_it_is(surfer: Surfer) -> None:
    page = surfer.go("/api/instances/new")
    page.get_by_text("More options").click()
    page.get_by_label("User data").fill("#!/bin/sh\necho grüße\n")
    with page.expect_request(lambda one: one.method == "POST") as sent:
        page.get_by_role("button", name="Create ").click()
    assert "user_data=IyEvYmluL3NoCmVjaG8gZ3LDvMOfZQo" in (sent.value.post_data or "")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Instance i")


def test_what_is_wrong_is_told_in_the_form_and_nothing_typed_is_lost(surfer: Surfer) -> None:
    page = surfer.go("/api/keys/new")
    page.get_by_label("Name").fill("test-key")
    page.get_by_role("button", name="Create ").click()
    told = page.get_by_role("alert")
    expect(told).to_contain_text("already")
    expect(told).to_be_focused()
    expect(page.get_by_label("Name")).to_have_value("test-key")
    page.get_by_label("Name").fill("another-key")
    page.get_by_role("button", name="Create ").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Key another-key")
    expect(page.get_by_role("main")).to_contain_text("PRIVATE KEY")
    surfer.complaints.clear()  # the console names the request that failed


def test_a_command_runs_and_its_output_is_shown(surfer: Surfer) -> None:
    page = surfer.go("/api/instances/inst0")
    page.get_by_text("More", exact=True).click()
    page.get_by_role("link", name="Run a command on the instance").click()
    page.get_by_label("Command").fill("uptime")
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Output of a command")
    expect(page.locator("pre")).not_to_be_empty()


def test_a_volume_is_attached_to_an_instance_out_of_a_list_and_detached(surfer: Surfer) -> None:
    page = surfer.go("/api/storage_volumes/vol1")
    page.get_by_role("link", name="Attach the volume to an instance").click()
    page.get_by_label("Instance").select_option("inst1")
    page.get_by_label("Device").fill("/dev/sdc")
    page.get_by_role("button", name="Attach").click()
    expect(page.get_by_role("main").get_by_role("link", name="inst1")).to_be_visible()
    page.get_by_role("button", name="Detach").click()
    expect(page.get_by_role("main").get_by_role("link", name="inst1")).to_have_count(0)


def test_an_address_is_made_given_to_an_instance_and_taken_from_it(surfer: Surfer) -> None:
    page = surfer.go("/api/addresses")
    page.get_by_role("button", name="Create an address").click()
    page.get_by_role("link", name="Let an instance have the address").click()
    page.get_by_label("Instance").select_option("inst0")
    page.get_by_role("button", name="Associate").click()
    expect(page.get_by_role("main").get_by_role("link", name="inst0")).to_be_visible()
    page.get_by_role("button", name="Disassociate").click()
    expect(page.get_by_role("link", name="Let an instance have the address")).to_be_visible()


def test_a_rule_is_added_to_a_firewall_and_deleted_after_a_question(surfer: Surfer) -> None:
    page = surfer.go("/api/firewalls/default")
    page.get_by_role("link", name="Add a rule to a firewall").click()
    for label, value in {"Protocol": "tcp", "Port from": "22", "Port to": "22", "IP address 1": "10.1.2.0/24"}.items():
        page.get_by_label(label).fill(value)
    page.get_by_role("button", name="Create ").click()
    rule = page.get_by_role("article")
    expect(rule).to_contain_text("10.1.2.0")
    rule.get_by_role("button", name="Destroy…").click()
    page.get_by_role("dialog").get_by_role("button", name="Destroy").click()
    expect(page.get_by_role("article")).to_have_count(0)


def test_instances_are_put_behind_a_load_balancer_out_of_a_list(surfer: Surfer, api: Api) -> None:
    api("POST", "/api/load_balancers", {
        "name": "front", "realm_id": "us", "listener_protocol": "TCP", "listener_balancer_port": 80,
        "listener_instance_port": 80,
    })  # fmt: skip
    page = surfer.go("/api/load_balancers/front")
    page.get_by_label("Instance").first.select_option("inst0")
    page.get_by_role("button", name="Register", exact=True).click()
    expect(page.get_by_role("main").get_by_role("link", name="Mock Instance")).to_be_visible()
    page.get_by_label("Instance").last.select_option("inst0")
    page.get_by_role("button", name="Unregister").click()
    expect(page.get_by_role("main").get_by_role("link", name="Mock Instance")).to_have_count(0)


def test_pressing_twice_makes_one(surfer: Surfer, api: Api) -> None:
    page = surfer.go("/api/instances/new")
    page.get_by_label("Name", exact=True).fill("only-one")
    page.get_by_role("button", name="Create ").dblclick()
    expect(page.get_by_role("heading", level=1)).to_have_text("Instance only-one")
    assert [one["name"] for one in api("GET", "/api/instances")["instances"]].count("only-one") == 1
    page.go_back()
    expect(page.get_by_role("button", name="Create ")).to_be_enabled()
    expect(page.get_by_role("button", name="Create ")).not_to_have_attribute("aria-busy", "true")


def test_what_is_asked_for_less_often_opens_and_closes_with_the_keyboard(surfer: Surfer) -> None:
    page = surfer.go("/api/instances/inst0")
    more = page.get_by_text("More", exact=True)
    more.press("Enter")
    expect(page.get_by_role("link", name="Create an image")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Create an image")).to_be_hidden()
    expect(more).to_be_focused()
