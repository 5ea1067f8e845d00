"""Public addresses, load balancers and firewalls."""

from __future__ import annotations

from ipaddress import IPv4Address, ip_interface
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from modelcloud.readings import read_item
from modelcloud.records import Record
from modelcloud.rules import Rules, named, refused, some, some_pair, there_are, there_is, verdict
from modelcloud.tenant import Tenant

SOURCES = st.lists(
    st.sampled_from(["10.1.2.3/24", "0.0.0.0/0", "fd00::1/64", {"name": "web", "owner": "someone"}]),
    max_size=2,
    unique_by=str,
)


def _members(tenant: Tenant) -> list[tuple[str, str]]:
    """Load balancers and the instances behind them."""
    return [(one["id"], member) for one in tenant.things["load_balancers"].values() for member in one["instances"]]


def _rules(tenant: Tenant) -> list[tuple[str, str]]:
    """Firewalls and the ids of their rules."""
    return [(one["id"], rule["id"]) for one in tenant.things["firewalls"].values() for rule in one["rules"]]


class FrontageRules(Rules):
    """The rules of what faces the world."""

    @rule()
    def reserve_address(self) -> None:
        reply = self.caller.post("addresses")
        record = self.made("addresses", reply, 201, lambda identifier: {"id": identifier, "instance": None})
        assert IPv4Address(record["id"]).is_private

    @there_is("addresses")
    @rule(address=some("addresses"), instance=some("instances"))
    def associate(self, address: str, instance: str) -> None:
        record, holder = self.things("addresses").get(address), self.things("instances").get(instance)
        used = record is not None and record["instance"] is not None
        status = verdict(202, (record is None, 404), (used, 403), (holder is None, 404))
        reply = self.caller.post("addresses", address, "associate", fields={"instance_id": instance})
        if not refused(reply, status) and record is not None and holder is not None:
            record["instance"] = instance
            holder["public"] = [("ipv4", address)]

    @there_is("addresses")
    @rule(address=some("addresses"))
    def disassociate(self, address: str) -> None:
        record = self.things("addresses").get(address)
        status = verdict(202, (record is None, 404), (record is not None and record["instance"] is None, 403))
        if not refused(self.caller.post("addresses", address, "disassociate"), status) and record is not None:
            self.tenant.release(record)

    @rule(name=named("balancer"), realm=st.sampled_from(["us", "eu", "nowhere"]), port=st.integers(1, 65535))
    def create_load_balancer(self, name: str, realm: str, port: int) -> None:
        fields = {
            "name": name,
            "realm_id": realm,
            "listener_protocol": "HTTP",
            "listener_balancer_port": port,
            "listener_instance_port": 8080,
        }
        status = verdict(201, (realm == "nowhere", 404), (name in self.things("load_balancers"), 409))
        record: Record = {
            "id": name,
            "name": name,
            "realm": realm,
            "addresses": [f"{name}-1234.elb.example.com"],
            "listeners": [("HTTP", str(port), "8080")],
            "instances": [],
        }
        reply = self.caller.post("load_balancers", fields=fields)
        self.made("load_balancers", reply, status, lambda _: record, "created")

    @there_is("load_balancers")
    @rule(balancer=some("load_balancers"), instance=some("instances"))
    def register(self, balancer: str, instance: str) -> None:
        known = balancer in self.things("load_balancers") and instance in self.things("instances")
        reply = self.caller.post("load_balancers", balancer, "register", fields={"instance_id": instance})
        if not refused(reply, 200 if known else 404):
            members = self.things("load_balancers")[balancer]["instances"]
            members += [instance] if instance not in members else []
            self.tenant.hold("load_balancers", read_item("load_balancers", reply))

    @there_are(_members)
    @rule(registered=some_pair(_members, ("nosuch", "nosuch")))
    def unregister(self, registered: tuple[str, str]) -> None:
        self._unregister(*registered)

    @there_is("load_balancers")
    @rule(balancer=some("load_balancers"), instance=some("instances"))
    def unregister_any(self, balancer: str, instance: str) -> None:
        self._unregister(balancer, instance)

    def _unregister(self, balancer: str, instance: str) -> None:
        members = self.things("load_balancers").get(balancer, {}).get("instances", [])
        reply = self.caller.post("load_balancers", balancer, "unregister", fields={"instance_id": instance})
        if not refused(reply, 200 if instance in members else 404):
            members.remove(instance)
            self.tenant.hold("load_balancers", read_item("load_balancers", reply))

    @rule(name=named("firewall"), description=st.sampled_from(["plain", "a <b> & ]]> é"]))
    def create_firewall(self, name: str, description: str) -> None:
        record: Record = {
            "id": name,
            "name": name,
            "description": description,
            "owner": self.tenant.user,
            "rules": [],
        }
        status = 409 if name in self.things("firewalls") else 201
        reply = self.caller.post("firewalls", fields={"name": name, "description": description})
        self.made("firewalls", reply, status, lambda _: record)

    @there_is("firewalls")
    @rule(
        firewall=some("firewalls"),
        port=st.sampled_from([22, 80]),
        direction=st.sampled_from(["ingress", "egress"]),
        sources=SOURCES,
    )
    def add_rule(self, firewall: str, port: int, direction: str, sources: list[Any]) -> None:
        record = self.things("firewalls").get(firewall)
        fields: Record = {"protocol": "tcp", "port_from": port, "port_to": port + 1, "direction": direction}
        new = _rule(self.tenant.user, fields, sorted(sources, key=lambda one: isinstance(one, dict)))
        status = verdict(
            201, (not sources, 400), (record is None, 404), (record is not None and new in record["rules"], 409)
        )
        reply = self.caller.post(
            "firewalls", firewall, "rules", fields=fields | ({"sources": sources} if sources else {})
        )
        if not refused(reply, status) and record is not None:
            record["rules"].append(new)
            self.tenant.hold("firewalls", read_item("firewalls", reply))

    @there_are(_rules)
    @rule(place=some_pair(_rules, ("nosuch", "nosuch")))
    def remove_rule(self, place: tuple[str, str]) -> None:
        """Remove a rule, and see that it cannot be removed again."""
        if place in _rules(self.tenant):
            self.caller.delete("firewalls", *place).expect(204)
            rules = self.things("firewalls")[place[0]]["rules"]
            rules[:] = [one for one in rules if one["id"] != place[1]]
        self.caller.delete("firewalls", *place).expect(404)


def _rule(owner: str, fields: Record, sources: list[Any]) -> Record:
    """The record of a new rule; its id says all that it is."""
    records = [_source(one) for one in sources]
    ports = (str(fields["port_from"]), str(fields["port_to"]))
    parts = [owner, fields["protocol"], *ports, ",".join(_part(one) for one in records)]
    parts += ["egress"] if fields["direction"] == "egress" else []
    return {
        "id": "~".join(parts),
        "protocol": fields["protocol"],
        "ports": ports,
        "direction": fields["direction"],
        "sources": records,
    }


def _source(source: Any) -> dict[str, str]:
    if isinstance(source, dict):
        return {"type": "group", **source}
    interface = ip_interface(source)
    family, prefix = f"ipv{interface.version}", str(interface.network.prefixlen)
    return {"type": "address", "family": family, "address": str(interface.ip), "prefix": prefix}


def _part(source: dict[str, str]) -> str:
    if source["type"] == "group":
        return f"@group,{source['owner']},{source['name']}"
    return f"@address,{source['family']},{source['address']},{source['prefix']}"
