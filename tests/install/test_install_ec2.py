"""A gateway to Amazon out of two wheels, led by curl, against moto with signatures checked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from apicurl import Curl
from awscloud.accounts import Accounts
from awscloud.images import IMAGE, written
from awsmoto import MOTO
from emulators import running
from environments import VENDOR_SDKS, Installing
from gateway import Deltacloudd

pytestmark = [pytest.mark.timeout(600), pytest.mark.doubles]


@pytest.fixture
def curl(installed: Installing, servers: Deltacloudd, tmp_path: Path) -> Iterator[Callable[[str], Curl]]:
    """Curl with the keys of one account, for the name of a region."""
    environment = installed("core", "ec2")
    assert environment.distributions() & VENDOR_SDKS == {"botocore"}
    folder = tmp_path / "moto"
    folder.mkdir()
    with running(MOTO, folder, {"MOTO_AMIS_PATH": str(written(folder))}) as place:
        moto = Accounts(place.url)
        gateway = servers(driver="ec2", python=environment.binaries / "python")
        login = f"{moto.main.access_key}:{moto.main.secret_key}"
        yield lambda region: Curl(gateway.url, login, f"{moto.provider()};region={region}")


def test_two_regions(curl: Callable[[str], Curl]) -> None:
    for region in ("us-east-1", "eu-west-1"):
        assert f"{region}a" in curl(region).list("realms")
        curl(region).make("keys", name=f"key-{region}")
    for region in ("us-east-1", "eu-west-1"):
        assert curl(region).list("keys") == [f"key-{region}"]


def test_compute(curl: Callable[[str], Curl]) -> None:
    ask = curl("us-east-1")
    ask.make("keys", name="mine")
    ask.make("firewalls", name="web", description="for the web")
    rule = {"protocol": "tcp", "port_from": "80", "port_to": "80", "ip_address1": "192.0.2.0/24"}
    assert ask.make("firewalls/web/rules", **rule)["rules"][0]["sources"][0]["address"] == "192.0.2.0"
    launch = {"image_id": IMAGE, "hwp_id": "t3.micro", "keyname": "mine", "firewalls1": "web", "name": "front"}
    made = ask.make("instances", **launch)["id"]
    instance = f"/instances/{made}"
    for action, state in (("reboot", "RUNNING"), ("stop", "STOPPED"), ("start", "RUNNING")):
        ask.act(instance, action)
        assert ask.get(instance)["state"] == state
    image = ask.make("images", instance_id=made, name="copy of front")["id"]
    assert image in ask.list("images")
    volume = ask.make("storage_volumes", capacity=1, realm_id="us-east-1a")["id"]
    ask.act(f"/storage_volumes/{volume}", "attach", instance_id=made, device="/dev/sdh")
    assert ask.get(f"/storage_volumes/{volume}")["state"] == "IN-USE"
    ask.act(f"/storage_volumes/{volume}", "detach")
    snapshot = ask.make("storage_snapshots", volume_id=volume)["id"]
    address = ask.make("addresses")["id"]
    ask.act(f"/addresses/{address}", "associate", instance_id=made)
    assert ask.get(f"/addresses/{address}")["instance_id"] == made
    ask.act(f"/addresses/{address}", "disassociate")
    listener = {"listener_protocol": "HTTP", "listener_balancer_port": 80, "listener_instance_port": 8080}
    ask.make("load_balancers", name="balancer", realm_id="us-east-1a", **listener)
    ask.act("/load_balancers/balancer", "register", instance_id=made)
    assert [one["id"] for one in ask.get("/load_balancers/balancer")["instances"]] == [made]
    ask.act(instance, "stop")
    ask.delete(instance, "/load_balancers/balancer", f"/addresses/{address}", f"/storage_snapshots/{snapshot}")
    ask.delete(f"/storage_volumes/{volume}", f"/images/{image}", "/keys/mine", "/firewalls/web")
    assert ask.get(instance)["state"] == "FINISH"
    assert curl("eu-west-1").list("instances") == []


def test_networks(curl: Callable[[str], Curl]) -> None:
    ask = curl("us-east-1")
    network = ask.make("networks", address_block="10.5.0.0/16")["id"]
    subnet = ask.make("subnets", network_id=network, address_block="10.5.1.0/24")["id"]
    assert ask.get(f"/networks/{network}")["subnets"][0]["id"] == subnet
    ask.delete(f"/subnets/{subnet}", f"/networks/{network}")


def test_storage(curl: Callable[[str], Curl], tmp_path: Path) -> None:
    ask, blob = curl("us-east-1"), "/buckets/holiday/beach%2Fone.jpg"
    (tmp_path / "photo").write_bytes(b"picture" * 3_000_000)
    ask.make("buckets", name="holiday")
    ask(blob, "-T", str(tmp_path / "photo"), "-H", "Content-Type: image/jpeg")
    shown = ask.get(blob)
    assert (shown["content_length"], shown["content_type"]) == (21_000_000, "image/jpeg")
    ask(f"{blob}/content", "-o", str(tmp_path / "back"))
    assert (tmp_path / "back").read_bytes() == b"picture" * 3_000_000
    assert ask(f"{blob}/content", "-r", "7-20") == "picturepicture"
    assert ask.get("/buckets/holiday")["size"] == 1
    ask.delete(blob, "/buckets/holiday")
    assert ask.list("buckets") == []
