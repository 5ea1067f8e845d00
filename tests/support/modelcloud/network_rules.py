"""Networks, subnets and interfaces."""

from __future__ import annotations

import re
from ipaddress import ip_network
from itertools import islice

from hypothesis import strategies as st
from hypothesis.stateful import rule

from modelcloud.records import Record
from modelcloud.rules import Rules, given, named, some, there_is, verdict
from modelcloud.tenant import Tenant

BLOCKS = st.sampled_from(["10.1.0.0/29", "10.2.0.0/30", "192.168.0.0/16", "fd00::/126", "10.0.0.0/99"])
"""Some have room for two interfaces only, and one is no block at all."""


def some_place() -> st.SearchStrategy[str]:
    """The id of a subnet or of a network."""
    return st.one_of(some("subnets"), some("networks"))


class NetworkRules(Rules):
    """The rules of private networks."""

    @rule(name=st.none() | named("net"), block=st.none() | BLOCKS)
    def create_network(self, name: str | None, block: str | None) -> None:
        status = verdict(201, (block == "10.0.0.0/99", 400), (name in self.things("networks"), 409))

        def expected(identifier: str) -> Record:
            assert re.fullmatch("net_[0-9]+", identifier) if name is None else identifier == name
            blocks = [] if block is None else [block]
            return {"id": identifier, "name": identifier, "state": "UP", "blocks": blocks, "subnets": []}

        fields = given(name=name, address_block=block)
        self.made("networks", self.caller.post("networks", fields=fields), status, expected)

    @there_is("networks")
    @rule(network=some("networks"), name=st.none() | named("sub"), block=BLOCKS)
    def create_subnet(self, network: str, name: str | None, block: str) -> None:
        known = network in self.things("networks")
        status = verdict(201, (not known, 404), (block == "10.0.0.0/99", 400), (name in self.things("subnets"), 409))

        def expected(identifier: str) -> Record:
            assert re.fullmatch("subnet_[0-9]+", identifier) if name is None else identifier == name
            self.things("networks")[network]["subnets"].append(identifier)
            return {
                "id": identifier,
                "name": identifier,
                "type": None,
                "state": "UP",
                "block": block,
                "network": network,
            }

        fields = given(network_id=network, name=name, address_block=block)
        self.made("subnets", self.caller.post("subnets", fields=fields), status, expected)

    @there_is("instances")
    @rule(instance=some("instances"), place=some_place(), name=st.none() | named("nic"))
    def plug(self, instance: str, place: str, name: str | None) -> None:
        holder = self.things("instances").get(instance)
        known = place in self.things("subnets") or place in self.things("networks")
        free = free_addresses(self.tenant, place, 1) if known else []
        status = verdict(
            201,
            (holder is None, 404),
            (not known, 404),
            (not free, 409),
            (name in self.things("network_interfaces"), 409),
        )

        def expected(identifier: str) -> Record:
            assert re.fullmatch("nic_[0-9]+", identifier) if name is None else identifier == name
            assert holder is not None
            holder["interfaces"] = [*(holder["interfaces"] or ()), identifier]
            return {"id": identifier, "name": identifier, "ip": free[0], "network": place, "instance": instance}

        fields = given(instance=instance, network=place, name=name)
        self.made("network_interfaces", self.caller.post("network_interfaces", fields=fields), status, expected)


def free_addresses(tenant: Tenant, place: str, count: int) -> list[str | None]:
    """The next ``count`` addresses of a subnet or network, or none if it has not so many; None is no address at all."""
    subnet = tenant.things["subnets"].get(place)
    blocks = tenant.things["networks"][place]["blocks"] if subnet is None else [subnet["block"]]
    if not blocks:
        return [None] * count
    taken = {one["ip"] for one in tenant.things["network_interfaces"].values() if one["network"] == place}
    free = (str(one) for one in ip_network(blocks[0]).hosts() if str(one) not in taken)
    found: list[str | None] = list(islice(free, count))
    return found if len(found) == count else []
