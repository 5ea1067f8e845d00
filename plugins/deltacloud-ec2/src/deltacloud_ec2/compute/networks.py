"""Hooks of networks, subnets and network interfaces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from operator import itemgetter

from deltacloud.context import Context
from deltacloud.errors import InvalidRequest
from deltacloud.inputs import Filters, NewNetwork, NewSubnet, PageRequest
from deltacloud.models import Network, Page, Subnet
from deltacloud_ec2.client import Record, each
from deltacloud_ec2.compute.base import ComputeBase
from deltacloud_ec2.compute.paging import Source, read_page
from deltacloud_ec2.mapping.networks import network_from, subnet_from
from deltacloud_ec2.mapping.tags import tagging


class NetworkHooks(ComputeBase):
    """VPCs and their subnets."""

    def list_networks(self, context: Context, filters: Filters, page: PageRequest) -> Page[Network]:
        """Networks, each once, with their subnets."""
        client = self._ec2(context)

        def read(answer: Record) -> Iterator[Network]:
            return self._networks(context, answer.get("Vpcs") or ())

        source = Source(client.describe_vpcs, read, self._narrowed(("vpc-id", filters.id)))
        return read_page([source], page, self._settings.page_size)

    def get_network(self, context: Context, network_id: str) -> Network:
        """One network."""
        found = self._found(self._ec2(context), "describe_vpcs", ("Vpcs", "VpcId"), "vpc-id", network_id)
        (network,) = self._networks(context, [found])
        return network

    def create_network(self, context: Context, new: NewNetwork) -> Network:
        """Make a network.

        Raises:
            InvalidRequest: it has no block of addresses.
        """
        if not new.address_block:
            raise InvalidRequest("A network needs a block of addresses", "address_block")
        answer = self._ec2(context).create_vpc(CidrBlock=new.address_block, **tagging("vpc", new.name))
        return network_from(answer["Vpc"], ())

    def destroy_network(self, context: Context, network_id: str) -> None:
        """Delete a network that is empty."""
        self._ec2(context).delete_vpc(VpcId=network_id)

    def list_subnets(self, context: Context, filters: Filters, page: PageRequest) -> Page[Subnet]:
        """Subnets."""
        wanted = self._narrowed(("subnet-id", filters.id))
        source = self._source(self._ec2(context).describe_subnets, "Subnets", subnet_from, wanted)
        return read_page([source], page, self._settings.page_size)

    def get_subnet(self, context: Context, subnet_id: str) -> Subnet:
        """One subnet."""
        return subnet_from(self._subnet(context, subnet_id))

    def create_subnet(self, context: Context, new: NewSubnet) -> Subnet:
        """Make a subnet."""
        answer = self._ec2(context).create_subnet(
            VpcId=new.network_id, CidrBlock=new.address_block, **tagging("subnet", new.name)
        )
        return subnet_from(answer["Subnet"])

    def destroy_subnet(self, context: Context, subnet_id: str) -> None:
        """Delete a subnet that is empty."""
        self._ec2(context).delete_subnet(SubnetId=subnet_id)

    def _subnet(self, context: Context, subnet_id: str) -> Record:
        client = self._ec2(context)
        return self._found(client, "describe_subnets", ("Subnets", "SubnetId"), "subnet-id", subnet_id)

    def _networks(self, context: Context, records: Iterable[Record]) -> Iterator[Network]:
        """Networks with their subnets, which are asked for all together."""
        found = list(records)
        inside: dict[str, list[Record]] = {record["VpcId"]: [] for record in found}
        wanted = self._narrowed(("vpc-id", inside))
        for subnet in each(self._ec2(context), "describe_subnets", "Subnets", **wanted) if found else ():
            inside.get(subnet["VpcId"], []).append(subnet)
        for record in found:
            yield network_from(record, sorted(inside[record["VpcId"]], key=itemgetter("SubnetId")))
