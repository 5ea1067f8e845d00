"""The documentation, with every operation to try out."""

from __future__ import annotations

import json
import shlex
import subprocess
from typing import Any

from playwright.sync_api import expect

from surfing import Surfer


def test_a_list_is_read_and_its_answer_shown_as_it_came(surfer: Surfer) -> None:
    page = surfer.go("/api/docs/instances/index")
    page.get_by_label("Format").select_option("JSON")
    page.get_by_role("button", name="Send").click()
    answer = page.locator("[data-answer]")
    expect(answer.get_by_role("heading")).to_contain_text("200 OK")
    expect(answer).to_contain_text('"name": "MockUserInstance"')
    answer.get_by_text("Headers").click()
    expect(answer).to_contain_text("x-deltacloud-driver: mock")


def test_the_command_says_what_the_form_would_send(surfer: Surfer) -> None:
    page = surfer.go("/api;driver=mock/docs/instances/create")
    command = page.get_by_label("Command")
    expect(command).to_contain_text("Accept: application/xml")
    page.get_by_label("image_id").fill("img1")
    page.get_by_label("name", exact=True).fill("it's")
    page.get_by_label("Format").select_option("JSON")
    expect(command).to_contain_text("'Accept: application/json'")
    expect(command).to_contain_text("--data-urlencode image_id=img1 --data-urlencode 'name=it'\\''s'")
    expect(command).to_contain_text(f"{surfer.url}/api/instances")
    words = shlex.split(command.text_content() or "")
    words[words.index("USER")] = "mockuser:mockpassword"
    done = subprocess.run([*words, "--silent"], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["instance"]["name"] == "it's"


def test_an_instance_is_made_and_another_one_stopped(surfer: Surfer) -> None:
    page = surfer.go("/api/docs/instances/create")
    page.get_by_label("image_id").fill("img1")
    page.get_by_text("Optional parameters").first.click()
    page.get_by_label("name", exact=True).fill("tried")
    page.get_by_role("button", name="Send").click()
    answer = page.locator("[data-answer]")
    expect(answer.get_by_role("heading")).to_contain_text("201")
    expect(answer).to_contain_text("<name>tried</name>")
    surfer.go("/api/docs/instances/stop")
    page.get_by_label("id (required)").fill("inst1")
    page.get_by_role("button", name="Go on").click()
    surfer.ready()
    expect(page.get_by_label("Command")).to_contain_text("/api/instances/inst1/stop")
    page.get_by_role("button", name="Send").click()
    expect(answer.get_by_role("heading")).to_contain_text("202")


def test_a_blob_is_put_read_in_part_and_deleted(surfer: Surfer) -> None:
    where = "?id=bucket1&blob_id=a%2Fb"
    page = surfer.go(f"/api/docs/blobs/put{where}")
    page.get_by_label("Body").fill("hello world")
    page.get_by_label("X-Deltacloud-Blobmeta-*").fill("color=blue")
    page.get_by_role("button", name="Send").click()
    answer = page.locator("[data-answer]")
    expect(answer).to_contain_text("<content_length>11</content_length>")
    expect(answer).to_contain_text("blue")
    surfer.go(f"/api/docs/blobs/content{where}")
    page.get_by_label("Range").fill("bytes=6-10")
    page.get_by_role("button", name="Send").click()
    expect(answer.get_by_role("heading")).to_contain_text("206")
    expect(answer.get_by_label("Body")).to_have_text("world")
    surfer.go(f"/api/docs/blobs/destroy{where}")
    page.get_by_role("button", name="Send").click()
    expect(answer.get_by_role("heading")).to_contain_text("204")


def test_what_the_cloud_refuses_is_shown_too(surfer: Surfer) -> None:
    page = surfer.go("/api/docs/keys/show?id=none")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("[data-answer]").get_by_role("heading")).to_contain_text("404")
    surfer.complaints.clear()  # the console names the request that failed


def test_the_life_of_an_instance_is_drawn(surf: Any) -> None:
    page = surf().sign_in("/api/instance_states")
    expect(page.locator(".diagram svg")).to_be_visible()
    expect(page.get_by_role("cell", name="by itself").first).to_be_visible()


def test_what_is_measured_is_drawn_and_told(surfer: Surfer) -> None:
    page = surfer.go("/api/metrics/inst0")
    expect(page.locator("svg.chart")).to_have_count(9)
    page.get_by_text("All values").first.click()
    expect(page.get_by_role("table").first.get_by_role("row")).to_have_count(7)


def test_times_are_the_readers_and_ids_can_be_copied(surf: Any) -> None:
    surfer = surf(timezone_id="Asia/Tokyo", locale="en-GB", permissions=["clipboard-read", "clipboard-write"])
    surfer.sign_in()
    page = surfer.go("/api/images/img1")
    moment = page.get_by_role("time")
    expect(moment).to_have_text("25 Oct 2012, 21:27")
    expect(moment).to_have_attribute("title", "2012-10-25T12:27:53Z")
    page.get_by_role("button", name="Copy img1").click()
    expect(page.get_by_text("Copied").first).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "img1"
