"""Networks (VPCs), subnets and network interfaces.

Sources: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Vpc.html, API_Subnet.html and
API_NetworkInterface.html beside it.
"""

from __future__ import annotations

from collections.abc import Sequence

from deltacloud.models import Network, NetworkInterface, Subnet
from deltacloud_ec2.client import Record
from deltacloud_ec2.mapping.tags import name_of


def network_from(record: Record, subnets: Sequence[Record]) -> Network:
    """A network with its subnets; its blocks are theirs, or its own while it has none."""
    blocks = tuple(one["CidrBlock"] for one in subnets if one.get("CidrBlock"))
    own = record.get("CidrBlock")
    return Network(
        id=record["VpcId"],
        name=name_of(record) or record["VpcId"],
        state=_state(record),
        address_blocks=blocks or ((own,) if own else ()),
        subnet_ids=tuple(one["SubnetId"] for one in subnets),
    )


def subnet_from(record: Record) -> Subnet:
    """A subnet."""
    return Subnet(
        id=record["SubnetId"],
        name=name_of(record) or record["SubnetId"],
        state=_state(record),
        address_block=record.get("CidrBlock") or None,
        network_id=record.get("VpcId"),
    )


def interface_from(record: Record) -> NetworkInterface:
    """An interface; what it is plugged into is a subnet."""
    return NetworkInterface(
        id=record["NetworkInterfaceId"],
        name=name_of(record, "TagSet") or record["NetworkInterfaceId"],
        ip_address=record.get("PrivateIpAddress"),
        network_id=record.get("SubnetId"),
        instance_id=(record.get("Attachment") or {}).get("InstanceId") or None,
    )


def _state(record: Record) -> str:
    return "UP" if record.get("State") == "available" else "DOWN"
