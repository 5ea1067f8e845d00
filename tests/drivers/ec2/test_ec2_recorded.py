"""What Amazon really sent, most of it years ago: every record becomes a model, and none is lost."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import pytest

from awscloud.wire import parsed
from deltacloud.models import (
    Address,
    Firewall,
    Image,
    Instance,
    Key,
    Model,
    Network,
    NetworkInterface,
    Realm,
    StorageSnapshot,
    StorageVolume,
    Subnet,
)
from deltacloud.testing.shapes import faults
from deltacloud_ec2.client import Record
from deltacloud_ec2.mapping.addresses import address_from
from deltacloud_ec2.mapping.firewalls import firewall_from
from deltacloud_ec2.mapping.images import image_from
from deltacloud_ec2.mapping.instances import instances_from
from deltacloud_ec2.mapping.keys import key_from
from deltacloud_ec2.mapping.networks import interface_from, network_from, subnet_from
from deltacloud_ec2.mapping.realms import zone_from
from deltacloud_ec2.mapping.volumes import snapshot_from, volume_from
from yamlfiles import read_yaml


class Kind(NamedTuple):
    """How the answer of an operation is read.

    Attributes:
        member: Where botocore puts the records.
        path: Where they are in the XML.
        model: What each becomes.
        mapping: Makes models of one record.
    """

    member: str
    path: str
    model: type[Model]
    mapping: Callable[[Record], Iterable[Model]]


def _one(mapping: Callable[[Record], Model]) -> Callable[[Record], Iterable[Model]]:
    return lambda record: [mapping(record)]


KINDS = {
    "DescribeAddresses": Kind("Addresses", "addressesSet/item", Address, _one(address_from)),
    "DescribeAvailabilityZones": Kind("AvailabilityZones", "availabilityZoneInfo/item", Realm, _one(zone_from)),
    "DescribeImages": Kind("Images", "imagesSet/item", Image, _one(image_from)),
    "DescribeInstances": Kind(
        "Reservations", "reservationSet/item/instancesSet/item", Instance, lambda launch: instances_from(launch, None)
    ),
    "DescribeKeyPairs": Kind("KeyPairs", "keySet/item", Key, _one(key_from)),
    "DescribeNetworkInterfaces": Kind(
        "NetworkInterfaces", "networkInterfaceSet/item", NetworkInterface, _one(interface_from)
    ),
    "DescribeSecurityGroups": Kind(
        "SecurityGroups", "securityGroupInfo/item", Firewall, _one(lambda group: firewall_from(group, None, {}))
    ),
    "DescribeSnapshots": Kind("Snapshots", "snapshotSet/item", StorageSnapshot, _one(snapshot_from)),
    "DescribeSubnets": Kind("Subnets", "subnetSet/item", Subnet, _one(subnet_from)),
    "DescribeVolumes": Kind("Volumes", "volumeSet/item", StorageVolume, _one(volume_from)),
    "DescribeVpcs": Kind("Vpcs", "vpcSet/item", Network, _one(lambda record: network_from(record, ()))),
}


_NOT_AMAZONS = {"describe_snapshots.xml"}
"""Made by hand: the set of snapshots is there three times, each with one."""


def answers(recorded: Path, operation: str) -> Iterator[str]:
    """All recorded answers of an operation."""
    begun = re.compile(rf"<{operation}Response\b")
    for path in sorted((recorded / "recorded/deltacloud/ec2").glob("*.yml")):
        text = path.read_text(encoding="utf-8")
        if begun.search(text):
            for exchange in read_yaml(text)[0]["http_interactions"]:
                body = exchange["response"]["body"]["string"]
                if begun.search(body):
                    yield body
    for path in sorted((recorded / "recorded/libcloud/compute/ec2").glob("describe_*.xml")):
        body = path.read_text(encoding="utf-8")
        if begun.search(body) and path.name not in _NOT_AMAZONS:
            yield body


def items(body: str, path: str) -> int:
    """How many records the XML has, whatever its version."""
    root = ElementTree.fromstring(re.sub(r'\sxmlns="[^"]+"', "", body))  # noqa: S314 - a recorded answer
    return len(root.findall(path))


@pytest.mark.parametrize("operation", KINDS)
def test_every_record_becomes_a_model(recorded: Path, operation: str) -> None:
    kind = KINDS[operation]
    found = list(answers(recorded, operation))
    assert found
    for body in found:
        records = parsed("ec2", operation, body)[kind.member]
        models = [model for record in records for model in kind.mapping(record)]
        assert len(models) == items(body, kind.path)
        assert [fault for model in models for fault in faults(model, kind.model)] == []


def test_instances_of_2012_have_groups_by_name_and_a_volume_as_root(recorded: Path) -> None:
    """Some of them were in no network; those tell the firewalls by their names alone."""
    bodies = answers(recorded, "DescribeInstances")
    shown = [
        instance
        for body in bodies
        for launch in parsed("ec2", "DescribeInstances", body)["Reservations"]
        for instance in instances_from(launch, None)
    ]
    assert "default" in {one for instance in shown for one in instance.firewall_ids or ()}
    assert {instance.state for instance in shown} >= {"RUNNING", "STOPPED", "PENDING", "FINISH"}
    assert all(instance.launch_time is not None for instance in shown)
