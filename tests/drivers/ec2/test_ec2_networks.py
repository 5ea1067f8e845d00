"""Networks, subnets and interfaces."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from awscloud.accounts import Accounts
from awscloud.calls import Hooks
from awscloud.things import an_instance, another_network, default_subnet, described
from deltacloud.errors import Conflict, InvalidRequest, NotFound
from deltacloud.inputs import Filters, NewNetwork, NewNetworkInterface, NewSubnet

pytestmark = pytest.mark.doubles


@pytest.fixture
def instance(moto: Accounts) -> Iterator[str]:
    with an_instance(moto) as made:
        yield made


def test_a_network_is_listed_once_and_also_without_subnets(ec2: Hooks) -> None:
    made = ec2.call("create_network", new=NewNetwork(address_block="10.88.0.0/16", name="back"))
    assert (made.name, made.address_blocks, made.subnet_ids) == ("back", ("10.88.0.0/16",), ())
    parts = [
        ec2.call("create_subnet", new=NewSubnet(network_id=made.id, address_block=f"10.88.{one}.0/24", name=f"s{one}"))
        for one in (1, 2)
    ]
    (shown,) = [one for one in ec2.list("networks") if one.id == made.id]
    assert shown == ec2.call("get_network", network_id=made.id)
    assert (shown.state, set(shown.subnet_ids)) == ("UP", {one.id for one in parts})
    assert set(shown.address_blocks) == {"10.88.1.0/24", "10.88.2.0/24"}
    subnet = ec2.call("get_subnet", subnet_id=parts[0].id)
    assert (subnet.name, subnet.network_id, subnet.address_block) == ("s1", made.id, "10.88.1.0/24")
    assert (subnet.state, subnet.type) == ("UP", None)
    assert [one.id for one in ec2.list("subnets", Filters(id=(parts[1].id,)))] == [parts[1].id]
    for one in parts:
        ec2.call("destroy_subnet", subnet_id=one.id)
    ec2.call("destroy_network", network_id=made.id)
    for hook, argument in (("get_network", {"network_id": made.id}), ("get_subnet", {"subnet_id": parts[0].id})):
        with pytest.raises(NotFound):
            ec2.call(hook, **argument)


def test_a_network_without_a_block_is_refused(ec2: Hooks) -> None:
    with pytest.raises(InvalidRequest) as raised:
        ec2.call("create_network", new=NewNetwork())
    assert raised.value.parameter == "address_block"


def test_a_network_that_is_not_empty_stays(ec2: Hooks, moto: Accounts) -> None:
    with another_network(moto) as (network, _), pytest.raises(Conflict):
        ec2.call("destroy_network", network_id=network)


UNKNOWN = {"network": "vpc-00000000", "subnet": "subnet-00000000", "network_interface": "eni-00000000"}


@pytest.mark.parametrize("singular", UNKNOWN)
def test_what_is_not_there_is_not_found(ec2: Hooks, singular: str) -> None:
    for verb, unknown in (("get", UNKNOWN[singular]), ("get", "*"), ("destroy", UNKNOWN[singular]), ("get", "nothing")):
        with pytest.raises(NotFound):
            ec2.call(f"{verb}_{singular}", **{f"{singular}_id": unknown})


def test_a_network_that_is_not_there_gets_no_subnet(ec2: Hooks) -> None:
    with pytest.raises(NotFound):
        ec2.call("create_subnet", new=NewSubnet(network_id="vpc-00000000", address_block="10.88.1.0/24"))


def test_interfaces_take_the_next_free_place_of_an_instance(ec2: Hooks, moto: Accounts, instance: str) -> None:
    subnet = default_subnet(moto)["SubnetId"]
    new = NewNetworkInterface(instance_id=instance, network_id=subnet, name="second")
    first, second = (ec2.call("create_network_interface", new=new) for _ in range(2))
    assert (first.name, first.instance_id, first.network_id) == ("second", instance, subnet)
    places = {
        one["NetworkInterfaceId"]: one["Attachment"]["DeviceIndex"]
        for one in described(moto, instance)["NetworkInterfaces"]
    }
    assert (places[first.id], places[second.id]) == (1, 2)
    shown = ec2.call("get_instance", instance_id=instance)
    assert {first.id, second.id} < set(shown.network_interface_ids)
    assert {first.id, second.id} <= {one.id for one in ec2.list("network_interfaces")}
    for one in (first, second):
        ec2.call("destroy_network_interface", network_interface_id=one.id)
        with pytest.raises(NotFound):
            ec2.call("get_network_interface", network_interface_id=one.id)
    third = ec2.call("create_network_interface", new=new)
    ec2.call("destroy_network_interface", network_interface_id=third.id)


def test_the_interface_that_an_instance_was_launched_with_stays(ec2: Hooks, instance: str) -> None:
    (own,) = ec2.call("get_instance", instance_id=instance).network_interface_ids
    with pytest.raises(Conflict, match="launched with"):
        ec2.call("destroy_network_interface", network_interface_id=own)


def test_an_interface_that_cannot_be_plugged_in_is_not_left_over(ec2: Hooks, moto: Accounts, instance: str) -> None:
    subnet = default_subnet(moto)["SubnetId"]
    before = {one.id for one in ec2.list("network_interfaces")}
    for fields in ({"instance_id": "i-00000000000000000"}, {"network_id": "subnet-00000000"}):
        with pytest.raises(NotFound):
            ec2.call(
                "create_network_interface",
                new=NewNetworkInterface(**({"instance_id": instance, "network_id": subnet} | fields)),
            )
    assert {one.id for one in ec2.list("network_interfaces")} == before
