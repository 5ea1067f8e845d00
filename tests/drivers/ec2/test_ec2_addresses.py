"""Elastic addresses, which clients know as they are."""

from __future__ import annotations

import pytest

from awscloud.accounts import Accounts
from awscloud.calls import Hooks
from awscloud.things import an_instance
from deltacloud.errors import Conflict, NotFound

pytestmark = pytest.mark.doubles


def test_an_address_goes_to_an_instance_and_back(ec2: Hooks, moto: Accounts) -> None:
    address = ec2.call("create_address").id
    with an_instance(moto) as instance, an_instance(moto) as second:
        with pytest.raises(Conflict, match="not in use"):
            ec2.call("disassociate_address", address_id=address)
        assert ec2.call("associate_address", address_id=address, instance_id=instance) is None
        assert ec2.call("get_address", address_id=address).instance_id == instance
        assert {one.id: one.instance_id for one in ec2.list("addresses")}[address] == instance
        with pytest.raises(Conflict):
            ec2.call("associate_address", address_id=address, instance_id=second)
        with pytest.raises(Conflict, match="in use"):
            ec2.call("destroy_address", address_id=address)
        ec2.call("disassociate_address", address_id=address)
        assert ec2.call("get_address", address_id=address).instance_id is None
    ec2.call("destroy_address", address_id=address)
    with pytest.raises(NotFound):
        ec2.call("get_address", address_id=address)


def test_an_address_of_an_interface_that_no_instance_has_is_in_use(ec2: Hooks, moto: Accounts) -> None:
    cloud = moto.client("ec2")
    made = cloud.allocate_address(Domain="vpc")
    subnet = cloud.describe_subnets()["Subnets"][0]["SubnetId"]
    interface = cloud.create_network_interface(SubnetId=subnet)["NetworkInterface"]["NetworkInterfaceId"]
    cloud.associate_address(AllocationId=made["AllocationId"], NetworkInterfaceId=interface)
    assert ec2.call("get_address", address_id=made["PublicIp"]).instance_id is None
    with pytest.raises(Conflict):
        ec2.call("destroy_address", address_id=made["PublicIp"])
    ec2.call("disassociate_address", address_id=made["PublicIp"])
    ec2.call("destroy_address", address_id=made["PublicIp"])
    cloud.delete_network_interface(NetworkInterfaceId=interface)


@pytest.mark.parametrize("unknown", ["203.0.113.250", "nothing", "*"])
def test_an_address_that_is_not_there_is_not_found(ec2: Hooks, unknown: str) -> None:
    for hook in ("get_address", "destroy_address", "disassociate_address"):
        with pytest.raises(NotFound):
            ec2.call(hook, address_id=unknown)
    with pytest.raises(NotFound):
        ec2.call("associate_address", address_id=unknown, instance_id="i-00000000000000000")


def test_an_instance_that_is_not_there_gets_no_address(ec2: Hooks) -> None:
    address = ec2.call("create_address").id
    for unknown in ("i-00000000000000000", "nothing"):
        with pytest.raises(NotFound):
            ec2.call("associate_address", address_id=address, instance_id=unknown)
    ec2.call("destroy_address", address_id=address)
