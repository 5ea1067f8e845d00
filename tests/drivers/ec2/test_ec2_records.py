"""Volumes, snapshots, images, sizes, addresses, networks, load balancers and measurements, as Amazon tells of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from awscloud.wire import parsed
from deltacloud.hardware import choice, fixed
from deltacloud.inputs import Listener, NewLoadBalancer, NewStorageVolume
from deltacloud.models import Address, Image, LoadBalancer, MetricSample, Realm, StorageVolume
from deltacloud_ec2.mapping.addresses import address_from, allocation, association, in_use
from deltacloud_ec2.mapping.hardware_profiles import profile_from
from deltacloud_ec2.mapping.images import image_from
from deltacloud_ec2.mapping.load_balancers import classic_from, classic_request, id_in, second_generation_from
from deltacloud_ec2.mapping.metrics import measured, metrics_from, queries_for, unit_of
from deltacloud_ec2.mapping.networks import interface_from, network_from, subnet_from
from deltacloud_ec2.mapping.realms import Site, site_of, zone_from
from deltacloud_ec2.mapping.tags import tagging
from deltacloud_ec2.mapping.volumes import volume_from, volume_request

MOMENT = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
EC2 = 'xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"'


def volume(xml: str) -> StorageVolume:
    """The one volume of an answer."""
    inside = f"<volumeSet><item><volumeId>vol-1</volumeId>{xml}</item></volumeSet>"
    answer = parsed("ec2", "DescribeVolumes", f"<DescribeVolumesResponse {EC2}>{inside}</DescribeVolumesResponse>")
    return volume_from(answer["Volumes"][0])


@pytest.mark.parametrize("state", ["creating", "available", "in-use", "deleting", "deleted", "error"])
def test_a_volume_shows_its_state_in_capitals(state: str) -> None:
    assert volume(f"<status>{state}</status>").state == state.upper()


def test_a_volume_whose_state_is_not_told_says_so() -> None:
    assert volume("").state == "UNKNOWN"


def test_a_volume_shows_the_last_instance_that_has_it() -> None:
    held = "".join(
        f"<item><instanceId>i-{one}</instanceId><device>/dev/sd{one}</device><status>{status}</status></item>"
        for one, status in (("a", "attached"), ("b", "attaching"), ("c", "detaching"))
    )
    found = volume(
        "<size>8</size><availabilityZone>us-east-1a</availabilityZone><status>in-use</status>"
        "<createTime>2026-11-24T12:00:00.000Z</createTime><volumeType>gp3</volumeType>"
        f"<attachmentSet>{held}</attachmentSet><tagSet><item><key>Name</key><value>data</value></item></tagSet>"
    )
    assert found == StorageVolume(
        id="vol-1", name="data", created=MOMENT, capacity=8, kind="gp3", device="/dev/sdb", realm_id="us-east-1a",
        state="IN-USE", instance_id="i-b", actions=("attach", "detach", "destroy"), tags=(("Name", "data"),),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("new", "size"),
    [
        (NewStorageVolume(), {"Size": 1}),
        (NewStorageVolume(capacity=2.5), {"Size": 3}),
        (NewStorageVolume(snapshot_id="snap-1"), {"SnapshotId": "snap-1"}),
        (NewStorageVolume(snapshot_id="snap-1", capacity=9), {"SnapshotId": "snap-1", "Size": 9}),
    ],
)
def test_a_volume_has_the_size_asked_for_or_that_of_its_snapshot(new: NewStorageVolume, size: dict[str, Any]) -> None:
    assert volume_request(new, "us-east-1a", {}) == {"AvailabilityZone": "us-east-1a", **size}


def test_a_name_is_a_tag_and_wins_over_one_that_is_given_beside_it() -> None:
    tags = [{"Key": "Name", "Value": "data"}, {"Key": "a", "Value": "b"}]
    wanted = {"TagSpecifications": [{"ResourceType": "volume", "Tags": tags}]}
    assert tagging("volume", "data", (("Name", "other"), ("a", "b"))) == wanted
    assert tagging("volume", None) == {}


def test_an_image_shows_its_place_where_it_is_not_described() -> None:
    found = image_from({
        "ImageId": "ami-1", "ImageLocation": "amazon/old", "OwnerId": "111122223333", "Architecture": "arm64_mac",
        "State": "available", "RootDeviceType": "instance-store", "CreationDate": "2026-11-24T12:00:00.000Z",
    })  # fmt: skip
    assert found == Image(
        id="ami-1", name="ami-1", description="amazon/old", owner_id="111122223333", architecture="arm64_mac",
        state="available", creation_time=MOMENT, root_type="transient", tags=(),
    )  # fmt: skip


@pytest.mark.parametrize("date", [None, "", "yesterday", "2026-11-24"])
def test_an_image_without_a_time_has_none(date: str | None) -> None:
    assert image_from({"ImageId": "ami-1", "CreationDate": date}).creation_time is None


def test_a_size_runs_what_its_processors_run() -> None:
    record: dict[str, Any] = {
        "InstanceType": "m1.small", "VCpuInfo": {"DefaultVCpus": 1}, "MemoryInfo": {"SizeInMiB": 1740},
        "InstanceStorageInfo": {"TotalSizeInGB": 160}, "SupportedRootDeviceTypes": ["ebs", "instance-store"],
        "ProcessorInfo": {"SupportedArchitectures": ["i386", "x86_64"]},
    }  # fmt: skip
    assert profile_from(record).properties == (
        fixed("cpu", 1), fixed("memory", 1740), fixed("storage", 160),
        choice("architecture", ("i386", "x86_64"), "x86_64"),
    )  # fmt: skip
    only = record | {
        "InstanceStorageInfo": None, "SupportedRootDeviceTypes": ["ebs"],
        "ProcessorInfo": {"SupportedArchitectures": ["arm64"]},
    }  # fmt: skip
    assert profile_from(only).properties[2:] == (
        fixed("storage", 0), fixed("architecture", "arm64"), fixed("root_type", "persistent"),
    )  # fmt: skip


def test_a_zone_that_is_not_available_has_no_room() -> None:
    assert zone_from({"ZoneName": "us-east-1a", "State": "impaired"}) == Realm(
        id="us-east-1a", name="us-east-1a", state="impaired", limit=0
    )
    assert zone_from({"ZoneName": "us-east-1a", "State": "available"}).limit is None


@pytest.mark.parametrize(
    ("realm", "subnet", "site"),
    [
        (None, None, Site(None, None)),
        ("us-east-1a", None, Site("us-east-1a", None)),
        ("us-east-1a:subnet-1", None, Site("us-east-1a", "subnet-1")),
        ("us-east-1a:subnet-1", "subnet-2", Site("us-east-1a", "subnet-2")),
        (None, "subnet-2", Site(None, "subnet-2")),
    ],
)
def test_a_realm_is_a_zone_or_a_subnet_in_one(realm: str | None, subnet: str | None, site: Site) -> None:
    assert site_of(realm, subnet) == site


@pytest.mark.parametrize("instance", [{}, {"InstanceId": ""}])
def test_an_empty_instance_of_an_address_is_none(instance: dict[str, str]) -> None:
    assert address_from({"PublicIp": "203.0.113.7", **instance}) == Address(id="203.0.113.7")


def test_an_address_is_called_inside_as_the_cloud_calls_it() -> None:
    plain = {"PublicIp": "203.0.113.7"}
    inside = {**plain, "AllocationId": "eipalloc-1", "AssociationId": "eipassoc-1"}
    assert (allocation(plain), association(plain), in_use(plain)) == (plain, plain, False)
    assert (allocation(inside), association(inside)) == (
        {"AllocationId": "eipalloc-1"},
        {"AssociationId": "eipassoc-1"},
    )
    assert in_use(inside)  # by an interface that belongs to no instance
    assert in_use({**plain, "InstanceId": "i-1"})


def test_a_network_has_its_subnets_blocks_or_its_own() -> None:
    record = {"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16", "State": "pending"}
    empty = network_from(record, ())
    assert (empty.name, empty.state, empty.address_blocks, empty.subnet_ids) == ("vpc-1", "DOWN", ("10.0.0.0/16",), ())
    parts = [{"SubnetId": "subnet-1", "CidrBlock": "10.0.1.0/24"}, {"SubnetId": "subnet-2", "CidrBlock": "10.0.2.0/24"}]
    full = network_from(record | {"State": "available"}, parts)
    assert (full.state, full.address_blocks) == ("UP", ("10.0.1.0/24", "10.0.2.0/24"))
    assert full.subnet_ids == ("subnet-1", "subnet-2")


def test_a_subnet_of_version_6_alone_shows_no_block() -> None:
    assert subnet_from({"SubnetId": "subnet-1", "VpcId": "vpc-1", "State": "available"}).address_block is None


def test_an_interface_of_nobody_has_no_instance() -> None:
    found = interface_from({"NetworkInterfaceId": "eni-1", "SubnetId": "subnet-1", "TagSet": []})
    assert (found.name, found.network_id, found.instance_id) == ("eni-1", "subnet-1", None)


def test_a_classic_load_balancer_comes_over_the_wire() -> None:
    answer = parsed(
        "elb",
        "DescribeLoadBalancers",
        '<DescribeLoadBalancersResponse xmlns="http://elasticloadbalancing.amazonaws.com/doc/2012-06-01/">'
        "<DescribeLoadBalancersResult><LoadBalancerDescriptions><member><LoadBalancerName>web</LoadBalancerName>"
        "<DNSName>web-1.us-east-1.elb.amazonaws.com</DNSName><CreatedTime>2026-11-24T12:00:00.000Z</CreatedTime>"
        "<AvailabilityZones><member>us-east-1a</member></AvailabilityZones><Subnets><member>subnet-1</member></Subnets>"
        "<ListenerDescriptions><member><Listener><Protocol>HTTP</Protocol><LoadBalancerPort>80</LoadBalancerPort>"
        "<InstancePort>8080</InstancePort><InstanceProtocol>HTTP</InstanceProtocol></Listener></member>"
        "</ListenerDescriptions><Instances><member><InstanceId>i-1</InstanceId></member></Instances></member>"
        "</LoadBalancerDescriptions></DescribeLoadBalancersResult></DescribeLoadBalancersResponse>",
    )
    (record,) = answer["LoadBalancerDescriptions"]
    assert classic_from(record, {}) == LoadBalancer(
        id="web", name="web", realm_ids=("us-east-1a",), public_addresses=("web-1.us-east-1.elb.amazonaws.com",),
        created_at=MOMENT, listeners=(Listener(protocol="HTTP", load_balancer_port=80, instance_port=8080),),
        instances=("i-1",),
    )  # fmt: skip


def test_a_classic_load_balancer_is_made_in_a_zone_or_a_subnet() -> None:
    new = NewLoadBalancer(
        name="web",
        realm_id="us-east-1a",
        listeners=(Listener(protocol="TCP", load_balancer_port=22, instance_port=2222),),
    )
    inside = {
        "LoadBalancerName": "web",
        "Listeners": [{"Protocol": "TCP", "LoadBalancerPort": 22, "InstancePort": 2222}],
    }
    assert classic_request(new, site_of("us-east-1a")) == inside | {"AvailabilityZones": ["us-east-1a"]}
    assert classic_request(new, site_of("us-east-1a:subnet-1")) == inside | {"Subnets": ["subnet-1"]}


ARN = "arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/web/0123456789abcdef"


def test_a_listener_that_passes_nothing_on_has_no_port_of_instances_and_is_not_shown() -> None:
    record = {
        "LoadBalancerArn": ARN, "LoadBalancerName": "web", "DNSName": "web.example",
        "AvailabilityZones": [{"ZoneName": "us-east-1a", "SubnetId": "subnet-1"}, {"ZoneName": "us-east-1b"}],
    }  # fmt: skip
    listeners: list[dict[str, Any]] = [
        {"Protocol": "HTTP", "Port": 80, "DefaultActions": [{"Type": "redirect"}]},
        {"Protocol": "HTTPS", "Port": 443, "DefaultActions": [{"Type": "forward", "TargetGroupArn": "group"}]},
        {"Protocol": "HTTP", "Port": 81, "DefaultActions": [
            {"Type": "forward", "ForwardConfig": {"TargetGroups": [{"TargetGroupArn": "group"}]}}]},
    ]  # fmt: skip
    found = second_generation_from(record, listeners, {"group": {"Port": 8080}}, ["i-1"])
    assert found.id == id_in(ARN) == "app/web/0123456789abcdef"
    assert found.realm_ids == ("us-east-1a:subnet-1", "us-east-1b")
    assert [(one.protocol, one.load_balancer_port, one.instance_port) for one in found.listeners] == [
        ("HTTPS", 443, 8080), ("HTTP", 81, 8080),
    ]  # fmt: skip


def test_what_is_measured_is_sorted_by_instance() -> None:
    def about(name: str, **dimensions: str) -> dict[str, Any]:
        return {"MetricName": name, "Dimensions": [{"Name": key, "Value": value} for key, value in dimensions.items()]}

    found = metrics_from([
        about("NetworkIn", InstanceId="i-1"), about("CPUUtilization", InstanceId="i-2"), about("CPUUtilization"),
        about("CPUUtilization", InstanceId="i-1"), about("CPUUtilization", ImageId="ami-1"),
        about("CPUUtilization", InstanceId="i-1", ImageId="ami-1"),
    ])  # fmt: skip
    assert [(one.id, one.entity, [each.name for each in one.properties]) for one in found] == [
        ("i-1", "InstanceId", ["CPUUtilization", "NetworkIn"]), ("i-2", "InstanceId", ["CPUUtilization"]),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "unit"),
    [("DiskReadBytes", "Bytes"), ("DiskWriteOps", "Count"), ("CPUCreditCount", "Count"), ("CPUUtilization", "Percent"),
     ("NetworkOut", "Bytes"), ("StatusCheckFailed", "None")],
)  # fmt: skip
def test_a_unit_follows_from_the_name(name: str, unit: str) -> None:
    assert unit_of(name) == unit


def test_samples_of_one_moment_are_put_together_the_oldest_first() -> None:
    (metric,) = metrics_from([
        {"MetricName": "CPUUtilization", "Dimensions": [{"Name": "InstanceId", "Value": "i-1"}]},
    ])  # fmt: skip
    lowest, highest, average = (query["Id"] for query in queries_for(metric))
    later = datetime(2026, 11, 24, 12, 1, tzinfo=UTC)
    whole = measured(metric, [
        {"Id": lowest, "Timestamps": [later, MOMENT], "Values": [1.0, 2.0]},
        {"Id": highest, "Timestamps": [MOMENT], "Values": [4.0]},
        {"Id": average, "Timestamps": [MOMENT], "Values": [3.0]},
        {"Id": highest, "Timestamps": [later], "Values": [9.0]},
    ])  # fmt: skip
    assert whole.properties[0].samples == (
        MetricSample(minimum=2.0, maximum=4.0, average=3.0, timestamp=1795521600, unit="Percent"),
        MetricSample(minimum=1.0, maximum=9.0, average=None, timestamp=1795521660, unit="Percent"),
    )
