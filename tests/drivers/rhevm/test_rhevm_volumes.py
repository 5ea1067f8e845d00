"""Disks: what is listed, where new ones go, and that an attached one is kept."""

from __future__ import annotations

import pytest

from ovirtapi import Api
from ovirtcloud import Engine, State, ovirt_engine
from ovirtcloud.state import GB, Disk


@pytest.fixture
def api(engine: Engine) -> Api:
    """The gateway on the first data centre."""
    return Api(engine.provider(0))


def test_disks_of_the_data_centre_show_where_they_are(engine: Engine, api: Api) -> None:
    state = engine.state
    machine = state.add_machine("web", status="up")
    machine.attachments[0].logical_name = "/dev/vda"
    state.add_machine("elsewhere", cluster=3)
    state.disks.append(Disk("free", 3 * GB // 2, state.centers[0].domain, "admin@internal", "spare"))
    state.disks.append(Disk("a medium", GB, state.centers[0].domain, "admin@internal", content="iso"))
    volumes = {one["name"]: one for one in api.get("/storage_volumes").json["storage_volumes"]}
    assert set(volumes) == {"web_Disk1", "free"}
    used, free = volumes["web_Disk1"], volumes["free"]
    assert (used["state"], used["capacity"], used["kind"]) == ("IN-USE", 10, "nfs")
    assert (used["instance"]["id"], used["device"]) == (machine.id, "/dev/vda")
    assert [[action["rel"] for action in one["actions"]] for one in (used, free)] == [["detach"], ["attach", "destroy"]]
    assert (free["state"], free["capacity"], free["description"]) == ("AVAILABLE", 1.5, "spare")
    assert api.get(f"/storage_volumes/{used['id']}").json["storage_volume"]["device"] == "/dev/vda"


def test_the_list_is_whole_although_engines_cut_pages_of_disks_wrong(engine: Engine) -> None:
    state = engine.state
    for number in range(7):
        state.disks.append(Disk(f"d{number}", GB, state.centers[0].domain, "admin@internal"))
    api = Api(engine.provider(0), {"page-size": 2})
    assert len(api.get("/storage_volumes").json["storage_volumes"]) == 7


def test_a_disk_goes_where_there_is_room_or_where_it_is_wanted(engine: Engine, api: Api) -> None:
    state = engine.state
    made = api.post("/storage_volumes", name="data", capacity="3", description="for data")
    assert made.status == 201
    volume = made.json["storage_volume"]
    assert (volume["name"], volume["capacity"], volume["state"], volume["kind"]) == ("data", 3, "AVAILABLE", "nfs")
    assert (state.disks[0].domain, state.disks[0].size) == (state.centers[0].domain, 3 * GB)
    named = api.post("/storage_volumes", capacity="1", storage_domain=state.centers[0].domain)
    assert named.status == 201
    assert state.disks[1].name.startswith("volume-")
    for unknown in ("nothing", state.centers[1].domain):
        assert api.post("/storage_volumes", capacity="1", storage_domain=unknown).status == 404
    assert api.post("/storage_volumes", capacity="1", realm_id="nowhere").status == 404
    assert len(state.disks) == 2


@pytest.mark.parametrize(("device", "bus"), [("/dev/sdc", "virtio_scsi"), ("/dev/vdb", "virtio")])
def test_the_device_chooses_the_bus(engine: Engine, api: Api, device: str, bus: str) -> None:
    machine = engine.state.add_machine("web")
    volume = api.post("/storage_volumes", capacity="1").json["storage_volume"]["id"]
    answer = api.post(f"/storage_volumes/{volume}/attach", instance_id=machine.id, device=device)
    assert answer.status == 202
    assert (machine.attachments[1].bus, machine.attachments[1].bootable) == (bus, False)
    assert api.get(f"/storage_volumes/{volume}").json["storage_volume"]["instance"]["id"] == machine.id


def test_an_attached_disk_is_kept_and_a_detached_one_stays(engine: Engine, api: Api) -> None:
    state = engine.state
    machine = state.add_machine("web")
    volume = machine.attachments[0].disk
    assert api.delete(f"/storage_volumes/{volume}").status == 409  # the engine would delete it
    assert [one.id for one in state.disks] == [volume]
    assert api.post(f"/storage_volumes/{volume}/attach", instance_id=machine.id, device="/dev/vdz").status == 409
    assert api.post(f"/storage_volumes/{volume}/detach").status == 202
    assert [one.id for one in state.disks] == [volume]
    assert machine.attachments == []
    assert api.post(f"/storage_volumes/{volume}/detach").status == 409
    assert api.delete(f"/storage_volumes/{volume}").status == 204
    assert state.disks == []


def test_a_disk_that_several_machines_share_can_be_attached_again(engine: Engine, api: Api) -> None:
    first, second = engine.state.add_machine("one"), engine.state.add_machine("two")
    disk = engine.state.disk(first.attachments[0].disk)
    disk.shareable = True
    assert api.post(f"/storage_volumes/{disk.id}/attach", instance_id=second.id, device="/dev/sdz").status == 202
    assert len(engine.state.users_of(disk)) == 2


def test_a_disk_that_is_being_made_is_pending_and_a_conflict() -> None:
    with ovirt_engine(State(disk_seconds=60)) as engine:
        api = Api(engine.provider(0))
        machine = engine.state.add_machine("web")
        volume = api.post("/storage_volumes", capacity="1").json["storage_volume"]
        assert volume["state"] == "PENDING"
        answer = api.post(f"/storage_volumes/{volume['id']}/attach", instance_id=machine.id, device="/dev/sdb")
        assert answer.status == 409
        assert "locked" in answer.json["message"]


def test_snapshots_of_disks_and_too_large_ones_are_refused_with_a_reason(api: Api) -> None:
    assert api.post("/storage_volumes", snapshot_id="s").status == 501
    answer = api.post("/storage_volumes", capacity="5000")
    assert (answer.status, answer.json["error"]) == (403, "Deltacloud::Exceptions::QuotaExceeded")


@pytest.mark.parametrize("capacity", ["0", "0.0000000001", "1e12", "1e300", "1e308"])
def test_a_disk_has_a_size_that_can_be_written(engine: Engine, api: Api, capacity: str) -> None:
    answer = api.post("/storage_volumes", capacity=capacity)
    assert (answer.status, answer.json["parameter"]) == (400, "capacity")
    assert not [one for one in engine.state.seen if one.method == "POST"]
