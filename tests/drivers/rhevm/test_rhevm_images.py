"""Templates: what they show, how they are made of machines, and when they go."""

from __future__ import annotations

import time

from ovirtapi import Api
from ovirtcloud import JANE, Engine, State, ovirt_engine
from ovirtcloud.state import BLANK


def test_templates_of_the_data_centre_and_the_blank_one_are_images(engine: Engine) -> None:
    images = Api(engine.provider(0)).get("/images").json["images"]
    assert sorted(one["name"] for one in images) == ["Blank", "Rocky 9", "Rocky 9 (with podman)"]
    south = Api(engine.provider(1)).get("/images").json["images"]
    assert sorted(one["name"] for one in south) == ["Blank", "Debian 12"]
    assert {one["architecture"] for one in images} == {"x86_64"}
    assert {profile["id"] for one in images for profile in one["hardware_profiles"]} == {"SERVER", "DESKTOP"}


def test_an_image_says_when_it_was_made_and_by_whose_eyes_it_is_seen(engine: Engine) -> None:
    rocky = engine.state.template("Rocky 9")
    image = Api(engine.provider(0, user=True), user=JANE).get(f"/images/{rocky.id}").json["image"]
    assert (image["owner"], image["state"], image["creation_time"]) == (JANE, "OK", "2026-02-25T08:04:46Z")


def test_the_list_can_be_narrowed_to_an_architecture(engine: Engine) -> None:
    api = Api(engine.provider(0))
    assert len(api.get("/images?architecture=x86_64").json["images"]) == 3
    assert api.get("/images?architecture=ppc64").json["images"] == []


def test_an_image_is_made_of_a_machine_that_is_down_and_locked_at_first() -> None:
    with ovirt_engine(State(disk_seconds=0.3)) as engine:
        api = Api(engine.provider(0))
        machine = engine.state.add_machine("golden")
        made = api.post("/images", instance_id=machine.id, name="golden-image", description="a < b & c")
        assert (made.status, made.json["image"]["state"]) == (201, "LOCKED")
        image = made.json["image"]["id"]
        end = time.monotonic() + 10
        while (shown := api.get(f"/images/{image}").json["image"])["state"] != "OK" and time.monotonic() < end:
            time.sleep(0.02)
        assert (shown["name"], shown["description"], shown["state"]) == ("golden-image", "a < b & c", "OK")
        assert api.delete(f"/images/{image}").status == 204
        assert api.get(f"/images/{image}").status == 404


def test_without_a_name_one_is_made_up(engine: Engine) -> None:
    machine = engine.state.add_machine("golden")
    api = Api(engine.provider(0))
    assert api.post("/images", instance_id=machine.id).status == 201
    assert engine.state.templates[-1].name.startswith("template-")


def test_a_machine_that_runs_cannot_become_an_image(engine: Engine) -> None:
    machine = engine.state.add_machine("busy", status="up")
    answer = Api(engine.provider(0)).post("/images", instance_id=machine.id, name="x")
    assert (answer.status, answer.json["message"]) == (409, "Cannot add Template. VM must be in status Down.")


def test_a_template_that_machines_use_is_a_conflict(engine: Engine) -> None:
    machine = engine.state.add_machine("user-of-it")
    answer = Api(engine.provider(0)).delete(f"/images/{machine.template}")
    assert answer.status == 409
    assert answer.json["message"] == (
        "Cannot delete Template. Template is being used by the following VMs: user-of-it."
    )


def test_the_blank_template_stays(engine: Engine) -> None:
    assert Api(engine.provider(0)).delete(f"/images/{BLANK}").status == 403


def test_an_image_of_nothing_is_not_made(engine: Engine) -> None:
    api = Api(engine.provider(0))
    for unknown in ("nothing", "645e425e-66fe-4ac9-8874-537bd10ef08d"):
        assert api.post("/images", instance_id=unknown, name="x").status == 404
    assert len(engine.state.templates) == 4


def test_an_installation_may_hide_its_blank_template(engine: Engine) -> None:
    del engine.state.templates[0]
    images = Api(engine.provider(0)).get("/images").json["images"]
    assert [one["name"] for one in images] == ["Rocky 9", "Rocky 9 (with podman)"]
