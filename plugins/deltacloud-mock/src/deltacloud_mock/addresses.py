"""Public addresses."""

from __future__ import annotations

from ipaddress import ip_address

from msgspec.structs import replace

from deltacloud.context import Context
from deltacloud.errors import Forbidden
from deltacloud.inputs import PageRequest
from deltacloud.models import Address, Page
from deltacloud_mock import interfaces
from deltacloud_mock.base import MockBase
from deltacloud_mock.records import ADDRESSES, INSTANCES
from deltacloud_mock.session import Session

_FIRST_ADDRESS = "192.168.0.1"


class AddressHooks(MockBase):
    """The hooks of addresses."""

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


def _check_free(address: Address) -> None:
    if address.instance_id is not None:
        raise Forbidden("AddressInUse")
