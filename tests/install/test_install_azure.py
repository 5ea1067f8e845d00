"""A gateway to Azure out of two wheels, led by curl."""

from __future__ import annotations

import base64
import os
from pathlib import Path

import pytest

from apicurl import Curl
from azurite import AZURITE
from emulators import running
from environments import VENDOR_SDKS, Installing
from gateway import Deltacloudd

pytestmark = [pytest.mark.timeout(600), pytest.mark.doubles]


def test_buckets_and_blobs(installed: Installing, servers: Deltacloudd, tmp_path: Path) -> None:
    environment = installed("core", "azure")
    assert environment.distributions() & VENDOR_SDKS == {"azure-core"}
    key = base64.b64encode(os.urandom(64)).decode()
    (tmp_path / "azurite").mkdir()
    with running(AZURITE, tmp_path / "azurite", {"AZURITE_ACCOUNTS": f"account:{key}"}) as place:
        gateway = servers("-P", place.url, driver="azure", python=environment.binaries / "python")
        curl = Curl(gateway.url, f"account:{key}")
        assert curl.make("buckets", name="holiday")["id"] == "holiday"
        (tmp_path / "photo").write_bytes(b"picture" * 1_000_000)
        photo, place_told = "/buckets/holiday/beach%2Fone.jpg", ("-H", "X-Deltacloud-Blobmeta-Place: Nice")
        curl(photo, "-T", str(tmp_path / "photo"), "-H", "Content-Type: image/jpeg", *place_told)
        blob = curl.get(photo)
        assert (blob["content_length"], blob["content_type"]) == (7_000_000, "image/jpeg")
        assert blob["user_metadata"] == {"place": "Nice"}
        assert curl(f"{photo}/content", "-r", "7-20") == "picturepicture"
        curl(f"{photo}/content", "-o", str(tmp_path / "back"))
        assert (tmp_path / "back").read_bytes() == b"picture" * 1_000_000
        curl(photo, "-X", "POST", "-H", "X-Deltacloud-Blobmeta-Year: 2026")
        assert curl.get(photo)["user_metadata"] == {"year": "2026"}
        shown = curl.get("/buckets/holiday")
        assert (shown["size"], [one["id"] for one in shown["blob_list"]]) == (1, ["beach/one.jpg"])
        assert curl.status("/buckets/holiday", "-X", "DELETE") == 409
        curl.delete(photo)
        assert curl.status(photo) == 404
        curl.delete("/buckets/holiday")
        assert curl.list("buckets") == []
