"""Images and the snapshots that make them, sizes, keys, volumes."""

from __future__ import annotations

import threading

from digitaloceancloud import Cloud
from digitaloceancloud.asking import Gateway, gateway

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFzrAAAAC3NzaC1lZDI1NTE5AAAAIFzrAAAA ann@example.com"


def snapshots(cloud: Cloud) -> int:
    """How many snapshots of droplets were begun."""
    return sum(action.record["type"] == "snapshot" for action in cloud.main.actions.values())


def test_an_image_shows_what_it_is_and_every_size_that_it_fits_into(api: Gateway) -> None:
    image = api.get("/images/63663980")["image"]
    assert (image["name"], image["description"]) == ("22.04 (LTS) x64", "Ubuntu: Ubuntu 22.04 x64")
    assert (image["owner"], image["architecture"], image["state"]) == ("global", "x86_64", "AVAILABLE")
    assert api.get("/images/debian-7-0-x32")["image"]["architecture"] == "i386"
    large = api.get("/images/discourse-22-04")["image"]
    assert [one["id"] for one in large["hardware_profiles"]] == ["s-1vcpu-2gb", "s-2vcpu-4gb", "gpu-h100x1-80gb"]


def test_an_image_is_made_of_an_instance_tagged_found_and_removed(api: Gateway) -> None:
    instance = api.launch()
    made = api.post("/images", instance_id=instance, name="golden", tag_env="prod")["image"]
    assert (made["name"], made["owner"], made["tags"]) == ("golden", "ann", {"env": "prod"})
    assert [one["id"] for one in api.get("/images", owner_id="self")["images"]] == [made["id"]]
    assert [one["id"] for one in api.get("/images", owner_id="ann")["images"]] == [made["id"]]
    assert "private=true" in api.cloud.queries[-1]
    assert {one["owner"] for one in api.get("/images", owner_id="global")["images"]} == {"global"}
    assert api.get("/images", owner_id="bob")["images"] == []
    assert api.ask("DELETE", f"/images/{made['id']}").status == 204
    assert api.ask("DELETE", "/images/63663980").status == 403  # everybody's


def test_an_image_that_takes_longer_than_the_request_is_202_and_begun_but_once(cloud: Cloud) -> None:
    with gateway(cloud) as api:
        instance = api.launch()
    cloud.seconds = 3
    with gateway(cloud, timeout=1.5) as hasty:
        answers = [hasty.ask("POST", "/images", instance_id=instance, name="golden") for _ in range(2)]
    assert [answer.status for answer in answers] == [202, 202]
    assert snapshots(cloud) == 1
    with gateway(cloud) as patient:
        made = patient.post("/images", instance_id=instance, name="golden")["image"]
        assert snapshots(cloud) == 1  # whoever asks again waits for the same one
        assert [one["id"] for one in patient.get("/images", owner_id="self")["images"]] == [made["id"]]


def test_who_asks_for_another_image_meanwhile_is_told_that_the_droplet_is_busy(cloud: Cloud) -> None:
    with gateway(cloud) as api:
        instance = api.launch()
    cloud.seconds = 2
    with gateway(cloud, timeout=1.5) as hasty:
        assert hasty.ask("POST", "/images", instance_id=instance, name="golden").status == 202
    with gateway(cloud) as patient:
        assert patient.ask("POST", "/images", instance_id=instance, name="another").status == 409
        assert [one["name"] for one in patient.get("/images", owner_id="self")["images"]] == ["golden"]


def test_a_droplet_that_is_busy_with_something_else_makes_no_image(cloud: Cloud) -> None:
    with gateway(cloud) as api:
        instance = api.launch()
        cloud.seconds = 60
        api.ask("POST", f"/instances/{instance}/reboot")
        answer = api.ask("POST", "/images", instance_id=instance)
    assert (answer.status, answer.json["message"]) == (409, "DigitalOcean: Droplet already has a pending event.")
    assert snapshots(cloud) == 0


def test_an_action_that_fails_is_told(api: Gateway) -> None:
    instance = api.launch()
    api.cloud.order("dropletActions_get", 200, {"action": {"id": 1, "status": "errored", "type": "snapshot"}})
    answer = api.ask("POST", "/images", instance_id=instance)
    assert (answer.status, answer.json["retryable"]) == (502, False)


