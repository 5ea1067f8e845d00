"""Instances: what a launch sends, and the life that follows."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from awscloud.accounts import Accounts
from awscloud.calls import Hooks
from awscloud.images import IMAGE, IMAGES
from awscloud.things import ZONE, a_user, an_instance, another_network, default_subnet, described, name
from deltacloud.errors import Forbidden, InvalidRequest, NotFound, NotSupported
from deltacloud.inputs import Command, Filters, NewInstance, PageRequest
from deltacloud.models import Instance
from deltacloud.secret import Secret

pytestmark = pytest.mark.doubles

Calling = Callable[[Hooks], Hooks]
Launch = Callable[..., Instance]


@pytest.fixture
def launch(ec2: Hooks, moto: Accounts) -> Iterator[Launch]:
    """Launches one instance, which is ended afterwards."""
    made: list[str] = []

    def make(**fields: Any) -> Instance:
        found = ec2.call("create_instance", new=NewInstance(**{"image_id": IMAGE, **fields}))
        made.append(found.id)
        shown = ec2.call("get_instance", instance_id=found.id)
        assert isinstance(shown, Instance)
        return shown

    yield make
    moto.client("ec2").terminate_instances(InstanceIds=made)


def test_a_launch_sends_all_that_was_asked_for(launch: Launch, moto: Accounts) -> None:
    cloud = moto.client("ec2")
    key, firewall = name("key"), name("firewall")
    cloud.create_key_pair(KeyName=key)
    cloud.create_security_group(GroupName=firewall, Description="for a test")
    volume = cloud.create_volume(AvailabilityZone=ZONE, Size=2)["VolumeId"]
    snapshot = cloud.create_snapshot(VolumeId=volume)["SnapshotId"]
    data = b"#!/bin/sh\n\x00\xff \n"
    shown = launch(
        name="front", realm_id="us-east-1b", hardware_profile_id="m5.large", key_name=key, user_data=data,
        firewall_ids=(firewall,), monitoring=True, snapshot=(snapshot, "/dev/sdh"), tags=(("team", "web"),),
    )  # fmt: skip
    assert (shown.name, shown.hardware_profile_id, shown.key_name) == ("front", "m5.large", key)
    assert (shown.realm_id or "").startswith("us-east-1b:subnet-")
    assert shown.firewall_ids == (firewall,)
    assert shown.tags == (("Name", "front"), ("team", "web"))
    assert "/dev/sdh" in dict(map(reversed, shown.storage_volumes))  # type: ignore[arg-type]
    assert shown.owner_id == "111111111111"
    assert described(moto, shown.id)["Monitoring"]["State"] == "enabled"
    answer = cloud.describe_instance_attribute(InstanceId=shown.id, Attribute="userData")
    assert base64.b64decode(answer["UserData"]["Value"]) == data


@pytest.mark.parametrize(
    ("image", "size"), [(IMAGES[0], "t3.micro"), (IMAGES[2], "t4g.micro"), (IMAGES[4], "t2.micro")]
)
def test_without_a_size_the_image_decides(launch: Launch, image: dict[str, Any], size: str) -> None:
    assert launch(image_id=image["ami_id"]).hardware_profile_id == size


def test_the_operator_says_what_is_launched_for_who_names_no_size(
    calling: Calling, provider: str, moto: Accounts
) -> None:
    set_up = calling(Hooks("ec2", provider, moto.main, settings={"default-instance-types": {"x86_64": "m5.large"}}))
    made = set_up.call("create_instance", new=NewInstance(image_id=IMAGE))
    arm = set_up.call("create_instance", new=NewInstance(image_id=IMAGES[2]["ami_id"]))
    moto.client("ec2").terminate_instances(InstanceIds=[made.id, arm.id])
    assert (made.hardware_profile_id, arm.hardware_profile_id) == ("m5.large", "t4g.micro")


def test_a_realm_that_is_a_subnet_is_launched_into(launch: Launch, moto: Accounts) -> None:
    subnet = default_subnet(moto, "us-east-1c")["SubnetId"]
    realm = f"us-east-1c:{subnet}"
    assert launch(realm_id=realm).realm_id == realm
    assert launch(subnet_id=subnet).realm_id == realm
    assert launch(subnet_id=subnet, realm_id="us-east-1a").realm_id == realm


def test_firewalls_are_those_of_the_network_launched_into(ec2: Hooks, launch: Launch, moto: Accounts) -> None:
    cloud = moto.client("ec2")
    with another_network(moto) as (network, subnet):
        firewall = name("firewall")
        cloud.create_security_group(GroupName=firewall, Description="the default network's")
        there = cloud.create_security_group(GroupName=firewall, Description="its own", VpcId=network)["GroupId"]
        shown = launch(subnet_id=subnet, firewall_ids=(firewall,))
        assert shown.firewall_ids == (there,)
        assert launch(subnet_id=subnet, firewall_ids=(there,)).firewall_ids == (there,)
        assert launch(firewall_ids=(firewall,)).firewall_ids == (firewall,)
        with pytest.raises(NotFound, match="nothing-like-it"):
            ec2.call("create_instance", new=NewInstance(image_id=IMAGE, firewall_ids=("nothing-like-it",)))
        there_now = cloud.describe_instances(Filters=[{"Name": "subnet-id", "Values": [subnet]}])["Reservations"]
        inside = [one["InstanceId"] for launched in there_now for one in launched["Instances"]]
        cloud.terminate_instances(InstanceIds=inside)
        cloud.delete_security_group(GroupId=there)


@pytest.mark.parametrize(
    "fields",
    [
        {"image_id": "ami-00000000000000000"},
        {"image_id": "nothing"},
        {"key_name": "no such key", "hardware_profile_id": "t3.micro"},
        {"subnet_id": "subnet-00000000000000000"},
        {"firewall_ids": ("sg-00000000000000000",)},
    ],
)
def test_a_launch_that_names_what_is_not_there_is_not_found(ec2: Hooks, fields: dict[str, Any]) -> None:
    with pytest.raises(NotFound):
        ec2.call("create_instance", new=NewInstance(**{"image_id": IMAGE, **fields}))


def test_several_are_launched_at_once(ec2: Hooks, moto: Accounts) -> None:
    made = ec2.call("create_instance", new=NewInstance(image_id=IMAGE, count=3, tags=(("batch", "one"),)))
    assert len({one.id for one in made}) == 3
    assert {one.id for one in ec2.list("instances", Filters(tags=(("batch", "one"),)))} == {one.id for one in made}
    moto.client("ec2").terminate_instances(InstanceIds=[one.id for one in made])


def test_a_life_ends_only_after_a_stop(ec2: Hooks, launch: Launch) -> None:
    running = launch()
    assert (running.state, running.actions, running.create_image) == ("RUNNING", None, True)
    assert ec2.call("reboot_instance", instance=running).state == "RUNNING"
    assert ec2.call("stop_instance", instance=running).state in ("STOPPING", "STOPPED")
    assert ec2.call("start_instance", instance=running).state in ("PENDING", "RUNNING")
    assert ec2.call("destroy_instance", instance=running) is None
    (ended,) = ec2.list("instances", Filters(id=(running.id,)))
    assert (ended.state, ended.create_image) == ("FINISH", False)


def test_lists_are_narrowed_by_the_cloud_and_tell_the_truth(ec2: Hooks, moto: Accounts) -> None:
    with an_instance(moto) as first, an_instance(moto) as second:
        moto.client("ec2").stop_instances(InstanceIds=[second])
        assert [one.id for one in ec2.list("instances", Filters(id=(first, second), state=("STOPPED",)))] == [second]
        assert [one.id for one in ec2.list("instances", Filters(id=(first, second), state=("running",)))] == [first]
        assert ec2.list("instances", Filters(state=("nonsense",))) == []
        realm = ec2.call("get_instance", instance_id=first).realm_id
        assert {first, second} <= {one.id for one in ec2.list("instances", Filters(realm_id=(realm,)))}
        assert ec2.list("instances", Filters(realm_id=("us-east-1f:subnet-0",))) == []


def test_a_launch_of_many_is_cut_into_pages(calling: Calling, provider: str, moto: Accounts) -> None:
    """Moto counts a page in launches, so that one may hold more instances than were asked for."""
    small = calling(Hooks("ec2", provider, moto.main, settings={"page-size": 5}))
    made = small.call("create_instance", new=NewInstance(image_id=IMAGE, count=7, tags=(("batch", "two"),)))
    wanted = {one.id for one in made}
    filters = Filters(tags=(("batch", "two"),))
    for limit in (1, 3, 10):
        found: list[str] = []
        marker = None
        while True:
            page = small.caller.lister.page("list_instances", filters, PageRequest(limit=limit, marker=marker))
            items = [one.id for one in page.items]
            assert len(items) <= limit
            found += items
            marker = page.next_marker
            if marker is None:
                break
        assert (len(found), set(found)) == (7, wanted)
    moto.client("ec2").terminate_instances(InstanceIds=sorted(wanted))


@pytest.mark.parametrize("marker", ["", "nonsense", "[0]", "[7,0,null]", "[0,-1,null]"])
def test_a_marker_that_was_not_given_out_is_refused(ec2: Hooks, marker: str) -> None:
    with pytest.raises(InvalidRequest) as raised:
        ec2.caller.lister.page("list_instances", Filters(), PageRequest(limit=5, marker=marker))
    assert raised.value.parameter == "marker"


def test_whoever_may_see_no_networks_sees_instances_all_the_same(
    calling: Calling, provider: str, moto: Accounts
) -> None:
    """Its firewalls then go by their ids, since nobody can tell which network is the default one."""
    looking = calling(Hooks("ec2", provider, a_user(moto, "ec2:DescribeInstances")))
    with an_instance(moto) as instance:
        shown = looking.call("get_instance", instance_id=instance)
        with pytest.raises(Forbidden):
            looking.list("networks")
    assert all(one.startswith("sg-") for one in shown.firewall_ids)


def test_commands_are_run_at_the_instances_own_addresses_only(ec2: Hooks, moto: Accounts) -> None:
    with an_instance(moto) as instance:
        shown = ec2.call("get_instance", instance_id=instance)
        command = Command(command="true", password=Secret("x"), address="203.0.113.9")
        with pytest.raises(InvalidRequest, match="no such address"):
            ec2.call("run_on_instance", instance=shown, command=command)
        with pytest.raises(NotSupported, match="setting ssh is off"):
            ec2.call("run_on_instance", instance=shown, command=Command(command="true", password=Secret("x")))


def test_an_instance_that_is_not_there_is_not_found(ec2: Hooks) -> None:
    for unknown in ("i-00000000000000000", "nothing"):
        with pytest.raises(NotFound):
            ec2.call("get_instance", instance_id=unknown)
