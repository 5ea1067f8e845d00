"""Firewalls whose members are told by tags, addresses, load balancers, and VPCs as networks."""

from __future__ import annotations

from typing import Any

import pytest

from digitaloceancloud.asking import Gateway

UUID = "4de7ac8b-495b-4884-9a69-1050c6793cd6"
EVERYWHERE = ["0.0.0.0/0", "::/0"]


def firewall(api: Gateway, name: str = "web") -> str:
    return str(api.post("/firewalls", name=name, description="any")["firewall"]["id"])


def add_rule(api: Gateway, identifier: str, **parameters: Any) -> dict[str, Any]:
    wanted = {"protocol": "tcp", "port_from": 22, "port_to": 22} | parameters
    found: dict[str, Any] = api.post(f"/firewalls/{identifier}/rules", **wanted)["firewall"]
    return found


def test_a_new_firewall_lets_everything_out_and_nothing_in(api: Gateway) -> None:
    made = api.cloud.main.firewalls[firewall(api)]
    assert made["inbound_rules"] == []
    assert [(rule["protocol"], rule["ports"], rule["destinations"]) for rule in made["outbound_rules"]] == [
        (protocol, "0", {"addresses": EVERYWHERE}) for protocol in ("tcp", "udp", "icmp")
    ]


def test_an_instance_is_in_its_firewalls_from_its_first_moment(api: Gateway) -> None:
    identifier = firewall(api, "web.example")
    instance = api.launch(firewalls1=identifier)
    assert api.cloud.main.told[int(instance)]["tags"] == ["firewall:web_example"]
    assert "firewalls_assign_droplets" not in api.cloud.seen
    for seen in (api.get(f"/instances/{instance}")["instance"], api.get("/instances")["instances"][0]):
        assert [one["id"] for one in seen["firewalls"]] == [identifier]
        assert seen["tags"] == {}  # a firewall's own tag is no tag of the user's


def test_a_firewall_that_was_made_elsewhere_is_assigned_after_the_launch(api: Gateway) -> None:
    identifier = firewall(api)
    api.cloud.main.firewalls[identifier]["tags"] = ["frontend"]
    instance = api.launch(firewalls1=identifier)
    assert api.cloud.main.firewalls[identifier]["droplet_ids"] == [int(instance)]
    assert [one["id"] for one in api.get(f"/instances/{instance}")["instance"]["firewalls"]] == [identifier]


def test_a_firewall_that_protects_instances_is_not_deleted(api: Gateway) -> None:
    identifier = firewall(api)
    instance = api.launch(firewalls1=identifier)
    assert api.ask("DELETE", f"/firewalls/{identifier}").status == 409
    api.ask("DELETE", f"/instances/{instance}")
    while api.ask("DELETE", f"/firewalls/{identifier}").status == 409:
        pass
    assert api.cloud.main.firewalls == {}
    assert api.cloud.main.tags == set()


def test_a_rule_lets_in_the_members_of_another_firewall(api: Gateway) -> None:
    inner, outer = firewall(api, "db"), firewall(api, "web.tier")
    seen = add_rule(api, inner, group1="web.tier", group1_owner="ann")
    assert api.cloud.main.firewalls[inner]["inbound_rules"][0]["sources"] == {"tags": ["firewall:web_tier"]}
    (rule,) = [one for one in seen["rules"] if one["direction"] == "ingress"]
    assert [(one["type"], one["name"]) for one in rule["sources"]] == [("group", "web.tier")]
    api.cloud.main.firewalls[outer]["tags"] = []
    refused = api.ask("POST", f"/firewalls/{inner}/rules", protocol="tcp", port_from=1, port_to=2, group1="web.tier")
    assert refused.status == 501
    nowhere = api.ask("POST", f"/firewalls/{inner}/rules", protocol="tcp", port_from=1, port_to=2, group1="nowhere")
    assert nowhere.status == 404


@pytest.mark.parametrize(
    ("group", "sources"),
    [
        ("tag:frontend", {"tags": ["frontend"]}),
        ("droplet:3164444", {"droplet_ids": [3164444]}),
        (f"load_balancer:{UUID}", {"load_balancer_uids": [UUID]}),
        (f"kubernetes:{UUID}", {"kubernetes_ids": [UUID]}),
    ],
)  # fmt: skip
def test_a_rule_can_name_whatever_digitalocean_lets_in(api: Gateway, group: str, sources: dict[str, Any]) -> None:
    identifier = firewall(api)
    api.cloud.main.tags.add("frontend")
    seen = add_rule(api, identifier, group1=group)
    assert api.cloud.main.firewalls[identifier]["inbound_rules"][0]["sources"] == sources
    (rule,) = [one for one in seen["rules"] if one["direction"] == "ingress"]
    assert [one["name"] for one in rule["sources"]] == [group]


