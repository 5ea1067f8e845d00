"""Instances.

Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Instance.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from deltacloud.models import Instance, Pairs
from deltacloud_ec2.client import Record
from deltacloud_ec2.mapping.addresses import instance_addresses
from deltacloud_ec2.mapping.firewalls import firewall_id
from deltacloud_ec2.mapping.realms import realm_id_of
from deltacloud_ec2.mapping.tags import name_of, tags_of

STATES: Mapping[str, str] = {
    "pending": "PENDING",
    "running": "RUNNING",
    "shutting-down": "STOPPED",
    "terminated": "FINISH",
    "stopping": "STOPPING",
    "stopped": "STOPPED",
}
"""States by Amazon's names for them."""
_OLD_ARCHITECTURE = "i386"
"""Types that run it run x86_64 as well, which is their profile's default."""
_IMAGEABLE = ("running", "stopped")
_WITHOUT_EBS: Mapping[str, tuple[str, ...]] = {"running": ("reboot", "destroy"), "stopped": ("destroy",)}


def names_of_states(wanted: tuple[str, ...]) -> list[str]:
    """Amazon's names of the states that a filter accepts, whatever their letter case."""
    accepted = {state.upper() for state in wanted}
    return [name for name, state in STATES.items() if state in accepted]


def instances_from(reservation: Record, default_network: str | None) -> Iterator[Instance]:
    """The instances that were launched together.

    Args:
        reservation: As ``DescribeInstances`` and ``RunInstances`` have it.
        default_network: The id of the caller's default network, whose firewalls go by their names.
    """
    owner = reservation.get("OwnerId")
    for record in reservation.get("Instances") or ():
        # Clouds without networks tell the firewalls of all of them together.
        groups = record.get("SecurityGroups") or reservation.get("Groups") or ()
        yield _instance(record, owner, tuple(_firewall_ids(groups, record.get("VpcId"), default_network)))


def _instance(record: Record, owner: str | None, firewall_ids: tuple[str, ...]) -> Instance:
    state = record["State"]["Name"]
    interfaces = record.get("NetworkInterfaces") or ()
    further = (one["Ipv6Address"] for interface in interfaces for one in interface.get("Ipv6Addresses") or ())
    return Instance(
        id=record["InstanceId"],
        name=name_of(record) or record.get("ImageId"),
        owner_id=owner,
        image_id=record.get("ImageId"),
        realm_id=_realm_id(record),
        state=STATES.get(state, state.upper()),
        hardware_profile_id=record.get("InstanceType"),
        hardware_overrides=_overrides(record),
        actions=_actions(record, state),
        launch_time=record.get("LaunchTime"),
        public_addresses=instance_addresses(record.get("PublicDnsName"), record.get("PublicIpAddress"), further),
        private_addresses=instance_addresses(record.get("PrivateDnsName"), record.get("PrivateIpAddress")),
        firewall_ids=firewall_ids,
        storage_volumes=tuple(_volumes(record)),
        key_name=record.get("KeyName") or None,
        network_interface_ids=tuple(one["NetworkInterfaceId"] for one in interfaces),
        create_image=_on_ebs(record) and state in _IMAGEABLE,
        tags=tags_of(record),
    )


def free_device_index(record: Record) -> int:
    """The lowest number of an interface that an instance has not; 0 is its first, which it was launched with."""
    taken = {one["Attachment"]["DeviceIndex"] for one in record.get("NetworkInterfaces") or () if one.get("Attachment")}
    return next(number for number in range(1, len(taken) + 2) if number not in taken)


def _realm_id(record: Record) -> str | None:
    zone = (record.get("Placement") or {}).get("AvailabilityZone")
    return realm_id_of(zone, record.get("SubnetId")) if zone else None


def _on_ebs(record: Record) -> bool:
    return bool(record.get("RootDeviceType") == "ebs")


def _actions(record: Record, state: str) -> tuple[str, ...] | None:
    """What the table of states does not say: an instance without a lasting disk cannot be stopped, only be ended."""
    if state == "shutting-down":
        return ()
    return None if _on_ebs(record) else _WITHOUT_EBS.get(state, ())


def _overrides(record: Record) -> Pairs:
    return (("architecture", _OLD_ARCHITECTURE),) if record.get("Architecture") == _OLD_ARCHITECTURE else ()


def _firewall_ids(groups: Iterable[Record], network: str | None, default_network: str | None) -> Iterator[str]:
    for group in groups:
        yield firewall_id(group.get("GroupId"), group.get("GroupName"), network, default_network)


def _volumes(record: Record) -> Iterator[tuple[str, str | None]]:
    for mapped in record.get("BlockDeviceMappings") or ():
        volume = (mapped.get("Ebs") or {}).get("VolumeId")
        if volume:
            yield volume, mapped.get("DeviceName")
