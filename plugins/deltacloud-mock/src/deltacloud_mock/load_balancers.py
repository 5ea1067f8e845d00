"""Load balancers."""

from __future__ import annotations

from msgspec.structs import replace

from deltacloud.context import Context
from deltacloud.errors import NotFound
from deltacloud.inputs import NewLoadBalancer, PageRequest
from deltacloud.models import LoadBalancer, Page
from deltacloud_mock.base import MockBase, named
from deltacloud_mock.launching import check_realm
from deltacloud_mock.records import INSTANCES, LOAD_BALANCERS
from deltacloud_mock.session import Session


class LoadBalancerHooks(MockBase):
    """The hooks of load balancers."""

    def list_load_balancers(self, context: Context, page: PageRequest) -> Page[LoadBalancer]:
        """The caller's load balancers."""
        user = self._gate.admit(context, "list_load_balancers")
        with self._store.reading() as session:
            found, following = session.page(LOAD_BALANCERS, user, page.marker or "", page.size(self._page_size))
            return Page([_with_instances(session, user, one) for one in found], following)

    def get_load_balancer(self, context: Context, load_balancer_id: str) -> LoadBalancer:
        """One load balancer."""
        user = self._gate.admit(context, "get_load_balancer")
        with self._store.reading() as session:
            found = session.get(LOAD_BALANCERS, user, load_balancer_id)
            if found is None:
                raise NotFound
            return _with_instances(session, user, found)

    def create_load_balancer(self, context: Context, new: NewLoadBalancer) -> LoadBalancer:
        """A load balancer without instances; its name is its id."""

        def build(session: Session, user: str) -> tuple[LoadBalancer]:
            check_realm(new.realm_id or "none")  # a load balancer is nowhere without one
            name = named(new.name)
            balancer = LoadBalancer(
                id=name,
                name=name,
                realm_ids=(new.realm_id,),
                public_addresses=(f"{name}-1234.elb.example.com",),
                created_at=session.moment,
                listeners=new.listeners,
            )
            return (session.add(LOAD_BALANCERS, user, balancer),)

        return self._create(context, "create_load_balancer", LOAD_BALANCERS, new, build)[0]

    def destroy_load_balancer(self, context: Context, load_balancer_id: str) -> None:
        """Delete a load balancer."""
        self._destroy(context, "destroy_load_balancer", LOAD_BALANCERS, load_balancer_id)

    def register_with_load_balancer(self, context: Context, load_balancer_id: str, instance_id: str) -> LoadBalancer:
        """Put an instance behind it; one that is there already stays."""
        user = self._gate.admit(context, "register_with_load_balancer")
        with self._store.writing() as session:
            balancer = session.need(LOAD_BALANCERS, user, load_balancer_id)
            session.need(INSTANCES, user, instance_id, "instance")
            if instance_id not in balancer.instances:
                balancer = replace(balancer, instances=(*balancer.instances, instance_id))
                session.save(LOAD_BALANCERS, user, balancer)
            return _with_instances(session, user, balancer)

    def unregister_from_load_balancer(self, context: Context, load_balancer_id: str, instance_id: str) -> LoadBalancer:
        """Take an instance from behind it."""
        user = self._gate.admit(context, "unregister_from_load_balancer")
        with self._store.writing() as session:
            balancer = session.need(LOAD_BALANCERS, user, load_balancer_id)
            if instance_id not in balancer.instances:
                raise NotFound(f"'{instance_id}' is not registered")
            left = tuple(one for one in balancer.instances if one != instance_id)
            session.save(LOAD_BALANCERS, user, replace(balancer, instances=left))
            return _with_instances(session, user, replace(balancer, instances=left))


def _with_instances(session: Session, user: str, balancer: LoadBalancer) -> LoadBalancer:
    """The load balancer with its instances in place of their ids."""
    found = (session.get(INSTANCES, user, one) for one in balancer.instances if isinstance(one, str))
    return replace(balancer, instances=tuple(instance for instance in found if instance is not None))
