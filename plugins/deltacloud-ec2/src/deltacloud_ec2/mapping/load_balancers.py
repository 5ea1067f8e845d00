"""Load balancers of both generations.

A classic one's id is its name. One of the second generation is called by the end of its ARN,
``net/NAME/0123456789abcdef``: names are unique within a generation only.

Sources: https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_LoadBalancerDescription.html and
https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancer.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from deltacloud.inputs import NewLoadBalancer
from deltacloud.models import Listener, LoadBalancer
from deltacloud_ec2.client import Record
from deltacloud_ec2.mapping.realms import Site, realm_id_of

_RESOURCE = ":loadbalancer/"
_GROUP_NAME_ROOM = 26
"""A target group's name has 32 characters at most, and a port has five."""


def classic_from(record: Record, realms: Mapping[str, str]) -> LoadBalancer:
    """A classic load balancer.

    Args:
        record: Itself.
        realms: The realms that its subnets are, by their ids; they count where it tells no zones.
    """
    subnets = (realms[one] for one in record.get("Subnets") or () if one in realms)
    listeners = (one["Listener"] for one in record.get("ListenerDescriptions") or ())
    return LoadBalancer(
        id=record["LoadBalancerName"],
        name=record["LoadBalancerName"],
        realm_ids=tuple(record.get("AvailabilityZones") or subnets),
        public_addresses=_addresses(record),
        created_at=record.get("CreatedTime"),
        listeners=tuple(
            Listener(
                protocol=one["Protocol"],
                load_balancer_port=one["LoadBalancerPort"],
                instance_port=one["InstancePort"],
            )
            for one in listeners
        ),
        instances=tuple(one["InstanceId"] for one in record.get("Instances") or ()),
    )


def classic_request(new: NewLoadBalancer, site: Site) -> dict[str, object]:
    """The parameters that make a classic load balancer, in a zone or a subnet."""
    where = {"Subnets": [site.subnet_id]} if site.subnet_id else {"AvailabilityZones": [site.zone]}
    listeners = [
        {"Protocol": one.protocol, "LoadBalancerPort": one.load_balancer_port, "InstancePort": one.instance_port}
        for one in new.listeners
    ]
    return {"LoadBalancerName": new.name, "Listeners": listeners, **where}


def is_second_generation(load_balancer_id: str) -> bool:
    """Whether an id is one of the second generation's; a classic name has no slash."""
    return "/" in load_balancer_id


def id_in(arn: str) -> str:
    """The id of a load balancer of the second generation."""
    return arn.partition(_RESOURCE)[2] or arn


def target_group_request(name: str, listener: Listener, network_id: str) -> dict[str, object]:
    """The parameters that make the target group of a listener; its name has room for the port."""
    return {
        "Name": f"{name[:_GROUP_NAME_ROOM]}-{listener.load_balancer_port}",
        "Protocol": listener.protocol.upper(),
        "Port": listener.instance_port,
        "VpcId": network_id,
        "TargetType": "instance",
    }


def second_generation_from(
    record: Record, listeners: Sequence[Record], groups: Mapping[str, Record], instances: Sequence[str]
) -> LoadBalancer:
    """A load balancer of the second generation.

    Args:
        record: Itself.
        listeners: Its listeners. Those that pass nothing on to instances (they redirect, or answer themselves) have no
            port of instances, and are not shown.
        groups: Its target groups, by their ARNs.
        instances: The ids of the instances in these.
    """
    zones = record.get("AvailabilityZones") or ()
    return LoadBalancer(
        id=id_in(record["LoadBalancerArn"]),
        name=record["LoadBalancerName"],
        realm_ids=tuple(realm_id_of(one["ZoneName"], one.get("SubnetId")) for one in zones),
        public_addresses=_addresses(record),
        created_at=record.get("CreatedTime"),
        listeners=tuple(_listeners(listeners, groups)),
        instances=tuple(instances),
    )


def _listeners(records: Iterable[Record], groups: Mapping[str, Record]) -> Iterator[Listener]:
    for record in records:
        port = next((groups[arn].get("Port") for arn in _forwarded(record) if arn in groups), None)
        if port is not None and record.get("Port") is not None:
            yield Listener(protocol=record["Protocol"], load_balancer_port=record["Port"], instance_port=port)


def _forwarded(listener: Record) -> Iterator[str]:
    """The ARNs of the target groups that a listener passes on to."""
    for action in listener.get("DefaultActions") or ():
        if action.get("TargetGroupArn"):
            yield action["TargetGroupArn"]
        for group in (action.get("ForwardConfig") or {}).get("TargetGroups") or ():
            yield group["TargetGroupArn"]


def _addresses(record: Record) -> tuple[str, ...]:
    name = record.get("DNSName")
    return (name,) if name else ()