@pytest.mark.parametrize(
    ("parameters", "rule"),
    [
        ({"port_from": 8000, "port_to": 9000, "ip_address1": "10.1.2.3/24"},
         {"protocol": "tcp", "ports": "8000-9000", "sources": {"addresses": ["10.1.2.0/24"]}}),
        ({"protocol": "ICMP", "port_from": 8, "port_to": 0, "ip_address1": "2001:db8::/32"},
         {"protocol": "icmp", "ports": "0", "sources": {"addresses": ["2001:db8::/32"]}}),
        ({"protocol": "UDP", "port_from": 53, "port_to": 53, "ip_address1": "192.0.2.7/32"},
         {"protocol": "udp", "ports": "53", "sources": {"addresses": ["192.0.2.7/32"]}}),
    ],
)  # fmt: skip
def test_rules_are_written_as_digitalocean_writes_them(
    api: Gateway, parameters: dict[str, Any], rule: dict[str, Any]
) -> None:
    identifier = firewall(api)
    add_rule(api, identifier, **parameters)
    assert api.cloud.main.firewalls[identifier]["inbound_rules"] == [rule]


def test_a_rule_for_what_goes_out_can_be_added_and_every_rule_taken_away(api: Gateway) -> None:
    identifier = firewall(api)
    seen = add_rule(api, identifier, direction="egress", ip_address1="198.51.100.0/24")
    rules = seen["rules"]
    assert [rule["direction"] for rule in rules] == ["egress"] * 4
    for rule in rules:
        assert api.ask("DELETE", f"/firewalls/{identifier}/{rule['id']}").status == 204
    assert api.cloud.main.firewalls[identifier]["outbound_rules"] == []
    assert api.ask("DELETE", f"/firewalls/{identifier}/nothing").status == 404


@pytest.mark.parametrize(
    "wrong", [{"protocol": "gre"}, {"port_from": 22, "port_to": ""}, {"port_from": "", "port_to": 22}]
)
def test_rules_that_digitalocean_does_not_know_are_refused(api: Gateway, wrong: dict[str, Any]) -> None:
    identifier = firewall(api)
    wanted: dict[str, Any] = {"protocol": "tcp", "port_from": 22, "port_to": 22, "ip_address1": "10.0.0.0/8"} | wrong
    assert api.ask("POST", f"/firewalls/{identifier}/rules", **wanted).status == 400
    assert "firewalls_add_rules" not in api.cloud.seen


def test_what_is_written_in_no_usual_way_is_shown_as_it_is(api: Gateway) -> None:
    rules = [{"protocol": "tcp", "ports": "all", "sources": {"addresses": ["everywhere", "192.0.2.1"]}}]
    api.cloud.order("firewalls_get", 200, {"firewall": {"id": UUID, "name": "odd", "inbound_rules": rules}})
    (rule,) = api.get(f"/firewalls/{UUID}")["firewall"]["rules"]
    assert [(one["address"], one.get("prefix")) for one in rule["sources"]] == [
        ("everywhere", None),
        ("192.0.2.1", "32"),
    ]
    assert "port_from" not in rule


def test_a_firewall_whose_tag_somebody_has_deleted_can_go(api: Gateway) -> None:
    identifier = firewall(api)
    api.cloud.main.tags.clear()
    assert api.ask("DELETE", f"/firewalls/{identifier}").status == 204


def test_what_is_no_id_of_digitaloceans_is_not_there(api: Gateway) -> None:
    address = api.post("/addresses", realm_id="nyc3")["address"]["id"]
    assert api.ask("POST", f"/addresses/{address}/associate", instance_id="web-1").status == 404
    for path in ("/addresses/here", "/firewalls/web", "/networks/net-1", "/load_balancers/1", "/keys/mine"):
        assert api.ask("GET", path).status == 404
    assert api.cloud.seen == ["regions_list", "reservedIPs_create"]


