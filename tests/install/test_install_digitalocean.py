"""A gateway to DigitalOcean and its Spaces out of three wheels, led by curl."""

from __future__ import annotations

from pathlib import Path

import pytest

import seaweedfs
from apicurl import Curl
from digitaloceancloud import TOKEN, digitalocean_cloud, digitalocean_document
from emulators import running
from environments import VENDOR_SDKS, Installing
from gateway import Deltacloudd

pytestmark = [pytest.mark.timeout(600), pytest.mark.doubles]

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFzrAAAAC3NzaC1lZDI1NTE5AAAAIFzr"


def test_droplets_and_spaces(installed: Installing, servers: Deltacloudd, tmp_path: Path) -> None:
    environment = installed("core", "ec2", "digitalocean")
    assert environment.distributions() & VENDOR_SDKS == {"botocore"}
    (tmp_path / "spaces").mkdir()
    spaces = running(seaweedfs.SEAWEEDFS, tmp_path / "spaces")
    with digitalocean_cloud(digitalocean_document(), seconds=0.1) as cloud, spaces as place:
        provider = f"api={cloud.url};spaces={place.url}"
        gateway = servers("-P", provider, driver="digitalocean", python=environment.binaries / "python")
        curl = Curl(gateway.url, f"{seaweedfs.USER}:{TOKEN};{seaweedfs.SECRET}")
        _compute(curl)
        _storage(curl)
        for collection in ("buckets", "instances", "storage_volumes", "firewalls", "keys"):
            assert curl.list(collection) == []


def _compute(curl: Curl) -> None:
    key = curl.make("keys", name="mine", public_key=KEY)["id"]
    firewall = curl.make("firewalls", name="web", description="any")["id"]
    volume = curl.make("storage_volumes", capacity=1, realm_id="nyc3")["id"]
    size = {"hwp_id": "s-1vcpu-1gb", "realm_id": "nyc3"}
    made = curl.make("instances", image_id="ubuntu-22-04-x64", keyname=key, firewalls1=firewall, **size)["id"]
    instance = f"/instances/{made}"
    curl.until(instance, "RUNNING")
    curl.act(f"/storage_volumes/{volume}", "attach", instance_id=made, device="/dev/sda")
    curl.act(f"/storage_volumes/{volume}", "detach")
    assert '"load_1"' in curl(f"/metrics/{made}")
    curl.act(instance, "stop")
    curl.until(instance, "STOPPED")
    curl.act(instance, "start")
    curl.until(instance, "RUNNING")
    curl.delete(instance)
    curl.until_gone(instance)
    curl.delete(f"/storage_volumes/{volume}", f"/firewalls/{firewall}", f"/keys/{key}")


def _storage(curl: Curl) -> None:
    curl.make("buckets", name="holiday")
    blob = "/buckets/holiday/one.txt"
    curl(blob, "-X", "PUT", "--data-binary", "sea and sand", "-H", "Content-Type: text/plain")
    assert curl.get(blob)["content_type"] == "text/plain"
    assert curl(f"{blob}/content", "-r", "8-") == "sand"
    curl.delete(blob, "/buckets/holiday")
