"""Instances as Amazon's answers tell of them: states that no emulator shows, addresses, firewalls and volumes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from awscloud.wire import parsed, reservation, state
from deltacloud.models import Instance, InstanceAddress
from deltacloud_ec2.compute import STATES
from deltacloud_ec2.mapping.instances import free_device_index, instances_from, names_of_states

DEFAULT = "vpc-default"


def instance(xml: str, groups: str = "") -> Instance:
    """The one instance of an answer."""
    answer = parsed("ec2", "DescribeInstances", reservation(xml, groups))
    (found,) = [one for launch in answer["Reservations"] for one in instances_from(launch, DEFAULT)]
    return found


def offered(shown: Instance) -> tuple[str, ...]:
    """What the gateway offers."""
    return STATES.actions(shown.state) if shown.actions is None else shown.actions


@pytest.mark.parametrize(
    ("name", "root", "shown", "actions"),
    [
        ("pending", "ebs", "PENDING", ()),
        ("running", "ebs", "RUNNING", ("reboot", "stop")),
        ("stopping", "ebs", "STOPPING", ()),
        ("stopped", "ebs", "STOPPED", ("start", "destroy")),
        ("shutting-down", "ebs", "STOPPED", ()),
        ("terminated", "ebs", "FINISH", ()),
        ("pending", "instance-store", "PENDING", ()),
        ("running", "instance-store", "RUNNING", ("reboot", "destroy")),
        ("shutting-down", "instance-store", "STOPPED", ()),
        ("stopped", "instance-store", "STOPPED", ("destroy",)),
        ("terminated", "instance-store", "FINISH", ()),
        ("running", "", "RUNNING", ("reboot", "destroy")),
    ],
)
def test_a_state_offers_what_the_root_disk_allows(name: str, root: str, shown: str, actions: tuple[str, ...]) -> None:
    found = instance(state(name, root))
    assert (found.state, offered(found)) == (shown, actions)


@pytest.mark.parametrize(
    ("name", "root", "can"),
    [("running", "ebs", True), ("stopped", "ebs", True), ("shutting-down", "ebs", False), ("terminated", "ebs", False),
     ("pending", "ebs", False), ("running", "instance-store", False)],
)  # fmt: skip
def test_an_image_can_be_made_of_what_runs_or_is_stopped_on_a_lasting_disk(name: str, root: str, can: bool) -> None:
    assert instance(state(name, root)).create_image is can


def test_an_instance_shows_what_amazon_says_of_it() -> None:
    found = instance(
        state("running") + "<privateDnsName>ip-10-0-0-5.ec2.internal</privateDnsName>"
        "<dnsName>ec2-203-0-113-7.compute-1.amazonaws.com</dnsName><ipAddress>203.0.113.7</ipAddress>"
        "<privateIpAddress>10.0.0.5</privateIpAddress><keyName>door</keyName><instanceType>t3.micro</instanceType>"
        "<launchTime>2026-11-24T12:34:56.000Z</launchTime>"
        "<placement><availabilityZone>us-east-1b</availabilityZone></placement><subnetId>subnet-0a</subnetId>"
        "<vpcId>vpc-default</vpcId><architecture>x86_64</architecture>"
        "<groupSet><item><groupId>sg-1</groupId><groupName>web</groupName></item></groupSet>"
        "<blockDeviceMapping><item><deviceName>/dev/sda1</deviceName><ebs><volumeId>vol-1</volumeId></ebs></item>"
        "<item><deviceName>/dev/sdb</deviceName></item></blockDeviceMapping>"
        "<networkInterfaceSet><item><networkInterfaceId>eni-1</networkInterfaceId></item></networkInterfaceSet>"
        "<tagSet><item><key>Name</key><value>front</value></item><item><key>a</key><value/></item></tagSet>"
    )
    assert found == Instance(
        id="i-0123456789abcdef0",
        name="front",
        owner_id="111122223333",
        image_id="ami-0abc",
        realm_id="us-east-1b:subnet-0a",
        state="RUNNING",
        hardware_profile_id="t3.micro",
        launch_time=datetime(2026, 11, 24, 12, 34, 56, tzinfo=UTC),
        public_addresses=(InstanceAddress("ec2-203-0-113-7.compute-1.amazonaws.com", "hostname"),),
        private_addresses=(InstanceAddress("ip-10-0-0-5.ec2.internal", "hostname"),),
        firewall_ids=("web",),
        storage_volumes=(("vol-1", "/dev/sda1"),),
        key_name="door",
        network_interface_ids=("eni-1",),
        create_image=True,
        tags=(("Name", "front"), ("a", "")),
    )


def test_without_a_name_an_instance_is_called_by_its_image() -> None:
    assert instance(state("running")).name == "ami-0abc"


def test_outside_a_subnet_the_realm_is_the_zone() -> None:
    placed = "<placement><availabilityZone>us-east-1b</availabilityZone></placement>"
    assert instance(state("running") + placed).realm_id == "us-east-1b"


@pytest.mark.parametrize(
    ("xml", "shown"),
    [
        ("<dnsName/>", InstanceAddress("", "hostname")),
        ("<dnsName/><ipAddress>203.0.113.7</ipAddress>", InstanceAddress("203.0.113.7", "ipv4")),
        ("<dnsName>203.0.113.7</dnsName>", InstanceAddress("203.0.113.7", "ipv4")),
        ("<dnsName>0.0.0.0</dnsName>", InstanceAddress("", "hostname")),
    ],
)
def test_an_address_is_a_name_or_a_number_or_unavailable(xml: str, shown: InstanceAddress) -> None:
    assert instance(state("running") + xml).public_addresses == (shown,)


def test_addresses_of_version_6_are_public_ones() -> None:
    inside = "<ipv6AddressesSet><item><ipv6Address>2001:db8::5</ipv6Address></item></ipv6AddressesSet>"
    interface = f"<item><networkInterfaceId>eni-1</networkInterfaceId>{inside}</item>"
    found = instance(f"{state('running')}<networkInterfaceSet>{interface}</networkInterfaceSet>")
    assert found.public_addresses == (InstanceAddress("2001:db8::5", "ipv6"),)


def test_firewalls_of_another_network_go_by_their_ids() -> None:
    groups = "<groupSet><item><groupId>sg-1</groupId><groupName>web</groupName></item></groupSet>"
    assert instance(state("running") + "<vpcId>vpc-other</vpcId>" + groups).firewall_ids == ("sg-1",)


def test_where_there_are_no_networks_the_launch_tells_the_firewalls() -> None:
    groups = "<item><groupId>web</groupId><groupName>web</groupName></item>"
    assert instance(state("running"), groups).firewall_ids == ("web",)


def test_an_old_architecture_differs_from_what_its_size_usually_is() -> None:
    assert instance(state("running") + "<architecture>i386</architecture>").hardware_overrides == (
        ("architecture", "i386"),
    )


def test_states_are_asked_for_in_any_letter_case() -> None:
    assert names_of_states(("running", "Stopped")) == ["running", "shutting-down", "stopped"]
    assert names_of_states(("nothing",)) == []


@pytest.mark.parametrize(("taken", "free"), [((), 1), ((0,), 1), ((0, 1, 3), 2), ((0, 1, 2), 3)])
def test_a_further_interface_takes_the_lowest_number_that_is_free(taken: tuple[int, ...], free: int) -> None:
    interfaces = [{"Attachment": {"DeviceIndex": number}} for number in taken]
    assert free_device_index({"NetworkInterfaces": interfaces}) == free
