"""Volumes and snapshots."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from awscloud.accounts import Accounts
from awscloud.calls import Hooks
from awscloud.things import ZONE, an_instance, default_subnet, name
from deltacloud.errors import Conflict, NotFound
from deltacloud.inputs import Filters, NewStorageSnapshot, NewStorageVolume
from deltacloud.models import StorageVolume

pytestmark = pytest.mark.doubles

Calling = Callable[[Hooks], Hooks]


@pytest.fixture
def volume(ec2: Hooks) -> Iterator[StorageVolume]:
    made = ec2.call("create_storage_volume", new=NewStorageVolume(capacity=2, realm_id=ZONE, name=name("disk")))
    yield made
    ec2.call("destroy_storage_volume", volume_id=made.id)


def test_a_volume_is_made_with_its_name_and_tags(ec2: Hooks) -> None:
    wanted = NewStorageVolume(capacity=3, realm_id="us-east-1b", name="data", tags=(("team", "web"),))
    made = ec2.call("create_storage_volume", new=wanted)
    shown = ec2.call("get_storage_volume", volume_id=made.id)
    assert (shown.name, shown.capacity, shown.realm_id) == ("data", 3, "us-east-1b")
    assert shown.tags == (("Name", "data"), ("team", "web"))
    assert (shown.state, shown.instance_id, shown.actions) == ("AVAILABLE", None, ("attach", "detach", "destroy"))
    found = ec2.list(
        "storage_volumes", Filters(tags=(("team", "web"),), state=("AVAILABLE",), realm_id=("us-east-1b",))
    )
    assert [one.id for one in found] == [made.id]
    ec2.call("destroy_storage_volume", volume_id=made.id)
    with pytest.raises(NotFound):
        ec2.call("get_storage_volume", volume_id=made.id)


def test_a_volume_without_a_size_or_a_realm_is_one_gigabyte_in_the_first_zone(ec2: Hooks, moto: Accounts) -> None:
    made = ec2.call("create_storage_volume", new=NewStorageVolume())
    first = moto.client("ec2").describe_availability_zones()["AvailabilityZones"][0]["ZoneName"]
    assert (made.capacity, made.realm_id) == (1, first)
    ec2.call("destroy_storage_volume", volume_id=made.id)


def test_a_realm_that_is_a_subnet_means_its_zone(ec2: Hooks, moto: Accounts) -> None:
    realm = f"{ZONE}:{default_subnet(moto)['SubnetId']}"
    made = ec2.call("create_storage_volume", new=NewStorageVolume(realm_id=realm))
    assert made.realm_id == ZONE
    ec2.call("destroy_storage_volume", volume_id=made.id)


def test_a_volume_goes_to_an_instance_and_back(ec2: Hooks, moto: Accounts, volume: StorageVolume) -> None:
    with an_instance(moto) as instance:
        held = ec2.call("attach_storage_volume", volume_id=volume.id, instance_id=instance, device="/dev/sdh")
        assert (held.instance_id, held.device, held.state) == (instance, "/dev/sdh", "IN-USE")
        with pytest.raises(Conflict):
            ec2.call("destroy_storage_volume", volume_id=volume.id)
        freed = ec2.call("detach_storage_volume", volume_id=volume.id)
        assert (freed.instance_id, freed.device, freed.capacity) == (None, None, 2)


def test_a_volume_that_nobody_has_cannot_be_detached(ec2: Hooks, volume: StorageVolume) -> None:
    with pytest.raises(Conflict, match="not attached"):
        ec2.call("detach_storage_volume", volume_id=volume.id)


def test_a_snapshot_shows_its_volume_and_makes_another(ec2: Hooks, volume: StorageVolume) -> None:
    wanted = NewStorageSnapshot(volume_id=volume.id, name="nightly", description="by night", tags=(("team", "web"),))
    made = ec2.call("create_storage_snapshot", new=wanted)
    shown = ec2.call("get_storage_snapshot", snapshot_id=made.id)
    assert (shown.name, shown.description, shown.state) == ("nightly", "by night", "completed")
    assert (shown.storage_volume_id, shown.tags) == (volume.id, (("Name", "nightly"), ("team", "web")))
    assert [one.id for one in ec2.list("storage_snapshots", Filters(tags=(("team", "web"),)))] == [made.id]
    assert [one.id for one in ec2.list("storage_snapshots", Filters(id=(made.id,), state=("completed",)))] == [made.id]
    copy = ec2.call("create_storage_volume", new=NewStorageVolume(snapshot_id=made.id, realm_id=ZONE))
    assert copy.capacity == 2
    ec2.call("destroy_storage_volume", volume_id=copy.id)
    ec2.call("destroy_storage_snapshot", snapshot_id=made.id)
    with pytest.raises(NotFound):
        ec2.call("get_storage_snapshot", snapshot_id=made.id)


def test_snapshots_of_others_are_not_listed(ec2: Hooks, moto: Accounts, provider: str, calling: Calling) -> None:
    theirs = calling(Hooks("ec2", provider, moto.other))
    there = theirs.call("create_storage_volume", new=NewStorageVolume(realm_id=ZONE))
    made = theirs.call("create_storage_snapshot", new=NewStorageSnapshot(volume_id=there.id))
    assert made.id in [one.id for one in theirs.list("storage_snapshots")]
    assert made.id not in [one.id for one in ec2.list("storage_snapshots")]


@pytest.mark.parametrize("unknown", ["vol-00000000000000000", "nothing", "*"])
def test_a_volume_that_is_not_there_is_not_found(ec2: Hooks, unknown: str) -> None:
    for hook in ("get_storage_volume", "destroy_storage_volume", "detach_storage_volume"):
        with pytest.raises(NotFound):
            ec2.call(hook, volume_id=unknown)
    assert ec2.list("storage_volumes", Filters(id=(unknown,))) == []
