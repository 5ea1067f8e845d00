"""Machines: what each status means, what may be done then, and what the engine is told."""

from __future__ import annotations

import base64
import time
from datetime import datetime
from typing import Any

import pytest

from ovirtapi import Api
from ovirtcloud import ADMIN, Engine, Machine
from ovirtcloud.state import BLANK, GB, MB, STATUSES, State

SHOWN = {
    "up": ("RUNNING", {"stop", "reboot"}),
    "migrating": ("RUNNING", {"stop", "reboot"}),
    "powering_up": ("PENDING", set()),
    "wait_for_launch": ("PENDING", set()),
    "reboot_in_progress": ("PENDING", set()),
    "restoring_state": ("PENDING", set()),
    "image_locked": ("PENDING", set()),
    "powering_down": ("STOPPING", {"stop"}),
    "saving_state": ("STOPPING", set()),
    "down": ("STOPPED", {"start", "destroy", "create_image"}),
    "unassigned": ("STOPPED", {"start", "destroy"}),
    "paused": ("STOPPED", {"start", "stop"}),
    "suspended": ("STOPPED", {"start", "stop"}),
    "image_illegal": ("ERROR", {"destroy"}),
    "not_responding": ("ERROR", set()),
    "unknown": ("ERROR", set()),
    "of_a_later_release": ("UNKNOWN", set()),
}


@pytest.fixture
def state(engine: Engine) -> State:
    """What the engine holds."""
    return engine.state


@pytest.fixture
def api(engine: Engine) -> Api:
    """The gateway on the first data centre."""
    return Api(engine.provider(0))


def shown(api: Api, machine: Machine) -> dict[str, Any]:
    found: dict[str, Any] = api.get(f"/instances/{machine.id}").json["instance"]
    return found


def until(machine: Machine, status: str) -> None:
    end = time.monotonic() + 10
    while machine.status != status and time.monotonic() < end:
        time.sleep(0.005)
    assert machine.status == status


def make(api: Api, state: State, **form: str) -> Machine:
    answer = api.post("/instances", **{"image_id": state.template("Rocky 9").id, **form})
    assert answer.status == 201, answer.body
    return state.machines[-1]


def test_each_status_has_a_state_and_actions_and_none_spoils_the_list(api: Api, state: State) -> None:
    state.add_every_status()
    instances = api.get("/instances").json["instances"]
    found = {one["name"]: (one["state"], {action["rel"] for action in one["actions"]}) for one in instances}
    assert set(SHOWN) == set(STATUSES)
    assert {name.removeprefix("in-"): (kind, actions) for name, (kind, actions) in found.items()} == SHOWN


def test_an_image_can_be_made_of_what_is_down_alone(api: Api, state: State) -> None:
    state.add_every_status()
    instances = api.get("/instances").json["instances"]
    assert [one["name"] for one in instances if one.get("create_image")] == ["in-down"]


def test_a_machine_shows_what_it_has(api: Api, state: State) -> None:
    machine = state.add_machine("web", status="up")
    machine.memory, machine.topology, machine.type = 3000 * MB, (2, 3, 2), "desktop"
    machine.fqdn = "web.example.com"
    machine.cards[0].addresses = ("fe80::1", "2001:db8::7", "192.0.2.7", "127.0.0.1", "nonsense")
    machine.attachments[0].logical_name = "/dev/vda"
    one = shown(api, machine)
    assert (one["id"], one["name"], one["owner"]) == (machine.id, "web", ADMIN)
    assert (one["image"]["id"], one["realm"]["id"]) == (machine.template, machine.cluster)
    assert datetime.fromisoformat(one["create_time"]) == machine.created.replace(
        microsecond=machine.created.microsecond // 1000 * 1000
    )
    assert one["hardware_profile"]["id"] == "DESKTOP"
    properties = one["hardware_profile"]["properties"]
    assert {name: properties[name] for name in ("cpu", "memory", "storage")} == {
        "cpu": "12", "memory": "3000", "storage": "10",
    }  # fmt: skip
    addresses = [(each["type"], each["address"], each.get("port")) for each in one["public_addresses"]]
    assert addresses == [
        ("ipv4", "192.0.2.7", None),
        ("ipv6", "2001:db8::7", None),
        ("hostname", "web.example.com", None),
        ("mac", machine.cards[0].mac, None),
        ("vnc", "192.0.2.40", 5900),
    ]
    assert [(each["id"], each["device"]) for each in one["storage_volumes"]] == [
        (machine.attachments[0].disk, "/dev/vda")
    ]