def test_a_rule_keeps_its_id_in_whatever_order_its_addresses_are_told(api: Gateway) -> None:
    seen = []
    for addresses in (["10.0.0.0/8", "192.0.2.0/24"], ["192.0.2.0/24", "10.0.0.0/8"], ["10.0.0.0/8"]):
        rules = [{"protocol": "tcp", "ports": "22", "sources": {"addresses": addresses}}]
        api.cloud.order("firewalls_get", 200, {"firewall": {"id": UUID, "name": "web", "inbound_rules": rules}})
        seen.append(api.get(f"/firewalls/{UUID}")["firewall"]["rules"][0]["id"])
    assert seen[0] == seen[1] != seen[2]


def test_a_name_that_digitalocean_cannot_have_makes_no_tag(api: Gateway) -> None:
    answer = api.ask("POST", "/firewalls", name="the web", description="any")
    assert (answer.status, answer.json["parameter"]) == (400, "name")
    assert api.cloud.main.tags == set()


def test_a_firewall_of_that_name_is_a_conflict(api: Gateway) -> None:
    firewall(api)
    assert api.ask("POST", "/firewalls", name="web", description="any").status == 409


def test_an_address_is_reserved_where_it_is_asked_for(api: Gateway) -> None:
    asked = api.post("/addresses", realm_id="ams3")["address"]["id"]
    assert api.cloud.main.addresses[asked]["region"]["slug"] == "ams3"
    first = api.post("/addresses")["address"]["id"]
    assert api.cloud.main.addresses[first]["region"]["slug"] == "nyc3"  # sfo1, which is listed first, is shut
    assert api.ask("POST", "/addresses", realm_id="mars1").status == 404


def test_an_address_belongs_to_its_instance_as_soon_as_the_answer_is_there(api: Gateway) -> None:
    instance, address = api.launch(), api.post("/addresses", realm_id="nyc3")["address"]["id"]
    assert api.ask("POST", f"/addresses/{address}/associate", instance_id=instance).status == 202
    assert api.get(f"/addresses/{address}")["address"]["instance_id"] == instance
    assert api.ask("DELETE", f"/addresses/{address}").status == 409
    assert "reservedIPs_delete" not in api.cloud.seen  # the cloud would have done it
    assert api.ask("POST", f"/addresses/{address}/disassociate").status == 202
    assert api.ask("DELETE", f"/addresses/{address}").status == 204


def test_a_load_balancer_watches_the_port_that_it_leads_to(api: Gateway) -> None:
    wanted = {"listener_protocol": "HTTP", "listener_balancer_port": 80, "listener_instance_port": 8080}
    made = api.post("/load_balancers", name="front", realm_id="nyc3", **wanted)["load_balancer"]["id"]
    record = api.cloud.main.balancers[made]
    assert (record["health_check"]["protocol"], record["health_check"]["port"]) == ("tcp", 8080)
    assert record["forwarding_rules"] == [
        {"entry_protocol": "http", "entry_port": 80, "target_protocol": "http", "target_port": 8080}
    ]


def test_a_load_balancer_passes_on_what_is_encrypted(api: Gateway) -> None:
    wanted: dict[str, Any] = {
        "listener_protocol": "HTTPS",
        "listener_balancer_port": 443,
        "listener_instance_port": 443,
    }
    made = api.post("/load_balancers", name="front", realm_id="nyc3", **wanted)["load_balancer"]["id"]
    assert api.cloud.main.balancers[made]["forwarding_rules"][0]["tls_passthrough"] is True
    unknown = wanted | {"listener_protocol": "SSL"}
    assert api.ask("POST", "/load_balancers", name="other", realm_id="nyc3", **unknown).status == 400
    assert api.ask("POST", "/load_balancers", name="front", realm_id="nyc3", **wanted).status == 409


def test_a_network_is_a_vpc_and_stays_while_anything_is_in_it(api: Gateway) -> None:
    made = api.post("/networks", name="net-1", address_block="10.90.0.0/24", realm_id="nyc3")["network"]
    assert made["address_blocks"] == ["10.90.0.0/24"]
    api.launch(subnet_id=made["id"])
    assert api.ask("DELETE", f"/networks/{made['id']}").status == 409
    default = next(one for one, vpc in api.cloud.main.vpcs.items() if vpc["default"])
    assert api.ask("DELETE", f"/networks/{default}").status == 409
    overlapping = api.ask("POST", "/networks", name="net-2", address_block="10.90.0.0/20", realm_id="nyc3")
    assert overlapping.status == 409
    chosen = api.post("/networks", name="net-3")["network"]
    assert len(chosen["address_blocks"]) == 1
