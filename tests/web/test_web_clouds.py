"""Clouds that have half of everything look finished: pages show what the driver has, and nothing else."""

from __future__ import annotations

import os
from typing import Any

import pytest
from playwright.sync_api import expect

import slimclouds
from gateway import Deltacloudd, Gateway


@pytest.fixture(scope="module")
def cloud(deltacloudd: Deltacloudd, tmp_path_factory: pytest.TempPathFactory) -> Gateway:
    """A server with drivers for some things only, and one that does not load."""
    folder = tmp_path_factory.mktemp("slim")
    slimclouds.install(folder)
    broken = folder / "deltacloud_broken-0.dist-info"
    broken.mkdir()
    (broken / "METADATA").write_text("Metadata-Version: 2.1\nName: deltacloud-broken\nVersion: 0\n")
    (broken / "entry_points.txt").write_text("[deltacloud.drivers]\nbroken = nowhere:Driver\n")
    path = os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
    return deltacloudd(driver="store", environment={"PYTHONPATH": path})


def test_a_cloud_that_only_keeps_things_shows_buckets_and_nothing_else(surf: Any) -> None:
    page = surf().sign_in("/api;driver=store")
    menu = page.get_by_role("navigation", name="Main")
    expect(menu.get_by_role("link")).to_have_text(["Overview", "Buckets", "API documentation", "Drivers"])
    expect(page.get_by_role("main").get_by_role("heading")).to_have_text(["Store", "Storage"])
    expect(page.get_by_role("main").locator(".count")).to_have_text("2")
    page.get_by_role("link", name="Create a bucket").click()
    page.get_by_label("Name").fill("kept")
    page.get_by_role("button", name="Create ").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bucket kept")


def test_a_cloud_that_only_runs_things_shows_no_storage(surf: Any) -> None:
    page = surf().sign_in("/api;driver=machine;provider=room-1")
    expect(page.get_by_role("main").get_by_role("heading")).to_have_text(["Machine", "Compute"])
    page.get_by_role("link", name="Create an instance").click()
    expect(page.get_by_label("Key")).to_be_visible()
    page.get_by_role("button", name="Create ").click()
    expect(page.locator(".head .badge")).to_have_text("RUNNING")
    expect(page.get_by_role("link", name="Create a network interface")).to_have_count(0)


def test_a_provider_is_chosen_out_of_a_list_or_typed(surf: Any) -> None:
    surfer = surf()
    page = surfer.go("/")
    page.locator("#provider-store").select_option("south")
    page.get_by_role("button", name="Open Store").click()
    assert surfer.path == "/api;driver=store;provider=south"
    expect(page.get_by_role("banner")).to_contain_text("store@south")
    surfer.go("/")
    page.locator("#provider-machine").fill("room-7")
    page.get_by_role("button", name="Open Machine").click()
    assert surfer.path == "/api;driver=machine;provider=room-7"
    page.get_by_title("Change cloud or provider").click()
    page.get_by_label("Provider").fill("room-8")
    page.get_by_role("button", name="Change provider").click()
    assert surfer.path == "/api;driver=machine;provider=room-8"


def test_a_driver_that_does_not_load_says_why_on_the_front_page(surf: Any) -> None:
    page = surf().go("/")
    tile = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="broken"))
    expect(tile).to_contain_text("does not load")
    expect(tile).to_contain_text("nowhere")


def test_a_cloud_that_is_not_there_says_what_to_do(surf: Any) -> None:
    surfer = surf()
    page = surfer.go("/api;driver=none/instances")
    expect(page.get_by_role("alert")).to_contain_text("deltacloud-none")
    page.get_by_role("link", name="All clouds").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Choose a cloud")
    surfer.complaints.clear()  # the console names the request that failed


def test_a_cloud_is_found_by_a_part_of_its_name(surf: Any) -> None:
    page = surf().go("/")
    page.get_by_label("Find a cloud").fill("mach")
    expect(page.locator("#clouds").get_by_role("heading")).to_have_text(["Machine"])
