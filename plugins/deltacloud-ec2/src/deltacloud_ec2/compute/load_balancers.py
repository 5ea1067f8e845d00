"""Hooks of load balancers: classic ones, and those of the second generation."""

from __future__ import annotations

from typing import ClassVar

from deltacloud.context import Context
from deltacloud.errors import InvalidRequest, NotFound
from deltacloud.inputs import Filters, NewLoadBalancer, PageRequest
from deltacloud.models import LoadBalancer, Page
from deltacloud_ec2.client import Record, each
from deltacloud_ec2.compute.instances import InstanceHooks
from deltacloud_ec2.compute.paging import BALANCING, Source, read_page
from deltacloud_ec2.compute.realms import RealmHooks
from deltacloud_ec2.compute.second_generation import SecondGeneration
from deltacloud_ec2.mapping.load_balancers import classic_from, classic_request, is_second_generation
from deltacloud_ec2.mapping.realms import AVAILABLE, Site, realm_id_of, site_of

_MOST_AT_ONCE = 400
_REFUSED = {
    "application": "An application load balancer needs subnets in two zones, and a request names one realm",
    "gateway": "A gateway load balancer passes everything on to appliances, and has no listeners to be told of",
}


class LoadBalancerHooks(InstanceHooks, RealmHooks):
    """Classic load balancers by their names, others by the end of their ARNs."""

    _has_second_generation: ClassVar[bool] = True

    def list_load_balancers(self, context: Context, filters: Filters, page: PageRequest) -> Page[LoadBalancer]:
        """The classic ones, then the others."""

        def read(answer: Record) -> list[LoadBalancer]:
            return self._classics(context, answer)

        sources = [Source(self._client(context, "elb").describe_load_balancers, read, words=BALANCING)]
        classic_only = bool(filters.id) and not any(map(is_second_generation, filters.id))
        if self._has_second_generation and not classic_only:
            second = self._second(context)
            sources.append(Source(second.client.describe_load_balancers, second.read, words=BALANCING))
        return read_page(sources, page, min(self._settings.page_size, _MOST_AT_ONCE))

    def get_load_balancer(self, context: Context, load_balancer_id: str) -> LoadBalancer:
        """One, of either generation."""
        if self._is_second(load_balancer_id):
            return self._second(context).get(load_balancer_id)
        return self._classic(context, load_balancer_id)

    def create_load_balancer(self, context: Context, new: NewLoadBalancer) -> LoadBalancer:
        """Make a classic or a network load balancer, as the parameter ``type`` or the setting says.

        Raises:
            InvalidRequest: it is to be of a kind that one realm does not suffice for.
            NotFound: there is no such realm.
        """
        kind = str(context.extra.get("type") or self._settings.load_balancer_type)
        if kind in _REFUSED:
            raise InvalidRequest(_REFUSED[kind], "type")
        site = site_of(self.get_realm(context, new.realm_id).id)
        if kind == "network":
            return self._second(context).create(new, self._subnet_at(context, site))
        self._client(context, "elb").create_load_balancer(**classic_request(new, site))
        return self._classic(context, new.name)

    def destroy_load_balancer(self, context: Context, load_balancer_id: str) -> None:
        """Delete one; Amazon would say nothing of a classic one that is not there."""
        if self._is_second(load_balancer_id):
            self._second(context).destroy(load_balancer_id)
            return
        self._classic(context, load_balancer_id)
        self._client(context, "elb").delete_load_balancer(LoadBalancerName=load_balancer_id)

    def register_with_load_balancer(self, context: Context, load_balancer_id: str, instance_id: str) -> LoadBalancer:
        """Put an instance behind one; of a network load balancer, behind all of its listeners."""
        if self._is_second(load_balancer_id):
            self._instance_record(self._ec2(context), instance_id)
            return self._second(context).register(load_balancer_id, instance_id)
        return self._changed(context, load_balancer_id, instance_id, "register_instances_with_load_balancer")

    def unregister_from_load_balancer(self, context: Context, load_balancer_id: str, instance_id: str) -> LoadBalancer:
        """Take an instance from behind one."""
        if self._is_second(load_balancer_id):
            return self._second(context).unregister(load_balancer_id, instance_id)
        return self._changed(context, load_balancer_id, instance_id, "deregister_instances_from_load_balancer")

    def _is_second(self, load_balancer_id: str) -> bool:
        return self._has_second_generation and is_second_generation(load_balancer_id)

    def _second(self, context: Context) -> SecondGeneration:
        return SecondGeneration(self._client(context, "elbv2"), context)

    def _classic(self, context: Context, name: str) -> LoadBalancer:
        answer = self._client(context, "elb").describe_load_balancers(LoadBalancerNames=[name])
        for balancer in self._classics(context, answer):
            return balancer
        raise NotFound

    def _classics(self, context: Context, answer: Record) -> list[LoadBalancer]:
        """The classic load balancers of an answer; the subnets of those that tell no zones are looked up."""
        records = answer.get("LoadBalancerDescriptions") or ()
        subnets = {subnet for one in records if not one.get("AvailabilityZones") for subnet in one.get("Subnets") or ()}
        realms: dict[str, str] = {}
        if subnets:
            wanted = self._narrowed(("subnet-id", subnets))
            found = each(self._ec2(context), "describe_subnets", "Subnets", **wanted)
            realms = {one["SubnetId"]: realm_id_of(one["AvailabilityZone"], one["SubnetId"]) for one in found}
        return [classic_from(one, realms) for one in records]

    def _changed(self, context: Context, name: str, instance_id: str, operation: str) -> LoadBalancer:
        """Both are read first, so that it is said which is not there; the answer would not tell of all instances."""
        self._classic(context, name)
        self._instance_record(self._ec2(context), instance_id)
        change = getattr(self._client(context, "elb"), operation)
        change(LoadBalancerName=name, Instances=[{"InstanceId": instance_id}])
        return self._classic(context, name)

    def _subnet_at(self, context: Context, site: Site) -> Record:
        """The subnet of a realm: itself, or the default one of a zone.

        Raises:
            NotFound: there is none.
        """
        if site.subnet_id:
            return self._subnet(context, site.subnet_id)
        wanted = self._narrowed(("availability-zone", filter(None, [site.zone])), ("default-for-az", ("true",)))
        for record in each(self._ec2(context), "describe_subnets", "Subnets", **wanted):
            if record.get("AvailabilityZone") == site.zone and record.get("State") == AVAILABLE:
                return record
        raise NotFound(f"There is no default subnet in {site.zone}")
