"""Droplets as instances: what is launched, what is shown, and what may be done."""

from __future__ import annotations

import base64
import re
from typing import Any

import pytest

from digitaloceancloud import Cloud
from digitaloceancloud.asking import IMAGE, SIZE, Gateway, gateway

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFzrAAAAC3NzaC1lZDI1NTE5AAAAIFzrAAAA ann@example.com"


def told(cloud: Cloud, identifier: str) -> dict[str, object]:
    """The body that a droplet was created with."""
    return cloud.main.told[int(identifier)]


def test_a_droplet_is_shown_with_its_image_region_size_and_every_address(api: Gateway) -> None:
    identifier = api.launch(name="web-1", ipv6="true")
    seen = api.get(f"/instances/{identifier}")["instance"]
    assert (seen["name"], seen["owner"], seen["state"]) == ("web-1", "ann", "RUNNING")
    assert (seen["image"]["id"], seen["realm"]["id"]) == (IMAGE, "nyc3")
    assert seen["hardware_profile"]["id"] == SIZE
    assert [address.get("type") for address in seen["public_addresses"]] == ["ipv4", "ipv6"]
    assert [address["address"].startswith("10.132.") for address in seen["private_addresses"]] == [True]


def test_stop_asks_the_guest_to_shut_down_and_is_answered_at_once(api: Gateway) -> None:
    identifier = api.launch()
    answer = api.ask("POST", f"/instances/{identifier}/stop")
    assert answer.status == 303
    assert answer.headers["location"].endswith(f"/api/instances/{identifier}")
    actions = [action.record["type"] for action in api.cloud.main.actions.values()]
    assert actions[-1] == "shutdown"
    assert api.cloud.seen.count("dropletActions_get") == 0  # the original did not wait either


def test_what_happens_to_a_droplet_keeps_everything_else_from_it(cloud: Cloud) -> None:
    cloud.seconds = 60
    with gateway(cloud) as api:
        made = api.post("/instances", image_id=IMAGE, hwp_id=SIZE)["instance"]
        seen = api.get(f"/instances/{made['id']}")["instance"]
        assert seen["state"] == "PENDING"
        assert [action["rel"] for action in seen["actions"]] == []
        assert api.ask("POST", f"/instances/{made['id']}/reboot").status == 405


@pytest.mark.parametrize(
    ("status", "state", "actions"),
    [
        ("active", "RUNNING", ["reboot", "stop", "destroy"]),
        ("off", "STOPPED", ["start", "destroy"]),
        ("new", "PENDING", []),
        ("archive", "PENDING", []),
    ],
)
def test_each_status_is_a_state_with_its_actions(api: Gateway, status: str, state: str, actions: list[str]) -> None:
    identifier = api.launch()
    api.cloud.main.droplets[int(identifier)]["status"] = status
    seen = api.get(f"/instances/{identifier}")["instance"]
    assert seen["state"] == state
    assert [action["rel"] for action in seen["actions"] if action["rel"] != "create_image"] == actions


def test_an_action_that_the_state_does_not_offer_is_405_and_on_an_unknown_instance_403(api: Gateway) -> None:
    identifier = api.launch()
    assert api.ask("POST", f"/instances/{identifier}/start").status == 405
    assert api.ask("POST", "/instances/999999999/stop").status == 403
    assert "dropletActions_post" not in api.cloud.seen


def test_a_destroyed_instance_is_204_and_gone(api: Gateway) -> None:
    identifier = api.launch()
    assert api.ask("DELETE", f"/instances/{identifier}").status == 204
    while api.ask("GET", f"/instances/{identifier}").status == 200:
        pass
    assert api.ask("GET", f"/instances/{identifier}").status == 404
    assert api.get("/instances")["instances"] == []


def test_what_names_no_size_gets_the_cheapest_that_the_image_fits_into(api: Gateway) -> None:
    small = api.post("/instances", image_id=IMAGE, realm_id="nyc3")["instance"]["id"]
    assert told(api.cloud, small)["size"] == "s-1vcpu-512mb-10gb"
    elsewhere = api.post("/instances", image_id=IMAGE, realm_id="ams3")["instance"]["id"]
    assert told(api.cloud, elsewhere)["size"] == SIZE
    large = api.post("/instances", image_id="discourse-22-04")["instance"]["id"]
    assert told(api.cloud, large)["size"] == "s-1vcpu-2gb"
    assert "region" not in told(api.cloud, large)  # the cloud chooses


def test_an_image_that_fits_into_nothing_needs_a_size(api: Gateway) -> None:
    image = {"id": 5, "name": "huge", "public": True, "regions": ["nyc3"], "min_disk_size": 5000}
    api.cloud.order("images_get", 200, {"image": image})
    answer = api.ask("POST", "/instances", image_id="5")
    assert (answer.status, answer.json["parameter"]) == (400, "hwp_id")


