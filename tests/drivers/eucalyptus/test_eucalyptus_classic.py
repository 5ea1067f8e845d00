"""A cloud without networks, as Eucalyptus has by itself: groups by their names, addresses without ids."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from ipaddress import ip_interface

import pytest

from awscloud.accounts import Keys
from awscloud.calls import Hooks
from awscloud.canned import Canned, Parameters, Refusal
from deltacloud.errors import Conflict, DeltacloudError, Forbidden, NotFound
from deltacloud.inputs import (
    AddressSource,
    Filters,
    GroupSource,
    NewFirewallRule,
    NewInstance,
    NewStorageSnapshot,
    NewStorageVolume,
    PageRequest,
)
from deltacloud.models import Instance, InstanceAddress

KEYS = Keys("AKIAIOSFODNN7EXAMPLE", "x")
Answers = dict[str, str | Callable[[Parameters], str]]
Classic = Callable[..., tuple[Hooks, Canned]]

GROUP = "<item><ownerId>1</ownerId><groupName>{name}</groupName><groupDescription>d</groupDescription>{further}</item>"
ZONE = (
    "<availabilityZoneInfo><item><zoneName>cluster1</zoneName><zoneState>{state}</zoneState></item>"
    "</availabilityZoneInfo>"
)
INSTANCE = (
    "<reservationSet><item><ownerId>123456789012</ownerId><groupSet><item><groupName>default</groupName>"
    "<groupId>default</groupId></item></groupSet><instancesSet><item><instanceId>i-3EFD0862</instanceId>"
    "<imageId>emi-1</imageId><instanceState><name>running</name></instanceState><privateDnsName>{private}</privateDnsName>"
    "<dnsName>{public}</dnsName><placement><availabilityZone>cluster1</availabilityZone></placement>"
    "<instanceType>m1.small</instanceType></item></instancesSet></item></reservationSet>"
)


def _unknown(_parameters: Parameters) -> str:
    raise Refusal("InvalidAction", "The action is not valid", 400)


def _groups(*names: str, further: str = "") -> str:
    items = "".join(GROUP.format(name=name, further=f"<groupId>sg-{name}</groupId>{further}") for name in names)
    return f"<securityGroupInfo>{items}</securityGroupInfo>"


@pytest.fixture(name="classic")
def classic_fixture() -> Iterator[Classic]:
    """Makes what calls the driver on a cloud that knows no networks."""
    made: list[tuple[Hooks, Canned]] = []

    def make(answers: Answers, further: str = "", settings: dict[str, object] | None = None) -> tuple[Hooks, Canned]:
        known: Answers = {"DescribeVpcs": _unknown, "DescribeSubnets": _unknown, **answers}
        cloud = Canned(known)
        provider = f"ec2={cloud.url.removeprefix('http://')}/{further}"
        made.append((Hooks("eucalyptus", provider, KEYS, settings=settings), cloud))
        return made[-1]

    yield make
    for hooks, cloud in made:
        hooks.close()
        cloud.close()


def test_realms_are_the_zones_alone_and_one_with_an_odd_state_has_no_room(classic: Classic) -> None:
    hooks, _ = classic({"DescribeAvailabilityZones": ZONE.format(state="192.168.1.1 arn:euca:eucalyptus:cluster1")})
    (realm,) = hooks.list("realms")
    assert (realm.id, realm.limit) == ("cluster1", 0)


def test_the_account_lacks_networks_and_what_the_provider_names_no_endpoint_for(classic: Classic) -> None:
    hooks, _ = classic({"DescribeAvailabilityZones": ZONE.format(state="available")})
    seen = hooks.call("inspect_account")
    assert {"instances", "firewalls", "drivers", "hardware_profiles"} <= seen
    assert seen.isdisjoint({"networks", "subnets", "network_interfaces", "buckets", "load_balancers", "metrics"})


def test_an_account_with_networks_has_them(classic: Classic) -> None:
    vpc = "<vpcSet><item><vpcId>vpc-1</vpcId><state>available</state></item></vpcSet>"
    answers = {"DescribeAvailabilityZones": ZONE.format(state="available"), "DescribeVpcs": vpc}
    hooks, _ = classic(answers, ";elb=127.0.0.1;mon=127.0.0.1;s3=127.0.0.1")
    assert {"networks", "subnets", "buckets", "load_balancers", "metrics"} <= hooks.call("inspect_account")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("192.0.2.7", InstanceAddress("192.0.2.7", "ipv4")),
        ("euca-192-0-2-7.cloud.example", InstanceAddress("euca-192-0-2-7.cloud.example", "hostname")),
        ("0.0.0.0", InstanceAddress("", "hostname")),  # noqa: S104 - what old releases say
        ("", InstanceAddress("", "hostname")),
    ],
)  # fmt: skip
def test_an_instance_is_shown_with_the_addresses_that_it_has(
    classic: Classic, written: str, shown: InstanceAddress
) -> None:
    hooks, _ = classic({"DescribeInstances": INSTANCE.format(public=written, private="10.0.0.1")})
    (instance,) = hooks.list("instances")
    assert (instance.id, instance.owner_id, instance.image_id) == ("i-3EFD0862", "123456789012", "emi-1")
    assert (instance.public_addresses, instance.private_addresses) == (
        (shown,),
        (InstanceAddress("10.0.0.1", "ipv4"),),
    )
    assert instance.firewall_ids == ("default",)
    assert (instance.realm_id, instance.hardware_profile_id) == ("cluster1", "m1.small")
    # Without a root device type it is taken for one that cannot be stopped.
    assert instance.actions == ("reboot", "destroy")


def test_lists_are_asked_for_whole_and_nothing_new_is_sent(classic: Classic) -> None:
    hooks, cloud = classic({"DescribeInstances": INSTANCE.format(public="", private="")})
    filters = Filters(id=("i-3EFD0862",), state=("RUNNING",), realm_id=("cluster1",))
    page = hooks.caller.lister.page("list_instances", filters, PageRequest(limit=1))
    assert [one.id for one in page.items] == ["i-3EFD0862"]
    assert cloud.asked_for("DescribeInstances") == [{"Version": "2016-11-15"}]


def test_a_launch_names_its_groups_and_bears_no_token(classic: Classic) -> None:
    launched = re.sub("</?reservationSet>", "", INSTANCE).replace("<item>", "", 1).removesuffix("</item>")
    hooks, cloud = classic({"RunInstances": launched.format(public="", private="")})
    new = NewInstance(image_id="emi-1", hardware_profile_id="m1.small", firewall_ids=("default", "web"), key_name="k")
    assert hooks.call("create_instance", new=new).id == "i-3EFD0862"
    (sent,) = cloud.asked_for("RunInstances")
    assert sent == {
        "ImageId": "emi-1", "InstanceType": "m1.small", "KeyName": "k", "MaxCount": "1", "MinCount": "1",
        "SecurityGroup.1": "default", "SecurityGroup.2": "web", "Version": "2016-11-15",
    }  # fmt: skip


def test_names_are_not_sent_for_old_releases_know_no_tags(classic: Classic) -> None:
    hooks, cloud = classic(
        {"CreateSnapshot": "<snapshotId>snap-1</snapshotId>", "CreateVolume": "<volumeId>vol-1</volumeId>"}
    )
    hooks.call("create_storage_snapshot", new=NewStorageSnapshot(volume_id="vol-1", name="nightly"))
    hooks.call("create_storage_volume", new=NewStorageVolume(capacity=1, realm_id="cluster1", name="data"))
    for operation in ("CreateSnapshot", "CreateVolume"):
        (sent,) = cloud.asked_for(operation)
        assert not [name for name in sent if name.startswith(("TagSpecification", "ClientToken"))]


def test_addresses_go_by_themselves(classic: Classic) -> None:
    known = "<addressesSet><item><publicIp>192.0.2.7</publicIp>{}</item></addressesSet>"
    held = iter(["", "<instanceId>i-1</instanceId>", "<instanceId>i-1</instanceId>", ""])
    answers: Answers = {
        "AllocateAddress": "<publicIp>192.0.2.7</publicIp>",
        "DescribeAddresses": lambda _: known.format(next(held)),
        "AssociateAddress": "<return>true</return>",
        "DisassociateAddress": "<return>true</return>",
        "ReleaseAddress": "<return>true</return>",
    }
    hooks, cloud = classic(answers)
    assert hooks.call("create_address").id == "192.0.2.7"
    hooks.call("associate_address", address_id="192.0.2.7", instance_id="i-1")
    hooks.call("disassociate_address", address_id="192.0.2.7")
    with pytest.raises(Conflict):
        hooks.call("destroy_address", address_id="192.0.2.7")
    hooks.call("destroy_address", address_id="192.0.2.7")
    sent = [dict(parameters) for name, parameters in cloud.asked if name != "DescribeAddresses"]
    assert [{name for name in one if name != "Version"} for one in sent] == [
        set(), {"PublicIp", "InstanceId"}, {"PublicIp"}, {"PublicIp"},
    ]  # fmt: skip


RULE = NewFirewallRule(
    protocol="tcp",
    port_from=22,
    port_to=22,
    sources=(
        AddressSource(ip_interface("10.0.0.0/8")),
        AddressSource(ip_interface("192.0.2.1/32")),
        GroupSource(name="web", owner="1"),
    ),
)


def _sources(parameters: Parameters) -> list[str]:
    return [value for name, value in parameters.items() if re.search(r"CidrIp|Groups.*(GroupId|GroupName)$", name)]


def test_a_rule_is_made_one_source_at_a_time(classic: Classic) -> None:
    answers: Answers = {
        "DescribeSecurityGroups": _groups("default", "web"),
        "AuthorizeSecurityGroupIngress": "<return>true</return>",
    }
    hooks, cloud = classic(answers)
    assert hooks.call("create_firewall_rule", firewall_id="default", new=RULE).id == "default"
    made = cloud.asked_for("AuthorizeSecurityGroupIngress")
    assert sorted(map(_sources, made)) == [["10.0.0.0/8"], ["192.0.2.1/32"], ["sg-web"]]
    assert all(one["IpPermissions.1.FromPort"] == "22" for one in made)


def test_a_rule_that_is_refused_in_the_middle_is_taken_back(classic: Classic) -> None:
    count = iter([True, True, False])

    def authorize(_parameters: Parameters) -> str:
        if not next(count):
            raise Refusal("UnauthorizedOperation", "not the third one", 403)
        return "<return>true</return>"

    answers: Answers = {
        "DescribeSecurityGroups": _groups("default", "web"),
        "AuthorizeSecurityGroupIngress": authorize,
        "RevokeSecurityGroupIngress": "<return>true</return>",
    }
    hooks, cloud = classic(answers)
    with pytest.raises(Forbidden, match="not the third one"):
        hooks.call("create_firewall_rule", firewall_id="default", new=RULE)
    made, undone = (cloud.asked_for(f"{verb}SecurityGroupIngress") for verb in ("Authorize", "Revoke"))
    assert sorted(map(_sources, undone)) == sorted(map(_sources, made[:2]))


def test_a_rule_is_deleted_one_source_at_a_time(classic: Classic) -> None:
    rule = (
        "<ipPermissions><item><ipProtocol>tcp</ipProtocol><fromPort>22</fromPort><toPort>22</toPort><ipRanges><item>"
        "<cidrIp>10.0.0.0/8</cidrIp></item><item><cidrIp>192.0.2.1/32</cidrIp></item></ipRanges></item></ipPermissions>"
    )
    answers: Answers = {
        "DescribeSecurityGroups": _groups("default", further=rule),
        "RevokeSecurityGroupIngress": "<return>true</return>",
    }
    hooks, cloud = classic(answers)
    (firewall,) = hooks.list("firewalls")
    hooks.call("destroy_firewall_rule", firewall_id="default", rule_id=firewall.rules[0].id)
    undone = cloud.asked_for("RevokeSecurityGroupIngress")
    assert sorted(map(_sources, undone)) == [["10.0.0.0/8"], ["192.0.2.1/32"]]


def test_a_firewall_that_is_not_there_is_not_found(classic: Classic) -> None:
    hooks, _ = classic({"DescribeSecurityGroups": _groups("default")})
    with pytest.raises(NotFound):
        hooks.call("get_firewall", firewall_id="nothing")


def test_images_are_the_callers_own_of_any_kind(classic: Classic) -> None:
    image = "<imagesSet><item><imageId>emi-1</imageId><imageState>available</imageState></item></imagesSet>"
    hooks, cloud = classic({"DescribeImages": image})
    assert [one.id for one in hooks.list("images")] == ["emi-1"]
    assert cloud.asked_for("DescribeImages") == [{"Owner.1": "self", "Version": "2016-11-15"}]


def test_sizes_are_those_of_the_settings_or_the_usual_ones(classic: Classic) -> None:
    hooks, _ = classic({})
    assert [one.id for one in hooks.list("hardware_profiles")] == [
        "m1.small", "c1.medium", "m1.large", "m1.xlarge", "c1.xlarge",
    ]  # fmt: skip
    own = {"instance-types": {"tiny": {"cpu": 1, "memory": 64, "storage": 1, "architecture": "arm64"}}}
    hooks, _ = classic({}, settings=own)
    (profile,) = hooks.list("hardware_profiles")
    shown = {one.name: one.value for one in profile.properties}
    assert (profile.id, shown) == ("tiny", {"cpu": 1, "memory": 64, "storage": 1, "architecture": "arm64"})


@pytest.mark.parametrize(
    ("code", "kind"),
    [("InvalidInstanceID.NotFound", NotFound), ("IncorrectState", Conflict), ("AuthFailure", DeltacloudError)],
)
def test_errors_mean_what_they_mean_on_ec2(classic: Classic, code: str, kind: type[DeltacloudError]) -> None:
    def refuse(_parameters: Parameters) -> str:
        raise Refusal(code, "no", 400)

    hooks, _ = classic({"RebootInstances": refuse})
    with pytest.raises(kind):
        hooks.call("reboot_instance", instance=Instance(id="i-1", state="RUNNING"))