def test_a_console_is_shown_only_if_it_speaks_vnc_and_while_the_machine_runs(api: Api, state: State) -> None:
    running, spice, stopped = (state.add_machine(name, status="up") for name in ("vnc", "spice", "stopped"))
    spice.consoles = (("spice", "192.0.2.41", 5901),)
    stopped.become("down")
    kinds = [{each["type"] for each in shown(api, one)["public_addresses"]} for one in (running, spice, stopped)]
    assert kinds == [{"mac", "vnc"}, {"mac"}, {"mac"}]


def test_a_machine_is_made_down_of_template_cluster_and_size(api: Api, state: State) -> None:
    alpha = state.clusters[1]
    machine = make(api, state, name="web", hwp_id="DESKTOP", hwp_cpu="4", hwp_memory="2048", realm_id=alpha.id)
    assert (machine.name, machine.cluster, machine.type) == ("web", alpha.id, "desktop")
    assert (machine.memory, machine.topology, machine.boot) == (2048 * MB, (4, 1, 1), ("hd", "network"))
    until(machine, "down")
    assert shown(api, machine)["state"] == "STOPPED"


def test_without_a_realm_the_first_cluster_by_name_is_taken_and_without_a_name_one_is_made_up(
    api: Api, state: State
) -> None:
    first, second = make(api, state), make(api, state)
    assert first.cluster == state.clusters[1].id
    assert first.name.startswith("i-")
    assert first.name != second.name
    assert first.memory == state.template("Rocky 9").memory


def test_more_memory_than_the_template_allows_is_guaranteed_and_allowed(api: Api, state: State) -> None:
    assert make(api, state, hwp_memory="32768").memory == 32 * GB


def test_own_parameters_reach_the_engine(api: Api, state: State) -> None:
    machine = make(api, state, first_boot_dev="network", public_key="ssh-ed25519 AAAA jane", clone="true")
    assert machine.boot == ("network", "hd")
    assert machine.initialization == {"authorized_ssh_keys": "ssh-ed25519 AAAA jane"}
    assert machine.template == BLANK  # the engine shows no origin of what is independent
    assert api.post("/instances", image_id=BLANK, first_boot_dev="floppy").status == 400


SCRIPT = "#cloud-config\r\npackages:\n  - nginx & <more>\ttabs\n# é ü 漢\n"


@pytest.mark.parametrize("way", ["cloud-init", "cdrom", "floppy"])
def test_user_data_arrives_unchanged_by_every_way(engine: Engine, way: str) -> None:
    api = Api(engine.provider(0), {"user-data": way})
    machine = make(api, engine.state, user_data=base64.b64encode(SCRIPT.encode()).decode())
    if way == "cloud-init":
        assert machine.initialization == {"custom_script": SCRIPT}
        assert machine.payloads == ()
    else:
        assert machine.payloads == ((way, "deltacloud-user-data.txt", SCRIPT),)
        assert machine.initialization == {}


@pytest.mark.parametrize("data", [b"\xff\xfe", b"with \x00 inside", b"bell \x07"])
def test_user_data_that_is_no_text_is_refused_before_anything_is_made(api: Api, state: State, data: bytes) -> None:
    form = {"image_id": state.template("Rocky 9").id, "user_data": base64.b64encode(data).decode()}
    assert api.post("/instances", **form).status == 400
    assert state.machines == []


def test_cloud_init_runs_when_there_is_something_for_it(api: Api, state: State) -> None:
    with_data = make(api, state, user_data=base64.b64encode(b"#cloud-config\n").decode())
    without = make(api, state)
    for machine in (with_data, without):
        until(machine, "down")
        assert api.post(f"/instances/{machine.id}/start").status in (200, 303)
        until(machine, "up")
    assert (with_data.starts, without.starts) == ([("use_initialization",)], [()])


def test_what_was_suspended_goes_on_without_cloud_init(api: Api, state: State) -> None:
    machine = make(api, state, public_key="ssh-ed25519 AAAA")
    machine.become("suspended")
    assert api.post(f"/instances/{machine.id}/start").status in (200, 303)
    until(machine, "up")
    assert machine.starts == []


def test_stop_asks_the_guest_and_a_second_stop_switches_off(api: Api, state: State) -> None:
    machine = state.add_machine("deaf", status="up")
    machine.deaf = True
    api.post(f"/instances/{machine.id}/stop")
    assert shown(api, machine)["state"] == "STOPPING"
    api.post(f"/instances/{machine.id}/stop")
    assert shown(api, machine)["state"] == "STOPPED"
    assert _actions(state) == ["shutdown", "stop"]


