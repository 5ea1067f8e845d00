"""What faces the world: public addresses, and load balancers."""

from __future__ import annotations

from ipaddress import ip_address

from msgspec.structs import replace

from deltacloud.context import Context
from deltacloud.errors import Forbidden, NotFound
from deltacloud.inputs import NewLoadBalancer, PageRequest
from deltacloud.models import Address, LoadBalancer, Page
from deltacloud_mock import interfaces
from deltacloud_mock.base import MockBase, named
from deltacloud_mock.launching import check_realm
from deltacloud_mock.records import ADDRESSES, INSTANCES, LOAD_BALANCERS
from deltacloud_mock.session import Session

_FIRST_ADDRESS = "192.168.0.1"


class FrontageHooks(MockBase):
    """The hooks of addresses and load balancers."""

    # Addresses

    def list_addresses(self, context: Context, page: PageRequest) -> Page[Address]:
        """The caller's addresses."""
        return self._list(context, "list_addresses", ADDRESSES, page)

    def get_address(self, context: Context, address_id: str) -> Address:
        """One address."""
        return self._get(context, "get_address", ADDRESSES, address_id)

    def create_address(self, context: Context) -> Address:
        """The address after the highest one that anybody has."""

        def build(session: Session, user: str) -> tuple[Address]:
            highest = session.last(ADDRESSES)
            identifier = _FIRST_ADDRESS if highest is None else str(ip_address(highest) + 1)
            return (session.add(ADDRESSES, user, Address(id=identifier)),)

        return self._create(context, "create_address", ADDRESSES, None, build)[0]

    def destroy_address(self, context: Context, address_id: str) -> None:
        """Give a free address back."""
        user = self._gate.admit(context, "destroy_address")
        with self._store.writing() as session:
            _check_free(session.need(ADDRESSES, user, address_id))
            session.remove(ADDRESSES, user, address_id)

    def associate_address(self, context: Context, address_id: str, instance_id: str) -> None:
        """The instance shows this address in place of all others."""
        user = self._gate.admit(context, "associate_address")
        with self._store.writing() as session:
            address = session.need(ADDRESSES, user, address_id)
            _check_free(address)
            instance = session.need(INSTANCES, user, instance_id)
            session.save(ADDRESSES, user, replace(address, instance_id=instance_id))
            shown = (interfaces.shown_as(address),)
            session.save(INSTANCES, user, replace(instance, public_addresses=shown))

    def disassociate_address(self, context: Context, address_id: str) -> None:
        """The instance shows its host name again."""
        user = self._gate.admit(context, "disassociate_address")
        with self._store.writing() as session:
            address = session.need(ADDRESSES, user, address_id)
            if address.instance_id is None:
                raise Forbidden("AddressNotInUse")
            session.save(ADDRESSES, user, replace(address, instance_id=None))
            interfaces.show_remaining(session, user, address.instance_id)

    # Load balancers

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


def _check_free(address: Address) -> None:
    if address.instance_id is not None:
        raise Forbidden("AddressInUse")


def _with_instances(session: Session, user: str, balancer: LoadBalancer) -> LoadBalancer:
    """The load balancer with its instances in place of their ids."""
    found = (session.get(INSTANCES, user, one) for one in balancer.instances if isinstance(one, str))
    return replace(balancer, instances=tuple(instance for instance in found if instance is not None))