def test_sizes_that_cannot_be_launched_are_not_listed_and_still_known(api: Gateway) -> None:
    listed = [one["id"] for one in api.get("/hardware_profiles")["hardware_profiles"]]
    assert "512mb" not in listed
    assert len(listed) == 5
    shown = api.get("/hardware_profiles/512mb")["hardware_profile"]
    assert shown["properties"]["memory"] == "512"


def test_a_realm_is_unavailable_when_its_region_is(api: Gateway) -> None:
    states = {one["id"]: one["state"] for one in api.get("/realms")["realms"]}
    assert states == dict.fromkeys(("nyc3", "ams3", "fra1", "nyc1"), "AVAILABLE") | {"sfo1": "UNAVAILABLE"}


def test_keys_are_imported_and_shown_with_their_public_part(api: Gateway) -> None:
    made = api.post("/keys", name="mine", public_key=KEY)["key"]
    assert made["pem_rsa_key"] == KEY
    assert api.get(f"/keys/{made['fingerprint']}")["key"]["id"] == made["id"]
    taken = api.ask("POST", "/keys", name="again", public_key=KEY)
    assert taken.status == 409
    missing = api.ask("POST", "/keys", name="none")
    assert (missing.status, missing.json["parameter"]) == (400, "public_key")
    assert api.ask("POST", "/keys", name="odd", public_key="nonsense").status == 400
    assert api.ask("DELETE", f"/keys/{made['id']}").status == 204


def test_a_volume_is_attached_and_free_again_as_soon_as_the_answers_are_there(api: Gateway) -> None:
    instance = api.launch()
    wanted = {"name": "data", "capacity": 2, "realm_id": "nyc3", "description": "of ann"}
    volume = api.post("/storage_volumes", **wanted)["storage_volume"]
    assert (volume["state"], volume["capacity"], volume["description"]) == ("AVAILABLE", 2, "of ann")
    identifier = volume["id"]
    attached = api.ask("POST", f"/storage_volumes/{identifier}/attach", instance_id=instance, device="/dev/sdc")
    assert attached.status == 202
    seen = api.get(f"/storage_volumes/{identifier}")["storage_volume"]
    assert (seen["state"], seen["device"]) == ("IN-USE", "/dev/disk/by-id/scsi-0DO_Volume_data")
    assert api.ask("DELETE", f"/storage_volumes/{identifier}").status == 409
    assert api.ask("POST", f"/storage_volumes/{identifier}/detach").status == 202
    assert api.ask("POST", f"/storage_volumes/{identifier}/detach").status == 409
    assert api.ask("DELETE", f"/storage_volumes/{identifier}").status == 204


def test_a_volume_of_a_snapshot_is_where_that_is_and_as_large(api: Gateway) -> None:
    volume = api.post("/storage_volumes", name="data", capacity=3, realm_id="ams3")["storage_volume"]["id"]
    snapshot = api.post("/storage_snapshots", volume_id=volume, name="monday", tag_env="prod")["storage_snapshot"]
    copy = api.post("/storage_volumes", name="copy", snapshot_id=snapshot["id"])["storage_volume"]
    assert (copy["capacity"], copy["realm"]["id"]) == (3, "ams3")
    assert snapshot["tags"] == {"env": "prod"}


def test_what_names_neither_size_nor_place_is_small_and_where_the_operator_says(cloud: Cloud) -> None:
    with gateway(cloud, default_realm="fra1") as api:
        volume = api.post("/storage_volumes")["storage_volume"]
        assert (volume["capacity"], volume["realm"]["id"]) == (1, "fra1")
        assert api.post("/storage_volumes", capacity=1.2, name="v2")["storage_volume"]["capacity"] == 2
        network = api.post("/networks", name="net")["network"]["id"]
    assert cloud.main.vpcs[network]["region"] == "fra1"


def test_a_snapshot_of_a_droplet_is_no_snapshot_of_a_volume(api: Gateway) -> None:
    instance = api.launch()
    image = api.post("/images", instance_id=instance)["image"]["id"]
    assert api.get("/storage_snapshots")["storage_snapshots"] == []
    assert api.ask("GET", f"/storage_snapshots/{image}").status == 404
    assert api.ask("DELETE", f"/storage_snapshots/{image}").status == 404


def test_callers_at_once_have_their_own_tokens(cloud: Cloud) -> None:
    with gateway(cloud) as api:
        found: list[int] = []

        def launch() -> None:
            found.append(len(api.post("/instances", image_id="63663980", hwp_id="s-1vcpu-1gb")["instance"]["id"]))

        threads = [threading.Thread(target=launch) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(found) == len(cloud.main.droplets) == 4
