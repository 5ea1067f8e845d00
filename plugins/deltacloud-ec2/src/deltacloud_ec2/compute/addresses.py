"""Hooks of addresses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from deltacloud.context import Context
from deltacloud.errors import Conflict
from deltacloud.models import Address
from deltacloud_ec2.client import Record
from deltacloud_ec2.compute.base import ComputeBase
from deltacloud_ec2.mapping.addresses import address_from, allocation, association, in_use


class AddressHooks(ComputeBase):
    """Elastic addresses. Clients know them as they are; what Amazon calls them inside is looked up."""

    _reserving: ClassVar[Mapping[str, str]] = {"Domain": "vpc"}
    """What reserves an address for the use in networks."""

    def list_addresses(self, context: Context) -> Iterator[Address]:
        """All of them; this list has no pages."""
        yield from map(address_from, self._ec2(context).describe_addresses().get("Addresses") or ())

    def get_address(self, context: Context, address_id: str) -> Address:
        """One."""
        return address_from(self._address(context, address_id))

    def create_address(self, context: Context) -> Address:
        """Reserve one."""
        return address_from(self._ec2(context).allocate_address(**self._reserving))

    def destroy_address(self, context: Context, address_id: str) -> None:
        """Give one back.

        Raises:
            Conflict: an instance or an interface has it.
        """
        found = self._address(context, address_id)
        if in_use(found):
            raise Conflict("The address is in use")
        self._ec2(context).release_address(**allocation(found))

    def associate_address(self, context: Context, address_id: str, instance_id: str) -> None:
        """Let an instance have one that no other has."""
        found = allocation(self._address(context, address_id))
        firmly = {"AllowReassociation": False} if "AllocationId" in found else {}
        self._ec2(context).associate_address(InstanceId=instance_id, **found, **firmly)

    def disassociate_address(self, context: Context, address_id: str) -> None:
        """Take one from what has it.

        Raises:
            Conflict: nothing has it.
        """
        found = self._address(context, address_id)
        if not in_use(found):
            raise Conflict("The address is not in use")
        self._ec2(context).disassociate_address(**association(found))

    def _address(self, context: Context, address_id: str) -> Record:
        client = self._ec2(context)
        return self._found(client, "describe_addresses", ("Addresses", "PublicIp"), "public-ip", address_id)
