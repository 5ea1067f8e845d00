"""Load balancers of the second generation: their listeners pass on to target groups, and instances are in these."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress

from deltacloud.context import Context
from deltacloud.errors import Conflict, InvalidRequest, NotFound
from deltacloud.inputs import Listener, NewLoadBalancer
from deltacloud.models import LoadBalancer
from deltacloud_ec2.client import Client, Record, each
from deltacloud_ec2.compute.meanings import meant
from deltacloud_ec2.mapping.load_balancers import id_in, second_generation_from, target_group_request

_PROTOCOLS = ("TCP", "UDP", "TCP_UDP")
"""What a network load balancer passes on without a certificate."""
_MADE_HERE = {"Key": "deltacloud", "Value": "load-balancer"}
"""The tag of target groups that are made, and so are deleted, together with a load balancer."""
_TAGS_AT_ONCE = 20


class SecondGeneration:
    """The calls of one request.

    Args:
        client: The client of the service.
        context: The call's context.
    """

    def __init__(self, client: Client, context: Context) -> None:
        self.client = client
        self._context = context

    def read(self, answer: Record) -> list[LoadBalancer]:
        """The load balancers of an answer, with what is behind them; one may have gone meanwhile."""
        found = []
        for record in answer.get("LoadBalancers") or ():
            with suppress(NotFound), meant():
                found.append(self._whole(record))
        return found

    def get(self, load_balancer_id: str) -> LoadBalancer:
        """One load balancer."""
        return self._whole(self._record(load_balancer_id))

    def create(self, new: NewLoadBalancer, subnet: Record) -> LoadBalancer:
        """Make a network load balancer in a subnet, with a target group for each listener; all of it or nothing.

        Raises:
            InvalidRequest: it cannot pass on such a protocol.
        """
        for listener in new.listeners:
            if listener.protocol.upper() not in _PROTOCOLS:
                raise InvalidRequest(
                    f"A network load balancer passes on {', '.join(_PROTOCOLS)}, and not {listener.protocol}",
                    "listener_protocol",
                )
        made = self.client.create_load_balancer(Name=new.name, Type="network", Subnets=[subnet["SubnetId"]])
        record = made["LoadBalancers"][0]
        try:
            for listener in new.listeners:
                self._listen(record["LoadBalancerArn"], new.name, listener, subnet["VpcId"])
        except Exception:
            self._context.log.warning("the load balancer %s is taken back", new.name)
            self._delete(record)
            raise
        return self._whole(record)

    def destroy(self, load_balancer_id: str) -> None:
        """Delete a load balancer, and the target groups that were made with it."""
        self._delete(self._record(load_balancer_id))

    def register(self, load_balancer_id: str, instance_id: str) -> LoadBalancer:
        """Put an instance into all target groups of instances."""
        record = self._record(load_balancer_id)
        for arn in self._groups_of_instances(record):
            self.client.register_targets(TargetGroupArn=arn, Targets=[{"Id": instance_id}])
        return self._whole(record)

    def unregister(self, load_balancer_id: str, instance_id: str) -> LoadBalancer:
        """Take an instance out of all target groups."""
        record = self._record(load_balancer_id)
        for arn in self._groups_of_instances(record):
            self.client.deregister_targets(TargetGroupArn=arn, Targets=[{"Id": instance_id}])
        return self._whole(record)

    def _record(self, load_balancer_id: str) -> Record:
        name = load_balancer_id.split("/")[1]
        if name:
            for record in self.client.describe_load_balancers(Names=[name])["LoadBalancers"]:
                if id_in(record["LoadBalancerArn"]) == load_balancer_id:
                    return dict(record)
        raise NotFound

    def _whole(self, record: Record) -> LoadBalancer:
        arn = record["LoadBalancerArn"]
        listeners = list(each(self.client, "describe_listeners", "Listeners", LoadBalancerArn=arn))
        groups = self._groups(arn)
        instances = dict.fromkeys(one for group in groups.values() for one in self._instances(group))
        return second_generation_from(record, listeners, groups, list(instances))

    def _groups(self, arn: str) -> Mapping[str, Record]:
        """Its target groups; some clouds refuse to tell of those that it has not."""
        with suppress(NotFound), meant():
            groups = each(self.client, "describe_target_groups", "TargetGroups", LoadBalancerArn=arn)
            return {group["TargetGroupArn"]: group for group in groups}
        return {}

    def _instances(self, group: Record) -> Iterable[str]:
        """The instances of a target group, without those that are on their way out."""
        if group.get("TargetType") != "instance":
            return
        answer = self.client.describe_target_health(TargetGroupArn=group["TargetGroupArn"])
        for one in answer.get("TargetHealthDescriptions") or ():
            if (one.get("TargetHealth") or {}).get("State") != "draining":
                yield one["Target"]["Id"]

    def _groups_of_instances(self, record: Record) -> list[str]:
        groups = self._groups(record["LoadBalancerArn"])
        arns = [arn for arn, group in groups.items() if group.get("TargetType") == "instance"]
        if not arns:
            raise Conflict("The load balancer has no target group of instances")
        return arns

    def _listen(self, arn: str, name: str, listener: Listener, network_id: str) -> None:
        request = target_group_request(name, listener, network_id)
        group = self.client.create_target_group(**request, Tags=[_MADE_HERE])["TargetGroups"][0]["TargetGroupArn"]
        try:
            self.client.create_listener(
                LoadBalancerArn=arn,
                Protocol=listener.protocol.upper(),
                Port=listener.load_balancer_port,
                DefaultActions=[{"Type": "forward", "TargetGroupArn": group}],
            )
        except Exception:
            self.client.delete_target_group(TargetGroupArn=group)
            raise

    def _delete(self, record: Record) -> None:
        groups = self._made_here(list(self._groups(record["LoadBalancerArn"])))
        self.client.delete_load_balancer(LoadBalancerArn=record["LoadBalancerArn"])
        for arn in groups:
            self._delete_group(arn)

    def _made_here(self, arns: list[str]) -> list[str]:
        made: list[str] = []
        for start in range(0, len(arns), _TAGS_AT_ONCE):
            answer = self.client.describe_tags(ResourceArns=arns[start : start + _TAGS_AT_ONCE])
            described = answer.get("TagDescriptions") or ()
            made += [one["ResourceArn"] for one in described if _MADE_HERE in (one.get("Tags") or ())]
        return made

    def _delete_group(self, arn: str) -> None:
        """Delete a target group; one that something else has come to use stays."""
        try:
            with meant():
                self.client.delete_target_group(TargetGroupArn=arn)
        except Conflict:
            self._context.log.warning("the target group %s is still in use, and stays", arn)
