"""Load balancers of both generations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from awscloud.accounts import Accounts
from awscloud.calls import Hooks
from awscloud.things import ZONE, an_instance, default_subnet, name
from deltacloud.errors import Conflict, InvalidRequest, NotFound
from deltacloud.inputs import Filters, NewLoadBalancer, PageRequest
from deltacloud.models import Listener, LoadBalancer

pytestmark = pytest.mark.doubles

WEB = Listener(protocol="HTTP", load_balancer_port=80, instance_port=8080)
TCP = Listener(protocol="tcp", load_balancer_port=22, instance_port=2222)
Calling = Callable[[Hooks], Hooks]


def new(*listeners: Listener, realm: str = ZONE) -> NewLoadBalancer:
    """A new load balancer; names have 32 characters at most."""
    return NewLoadBalancer(name=name("lb"), realm_id=realm, listeners=listeners or (WEB,))


def of_kind(kind: str, provider: str, moto: Accounts) -> Hooks:
    """Calls that ask for a kind of load balancer."""
    return Hooks("ec2", provider, moto.main, extra={"load_balancers.create": {"type": kind}})


@pytest.fixture
def instance(moto: Accounts) -> Iterator[str]:
    with an_instance(moto) as made:
        yield made


@pytest.fixture
def network(calling: Calling, provider: str, moto: Accounts) -> Iterator[LoadBalancer]:
    """A network load balancer."""
    ec2 = calling(of_kind("network", provider, moto))
    made = ec2.call("create_load_balancer", new=new(TCP))
    yield made
    ec2.call("destroy_load_balancer", load_balancer_id=made.id)


def test_a_classic_one_is_made_in_a_zone_and_has_instances(ec2: Hooks, instance: str) -> None:
    wanted = new()
    made = ec2.call("create_load_balancer", new=wanted)
    assert (made.id, made.name, made.realm_ids, made.listeners) == (wanted.name, wanted.name, (ZONE,), (WEB,))
    assert made.public_addresses[0].startswith(wanted.name)
    assert made.created_at is not None
    arguments = {"load_balancer_id": made.id, "instance_id": instance}
    assert ec2.call("register_with_load_balancer", **arguments).instances == (instance,)
    assert ec2.call("get_load_balancer", load_balancer_id=made.id).instances == (instance,)
    assert ec2.call("unregister_from_load_balancer", **arguments).instances == ()
    assert made.id in [one.id for one in ec2.list("load_balancers")]
    ec2.call("destroy_load_balancer", load_balancer_id=made.id)
    with pytest.raises(NotFound):
        ec2.call("get_load_balancer", load_balancer_id=made.id)


def test_a_classic_one_can_be_made_in_a_subnet(ec2: Hooks, moto: Accounts) -> None:
    realm = f"{ZONE}:{default_subnet(moto)['SubnetId']}"
    made = ec2.call("create_load_balancer", new=new(realm=realm))
    assert made.realm_ids == (realm,)
    ec2.call("destroy_load_balancer", load_balancer_id=made.id)


def test_a_name_that_is_taken_by_another_is_a_conflict(ec2: Hooks) -> None:
    wanted = new()
    ec2.call("create_load_balancer", new=wanted)
    with pytest.raises(Conflict):
        ec2.call("create_load_balancer", new=wanted)
    ec2.call("destroy_load_balancer", load_balancer_id=wanted.name)


def test_a_network_one_passes_on_to_instances(ec2: Hooks, network: LoadBalancer, moto: Accounts, instance: str) -> None:
    subnet = default_subnet(moto)["SubnetId"]
    assert f"/{network.name}/" in network.id
    assert network.realm_ids == (f"{ZONE}:{subnet}",)
    assert network.listeners == (Listener(protocol="TCP", load_balancer_port=22, instance_port=2222),)
    arguments = {"load_balancer_id": network.id, "instance_id": instance}
    assert ec2.call("register_with_load_balancer", **arguments).instances == (instance,)
    assert ec2.call("get_load_balancer", load_balancer_id=network.id).instances == (instance,)
    assert ec2.call("unregister_from_load_balancer", **arguments).instances == ()


def test_both_kinds_are_in_one_list_and_its_pages(ec2: Hooks, network: LoadBalancer) -> None:
    classic = [ec2.call("create_load_balancer", new=new()).id for _ in range(3)]
    whole = [one.id for one in ec2.list("load_balancers")]
    assert {network.id, *classic} <= set(whole)
    found: list[str] = []
    marker = None
    while True:
        page = ec2.caller.lister.page("list_load_balancers", Filters(), PageRequest(limit=2, marker=marker))
        found += [one.id for one in page.items]
        marker = page.next_marker
        if marker is None:
            break
    assert found == whole
    assert [one.id for one in ec2.list("load_balancers", Filters(id=(classic[1],)))] == [classic[1]]
    assert [one.id for one in ec2.list("load_balancers", Filters(id=(network.id,)))] == [network.id]
    for one in classic:
        ec2.call("destroy_load_balancer", load_balancer_id=one)


def test_what_was_made_with_a_network_one_goes_with_it_and_nothing_else(
    calling: Calling, provider: str, moto: Accounts
) -> None:
    ec2, service = calling(of_kind("network", provider, moto)), moto.client("elbv2")
    made = ec2.call("create_load_balancer", new=new(TCP))
    arn = service.describe_load_balancers(Names=[made.name])["LoadBalancers"][0]["LoadBalancerArn"]
    network = default_subnet(moto)["VpcId"]
    group = service.create_target_group(Name=name("tg"), Protocol="TCP", Port=9, VpcId=network)["TargetGroups"][0]
    actions = [{"Type": "forward", "TargetGroupArn": group["TargetGroupArn"]}]
    service.create_listener(LoadBalancerArn=arn, Protocol="TCP", Port=9, DefaultActions=actions)
    ec2.call("destroy_load_balancer", load_balancer_id=made.id)
    left = [one["TargetGroupName"] for one in service.describe_target_groups()["TargetGroups"]]
    assert group["TargetGroupName"] in left
    assert not [one for one in left if one.startswith(made.name or "?")]
    service.delete_target_group(TargetGroupArn=group["TargetGroupArn"])


def test_a_network_one_that_cannot_be_made_whole_is_not_left_over(
    calling: Calling, provider: str, moto: Accounts
) -> None:
    """Two listeners on one port: the second is refused."""
    ec2, service = calling(of_kind("network", provider, moto)), moto.client("elbv2")
    twice = Listener(protocol="TCP", load_balancer_port=22, instance_port=3333)
    wanted = new(TCP, twice)
    with pytest.raises(Conflict):
        ec2.call("create_load_balancer", new=wanted)
    assert wanted.name not in [one["LoadBalancerName"] for one in service.describe_load_balancers()["LoadBalancers"]]
    groups = [one["TargetGroupName"] for one in service.describe_target_groups()["TargetGroups"]]
    assert not [one for one in groups if one.startswith(wanted.name)]


def test_the_operator_says_what_is_made_for_who_names_no_kind(calling: Calling, provider: str, moto: Accounts) -> None:
    ec2 = calling(Hooks("ec2", provider, moto.main, settings={"load-balancer-type": "network"}))
    made = ec2.call("create_load_balancer", new=new(TCP))
    assert f"/{made.name}/" in made.id
    ec2.call("destroy_load_balancer", load_balancer_id=made.id)


@pytest.mark.parametrize(("kind", "why"), [("application", "two zones"), ("gateway", "appliances")])
def test_what_one_realm_does_not_suffice_for_is_refused(
    calling: Calling, provider: str, moto: Accounts, kind: str, why: str
) -> None:
    with pytest.raises(InvalidRequest, match=why) as raised:
        calling(of_kind(kind, provider, moto)).call("create_load_balancer", new=new())
    assert raised.value.parameter == "type"


def test_a_network_one_does_not_speak_http(calling: Calling, provider: str, moto: Accounts) -> None:
    with pytest.raises(InvalidRequest, match="HTTP") as raised:
        calling(of_kind("network", provider, moto)).call("create_load_balancer", new=new(WEB))
    assert raised.value.parameter == "listener_protocol"


def test_an_application_one_is_shown_with_what_is_behind_it(ec2: Hooks, moto: Accounts, instance: str) -> None:
    service = moto.client("elbv2")
    subnets = [default_subnet(moto, zone)["SubnetId"] for zone in (ZONE, "us-east-1b")]
    record = service.create_load_balancer(Name=name("app"), Subnets=subnets)["LoadBalancers"][0]
    arn, network = record["LoadBalancerArn"], record["VpcId"]
    groups: list[dict[str, Any]] = [
        service.create_target_group(Name=name("tg"), Protocol="HTTP", Port=port, VpcId=network, TargetType=kind)[
            "TargetGroups"
        ][0]
        for port, kind in ((8080, "instance"), (9090, "ip"))
    ]
    for number, group in enumerate(groups):
        actions = [{"Type": "forward", "TargetGroupArn": group["TargetGroupArn"]}]
        service.create_listener(LoadBalancerArn=arn, Protocol="HTTP", Port=80 + number, DefaultActions=actions)
    service.register_targets(TargetGroupArn=groups[0]["TargetGroupArn"], Targets=[{"Id": instance}])
    service.register_targets(TargetGroupArn=groups[1]["TargetGroupArn"], Targets=[{"Id": "10.0.0.9"}])
    (shown,) = [one for one in ec2.list("load_balancers") if one.name == record["LoadBalancerName"]]
    assert shown.id.startswith("app/")
    assert set(shown.realm_ids) == {f"{ZONE}:{subnets[0]}", f"us-east-1b:{subnets[1]}"}
    assert {(one.load_balancer_port, one.instance_port) for one in shown.listeners} == {(80, 8080), (81, 9090)}
    assert shown.instances == (instance,)
    ec2.call("destroy_load_balancer", load_balancer_id=shown.id)
    for group in groups:
        service.delete_target_group(TargetGroupArn=group["TargetGroupArn"])


def test_one_without_groups_of_instances_takes_none(ec2: Hooks, moto: Accounts, instance: str) -> None:
    service = moto.client("elbv2")
    subnets = [default_subnet(moto, zone)["SubnetId"] for zone in (ZONE, "us-east-1b")]
    arn = service.create_load_balancer(Name=name("app"), Subnets=subnets)["LoadBalancers"][0]["LoadBalancerArn"]
    identifier = arn.partition(":loadbalancer/")[2]
    for hook in ("register_with_load_balancer", "unregister_from_load_balancer"):
        with pytest.raises(Conflict, match="no target group"):
            ec2.call(hook, load_balancer_id=identifier, instance_id=instance)
    ec2.call("destroy_load_balancer", load_balancer_id=identifier)


@pytest.mark.parametrize("unknown", ["nothing", "net/nothing/0123456789abcdef", "net//", "/"])
def test_one_that_is_not_there_is_not_found(ec2: Hooks, unknown: str, instance: str) -> None:
    for hook in ("get_load_balancer", "destroy_load_balancer"):
        with pytest.raises(NotFound):
            ec2.call(hook, load_balancer_id=unknown)
    for hook in ("register_with_load_balancer", "unregister_from_load_balancer"):
        with pytest.raises(NotFound):
            ec2.call(hook, load_balancer_id=unknown, instance_id=instance)


def test_an_instance_that_is_not_there_is_not_registered(ec2: Hooks, network: LoadBalancer) -> None:
    classic = ec2.call("create_load_balancer", new=new()).id
    for one in (classic, network.id):
        with pytest.raises(NotFound):
            ec2.call("register_with_load_balancer", load_balancer_id=one, instance_id="i-00000000000000000")
    ec2.call("destroy_load_balancer", load_balancer_id=classic)


@pytest.mark.parametrize("kind", ["network", "classic"])
def test_a_realm_that_is_not_there_is_not_found(calling: Calling, provider: str, moto: Accounts, kind: str) -> None:
    ec2 = calling(of_kind(kind, provider, moto))
    for realm in ("mars", f"{ZONE}:subnet-00000000"):
        with pytest.raises(NotFound):
            ec2.call("create_load_balancer", new=new(TCP, realm=realm))