def test_what_names_no_name_gets_one_with_the_time(api: Gateway) -> None:
    made = api.post("/instances", image_id=IMAGE, hwp_id=SIZE)["instance"]
    assert re.fullmatch(r"inst-\d{10}-[0-9a-f]{6}", made["name"])


def test_several_are_launched_by_one_request(api: Gateway) -> None:
    made = api.post("/instances", image_id=IMAGE, hwp_id=SIZE, name="web", instance_count=3)["instances"]
    assert [one["name"] for one in made] == ["web-1", "web-2", "web-3"]
    assert api.cloud.seen.count("droplets_create") == 1
    refused = api.ask("POST", "/instances", image_id=IMAGE, hwp_id=SIZE, instance_count=11)
    assert (refused.status, refused.json["parameter"]) == (400, "instance_count")


def test_user_data_is_text_in_utf_8_and_nothing_else_is_sent_on(api: Gateway) -> None:
    text = "#cloud-config\n# größer\n"
    encoded = base64.b64encode(text.encode()).decode()
    made = api.post("/instances", image_id=IMAGE, hwp_id=SIZE, user_data=encoded)["instance"]["id"]
    assert told(api.cloud, made)["user_data"] == text
    binary = base64.b64encode(b"\x1f\x8b\xff").decode()
    refused = api.ask("POST", "/instances", image_id=IMAGE, hwp_id=SIZE, user_data=binary)
    assert (refused.status, refused.json["parameter"]) == (400, "user_data")


def test_monitoring_network_and_key_go_to_the_cloud(api: Gateway) -> None:
    key = api.post("/keys", name="mine", public_key=KEY)["key"]
    network = api.post("/networks", name="net", address_block="10.90.0.0/24", realm_id="nyc3")["network"]["id"]
    wanted = {"keyname": key["fingerprint"], "metrics": "true", "subnet_id": network, "realm_id": "nyc3"}
    made = api.post("/instances", image_id=IMAGE, hwp_id=SIZE, **wanted)["instance"]["id"]
    body = told(api.cloud, made)
    assert body["ssh_keys"] == [key["fingerprint"]]
    assert (body["monitoring"], body["vpc_uuid"]) == (True, network)
    by_number = api.post("/instances", image_id=IMAGE, hwp_id=SIZE, keyname=key["id"])["instance"]["id"]
    assert told(api.cloud, by_number)["ssh_keys"] == [int(key["id"])]


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"image_id": "999999999"}, 404),
        ({"image_id": "no-such-image"}, 404),
        ({"realm_id": "mars1"}, 404),
        ({"realm_id": "1"}, 404),
        ({"hwp_id": "66"}, 400),
        ({"keyname": "999999999"}, 404),
        ({"firewalls1": "00000000-0000-4000-8000-000000000000"}, 404),
        ({"tag_colour": "light blue"}, 400),
        ({"tag_firewall": "web"}, 400),
    ],
)
def test_what_is_not_there_makes_no_instance(api: Gateway, wrong: dict[str, Any], status: int) -> None:
    wanted: dict[str, Any] = {"image_id": IMAGE, "hwp_id": SIZE, "realm_id": "nyc3", **wrong}
    assert api.ask("POST", "/instances", **wanted).status == status
    assert api.cloud.main.droplets == {}


def test_a_full_account_is_said_to_be_full(api: Gateway) -> None:
    api.cloud.main.limit = 0
    answer = api.ask("POST", "/instances", image_id=IMAGE, hwp_id=SIZE)
    assert (answer.status, answer.json["error_code"]) == (403, "quota_exceeded")


def test_droplets_with_gpus_are_listed_too(api: Gateway) -> None:
    gpu = api.launch(hwp_id="gpu-h100x1-80gb")
    plain = api.launch()
    assert sorted(one["id"] for one in api.get("/instances")["instances"]) == sorted([gpu, plain])


def test_tags_are_the_clouds_single_words(api: Gateway) -> None:
    identifier = api.launch(tag_env="prod", tag_team="a:b", tag_web="")
    assert told(api.cloud, identifier)["tags"] == ["env:prod", "team:a:b", "web"]
    assert api.get(f"/instances/{identifier}")["instance"]["tags"] == {"env": "prod", "team": "a:b", "web": ""}
    assert [one["id"] for one in api.get("/instances", tag_env="prod")["instances"]] == [identifier]


def test_ids_from_clients_never_lead_to_another_operation(api: Gateway) -> None:
    for odd in ("..", "%2E%2E%2Faccount", "1%2F..%2F..%2Faccount", "-1", "0", "1e3", "%00", "%D9%A3"):
        assert api.ask("GET", f"/instances/{odd}").status == 404, odd
        assert api.ask("GET", f"/images/{odd}").status == 404, odd
    assert set(api.cloud.seen) <= {"images_get"}  # 1e3 and 0 could be slugs
