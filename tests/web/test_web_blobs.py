"""Contents on their way in and out, with a bar and a way to stop them; and buckets as folders."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from playwright.sync_api import expect

from surfing import Api, Surfer

LARGE = 100 * 1024 * 1024
SLOW = {"latency": 0, "downloadThroughput": 40 << 20, "uploadThroughput": 40 << 20}
"""Bytes a second, so that there is something to see."""
TRICKLE = SLOW | {"downloadThroughput": 1 << 20, "uploadThroughput": 1 << 20}


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of 100 MiB that no two parts of are alike."""
    file = tmp_path_factory.mktemp("large") / "disk image.iso"
    block = hashlib.sha512(b"disk image").digest()
    with file.open("wb") as written:
        for number in range(LARGE // (1 << 20)):
            written.write((number.to_bytes(8, "big") + block[8:]) * ((1 << 20) // len(block)))
    return file


def throttle(surfer: Surfer, speed: dict[str, int]) -> None:
    """Make the person's connection slow."""
    surfer.context.new_cdp_session(surfer.page).send("Network.emulateNetworkConditions", {"offline": False, **speed})


def test_a_hundred_mebibytes_go_up_and_come_down_again_with_a_bar(surfer: Surfer, large: Path) -> None:
    page = surfer.go("/api/buckets/bucket1")
    throttle(surfer, SLOW)
    page.get_by_label("File").set_input_files(large)
    expect(page.get_by_label("Name")).to_have_value("disk image.iso")
    page.get_by_role("button", name="Upload").click()
    transfer = page.get_by_role("group", name="disk image.iso")
    expect(transfer.get_by_role("progressbar")).to_be_visible()
    expect(transfer).to_contain_text("of 100 MB")
    expect(transfer).to_contain_text("a second")
    expect(transfer).to_contain_text("Uploaded", timeout=60_000)
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name="disk image.iso", exact=True))
    expect(row).to_contain_text("100 MB")

    with page.expect_download(timeout=60_000) as downloaded:
        row.get_by_role("link", name="Download").click()
        expect(transfer.last.get_by_role("progressbar")).to_be_visible()
        expect(transfer.last).to_contain_text("of 100 MB")
    assert downloaded.value.suggested_filename == "disk image.iso"
    with large.open("rb") as sent, Path(downloaded.value.path()).open("rb") as received:
        assert hashlib.file_digest(received, "sha256").digest() == hashlib.file_digest(sent, "sha256").digest()


def test_an_upload_is_stopped_and_leaves_nothing_behind(surfer: Surfer, api: Api, large: Path) -> None:
    page = surfer.go("/api/buckets/bucket2")
    throttle(surfer, TRICKLE)
    page.get_by_label("File").set_input_files(large)
    page.get_by_role("button", name="Upload").click()
    transfer = page.get_by_role("group", name="disk image.iso")
    expect(transfer).to_contain_text("a second")
    transfer.get_by_role("button", name="Cancel").click()
    expect(transfer).to_contain_text("Cancelled")
    names = [one["id"] for one in api("GET", "/api/buckets/bucket2")["bucket"]["blob_list"]]
    assert "disk image.iso" not in names


def test_a_download_is_stopped(surfer: Surfer, api: Api) -> None:
    api("PUT", "/api/buckets/bucket2/half.bin", b"x" * (16 << 20))
    page = surfer.go("/api/buckets/bucket2/half.bin")
    throttle(surfer, TRICKLE)
    page.get_by_role("link", name="Download").click()
    transfer = page.get_by_role("group", name="half.bin")
    expect(transfer).to_contain_text("of 16.0 MB")
    transfer.get_by_role("button", name="Cancel").click()
    expect(transfer).to_contain_text("Cancelled")


def test_several_files_go_into_a_folder_and_are_deleted_together(surfer: Surfer, tmp_path: Path) -> None:
    page = surfer.go("/api/buckets/bucket1?prefix=docs/")
    files = [tmp_path / name for name in ("one.txt", "two.txt")]
    for file in files:
        file.write_text(file.name)
    page.get_by_label("File").set_input_files(files)
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_text("Uploaded")).to_have_count(2)
    expect(page.locator("tbody th")).to_have_text(["one.txt", "two.txt"])

    page.get_by_role("navigation", name="Folder").get_by_role("link", name="Bucket bucket1").click()
    page.get_by_role("link", name="docs/").click()
    page.get_by_role("link", name="one.txt", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Blob docs/one.txt")
    page.get_by_role("link", name="docs", exact=True).click()
    page.get_by_label("Select all on this page").check()
    page.get_by_role("button", name="Delete…").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("There are none")).to_be_visible()


def test_names_are_shown_whole_when_that_is_asked_for(surfer: Surfer, api: Api) -> None:
    api("PUT", "/api/buckets/bucket1/deep%2Fer%2Fone", b"1")
    page = surfer.go("/api/buckets/bucket1")
    expect(page.get_by_role("link", name="deep/", exact=True)).to_be_visible()
    page.get_by_role("link", name="All names at once").click()
    expect(page.get_by_role("link", name="deep/er/one", exact=True)).to_be_visible()
    page.get_by_role("link", name="By folders").click()
    expect(page.get_by_role("link", name="deep/", exact=True)).to_be_visible()


def test_a_file_is_uploaded_with_metadata(surfer: Surfer, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("hello")
    page = surfer.go("/api/buckets/bucket2/new_blob_form_d15cfd90")
    page.get_by_text("More options").click()
    page.get_by_label("Name 1").fill("Color")
    page.get_by_label("Value 1").fill("blue")
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Upload blob").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Blob a.txt")
    expect(page.get_by_role("main")).to_contain_text("blue")


def test_what_the_cloud_refuses_is_told_at_the_transfer(surfer: Surfer, api: Api, tmp_path: Path) -> None:
    api("POST", "/api/buckets", {"name": "brief"})
    page = surfer.go("/api/buckets/brief")
    api("DELETE", "/api/buckets/brief")
    file = tmp_path / "late.txt"
    file.write_text("too late")
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("group", name="late.txt").get_by_role("alert")).not_to_be_empty()
    surfer.complaints.clear()  # the console names the request that failed