def test_power_off_does_not_ask(api: Api, state: State) -> None:
    machine = state.add_machine("m", status="up")
    api.post(f"/instances/{machine.id}/stop", power_off="true")
    assert _actions(state) == ["stop"]
    assert machine.status == "down"


def test_a_reboot_is_asked_for_or_forced(api: Api, state: State) -> None:
    machine = state.add_machine("m", status="up")
    api.post(f"/instances/{machine.id}/reboot")
    assert shown(api, machine)["state"] in ("PENDING", "RUNNING")
    until(machine, "up")
    api.post(f"/instances/{machine.id}/reboot", hard="true")
    until(machine, "up")
    assert _actions(state) == ["reboot", "reset"]


def test_what_was_paused_can_be_switched_off_and_then_destroyed(api: Api, state: State) -> None:
    machine = state.add_machine("m", status="paused")
    assert api.delete(f"/instances/{machine.id}").status == 405
    api.post(f"/instances/{machine.id}/stop")
    assert api.delete(f"/instances/{machine.id}").status == 204
    assert state.machines == []
    assert state.disks == []  # they go with it


def test_a_machine_that_runs_is_not_destroyed(api: Api, state: State) -> None:
    machine = state.add_machine("m", status="up")
    assert api.delete(f"/instances/{machine.id}").status == 405
    assert state.machines == [machine]


def test_a_machine_that_has_begun_to_run_meanwhile_is_a_conflict(engine: Engine) -> None:
    machine = engine.state.add_machine("m")
    api = Api(engine.provider(0))
    engine.state.machines[0] = _Racing(machine)
    answer = api.delete(f"/instances/{machine.id}")
    assert answer.status == 409
    assert answer.json["message"] == "Cannot remove VM. VM is running."


@pytest.mark.parametrize(
    ("form", "status", "told"),
    [
        ({"name": "x" * 51}, 400, "50"),
        ({"name": "two words"}, 400, "special characters"),
        ({"name": "taken"}, 409, "already in use"),
        ({"hwp_memory": "1"}, 400, "memory"),
        ({"hwp_cpu": "1.5"}, 400, "whole number"),
        ({"hwp_architecture": "i386"}, 400, "must be x86_64"),
        ({"hwp_storage": "0"}, 501, "attach a volume"),
        ({"hwp_storage": "20"}, 501, "attach a volume"),
        ({"hwp_id": "HUGE"}, 400, "HUGE"),
        ({"realm_id": "nowhere"}, 404, "realm"),
        ({"image_id": "nothing"}, 404, "UUID"),
        ({"image_id": "645e425e-66fe-4ac9-8874-537bd10ef08d"}, 404, "Template"),
    ],
)
def test_what_cannot_be_made_says_why(api: Api, state: State, form: dict[str, str], status: int, told: str) -> None:
    state.add_machine("taken")
    answer = api.post("/instances", **{"image_id": state.template("Rocky 9").id, **form})
    assert (answer.status, told in answer.json["message"]) == (status, True), answer.json
    assert len(state.machines) == 1


def test_a_realm_of_another_data_centre_is_not_there(api: Api, state: State) -> None:
    answer = api.post("/instances", image_id=BLANK, realm_id=state.clusters[3].id)
    assert answer.status == 404


def test_a_cluster_without_hosts_cannot_start_anything(api: Api, state: State) -> None:
    machine = state.add_machine("m", cluster=2)
    answer = api.post(f"/instances/{machine.id}/start")
    assert answer.status == 502
    assert "no host that satisfies" in answer.json["message"]


def test_what_is_not_there_is_404_whichever_way_the_engine_says_it(api: Api, state: State) -> None:
    for state.pages_of_old in (False, True):
        for identifier in ("unknown", "645e425e-66fe-4ac9-8874-537bd10ef08d", "a%2Fb", "%2E%2E"):
            assert api.get(f"/instances/{identifier}").status == 404, identifier


def _actions(state: State) -> list[str]:
    return [one.path.rpartition("/")[2] for one in state.seen if one.method == "POST"]


class _Racing(Machine):
    """A machine that somebody starts between being read and being deleted."""

    def __init__(self, machine: Machine) -> None:
        self.__dict__.update(machine.__dict__)
        self._reads = 0

    @property
    def status(self) -> str:
        """Down, the first time."""
        self._reads += 1
        return "down" if self._reads == 1 else "up"
