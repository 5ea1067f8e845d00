"""Volumes and snapshots of the pretend cloud."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from deltacloud.errors import Conflict, InvalidRequest, NotFound
from deltacloud.inputs import NewStorageSnapshot, NewStorageVolume
from mockcloud import Clock, Cloud

NOW = 1_800_000_000


def test_volumes_of_one_second_have_ids_of_their_own(make_cloud: Callable[..., Cloud]) -> None:
    cloud = make_cloud(clock=Clock(NOW + 0.5))
    made = [cloud.call("create_storage_volume", new=NewStorageVolume()) for _ in range(3)]
    assert [one.id for one in made] == [f"volume_{NOW}", f"volume_{NOW + 1}", f"volume_{NOW + 2}"]
    assert made[0].name == f"Volumevolume_{NOW}"
    assert (made[0].capacity, made[0].state, made[0].realm_id) == (1, "AVAILABLE", None)
    assert {one.created for one in made} == {datetime.fromtimestamp(NOW, UTC)}


def test_a_volume_is_as_it_was_asked_for(cloud: Cloud) -> None:
    asked = NewStorageVolume(capacity=5, name="data", description="more", realm_id="eu", tags=(("a", "b"),))
    made = cloud.call("create_storage_volume", new=asked)
    assert (made.capacity, made.name, made.description, made.realm_id, made.tags) == (
        5, "data", "more", "eu", (("a", "b"),),
    )  # fmt: skip
    assert cloud.call("get_storage_volume", volume_id=made.id) == made


def test_a_volume_of_a_snapshot_is_as_large_as_the_snapshot_s_volume(cloud: Cloud) -> None:
    large = cloud.call("create_storage_volume", new=NewStorageVolume(capacity=7))
    snapshot = cloud.call("create_storage_snapshot", new=NewStorageSnapshot(volume_id=large.id))
    assert cloud.call("create_storage_volume", new=NewStorageVolume(snapshot_id=snapshot.id)).capacity == 7


def test_volumes_refer_to_nothing_that_is_not_there(cloud: Cloud) -> None:
    for new in (NewStorageVolume(snapshot_id="nosuch"), NewStorageVolume(realm_id="nosuch")):
        with pytest.raises(NotFound, match="nosuch"):
            cloud.call("create_storage_volume", new=new)
    with pytest.raises(InvalidRequest):
        cloud.call("create_storage_volume", new=NewStorageVolume(capacity=0))
    for hook in ("get_storage_volume", "destroy_storage_volume", "detach_storage_volume"):
        with pytest.raises(NotFound):
            cloud.call(hook, volume_id="nosuch")


def test_a_volume_is_attached_and_detached(cloud: Cloud) -> None:
    attached = cloud.call("attach_storage_volume", volume_id="vol1", instance_id="inst0", device="/dev/sdb")
    assert (attached.state, attached.instance_id, attached.device) == ("IN-USE", "inst0", "/dev/sdb")
    assert cloud.call("get_instance", instance_id="inst0").storage_volumes == (("vol1", "/dev/sdb"),)
    detached = cloud.call("detach_storage_volume", volume_id="vol1")
    assert (detached.state, detached.instance_id, detached.device) == ("AVAILABLE", None, None)
    assert cloud.call("get_instance", instance_id="inst0").storage_volumes == ()


def test_a_volume_in_use_is_neither_attached_again_nor_deleted(cloud: Cloud) -> None:
    with pytest.raises(Conflict):
        cloud.call("attach_storage_volume", volume_id="vol3", instance_id="inst0", device="/dev/sdb")
    with pytest.raises(Conflict):
        cloud.call("destroy_storage_volume", volume_id="vol3")
    cloud.call("detach_storage_volume", volume_id="vol3")
    cloud.call("destroy_storage_volume", volume_id="vol3")
    assert cloud.ids("list_storage_volumes") == ["vol1", "vol2"]


def test_a_free_volume_is_not_detached_and_goes_to_no_unknown_instance(cloud: Cloud) -> None:
    with pytest.raises(Conflict):
        cloud.call("detach_storage_volume", volume_id="vol1")
    with pytest.raises(NotFound):
        cloud.call("attach_storage_volume", volume_id="vol1", instance_id="nosuch", device="/dev/sdb")
    assert cloud.call("get_storage_volume", volume_id="vol1").state == "AVAILABLE"


def test_a_snapshot_is_complete_at_once(make_cloud: Callable[..., Cloud]) -> None:
    cloud = make_cloud(clock=Clock(NOW))
    made = cloud.call("create_storage_snapshot", new=NewStorageSnapshot(volume_id="vol1", name="s", description="d"))
    assert (made.id, made.state, made.storage_volume_id) == (f"store_snapshot_{NOW}", "COMPLETED", "vol1")
    assert (made.name, made.description, made.created) == ("s", "d", datetime.fromtimestamp(NOW, UTC))
    assert cloud.call("get_storage_snapshot", snapshot_id=made.id) == made
    cloud.call("destroy_storage_snapshot", snapshot_id=made.id)
    with pytest.raises(NotFound):
        cloud.call("destroy_storage_snapshot", snapshot_id=made.id)


def test_a_snapshot_needs_a_volume_that_is_there(cloud: Cloud) -> None:
    with pytest.raises(NotFound, match="nosuch"):
        cloud.call("create_storage_snapshot", new=NewStorageSnapshot(volume_id="nosuch"))


def test_ids_with_a_clock_have_the_form_that_clients_know(cloud: Cloud) -> None:
    assert re.fullmatch(r"volume_\d{10}", cloud.call("create_storage_volume", new=NewStorageVolume()).id)
