"""Networks and interfaces: profiles lead from one to the other."""

from __future__ import annotations

from deltacloud.testing.checks import CHECKS
from deltacloud.testing.profiles import PROFILES
from deltacloud.testing.runner import perform_all
from ovirtapi import Api
from ovirtbackend import backend_of
from ovirtcloud import JANE, JOE, Engine


def test_networks_for_machines_are_shown_and_those_of_the_hosts_are_not(engine: Engine) -> None:
    networks = Api(engine.provider(0)).get("/networks").json["networks"]
    assert [(one["name"], one["state"]) for one in networks] == [("ovirtmgmt", "UP"), ("bare", "UP")]


def test_interfaces_of_all_machines_show_network_machine_and_address(engine: Engine) -> None:
    state = engine.state
    web, lone = state.add_machine("web", status="up"), state.add_machine("lone")
    web.cards[0].addresses = ("2001:db8::7", "192.0.2.7")
    lone.cards[0].profile = None
    state.add_machine("elsewhere", cluster=3)
    interfaces = Api(engine.provider(0)).get("/network_interfaces").json["network_interfaces"]
    assert {one["id"] for one in interfaces} == {web.cards[0].id, lone.cards[0].id}
    first, second = sorted(interfaces, key=lambda one: one["id"] != web.cards[0].id)
    assert (first["instance"]["id"], first["ip_address"]) == (web.id, "192.0.2.7")
    assert first["network"]["id"] == state.networks[0].id
    assert second["instance"]["id"] == lone.id
    assert not (second.get("network") or {}).get("id")


def test_an_interface_is_made_by_a_profile_for_machines_and_returned(engine: Engine) -> None:
    state = engine.state
    machine, network = state.add_machine("web"), state.networks[0]
    api = Api(engine.provider(0))
    made = api.post("/network_interfaces", instance=machine.id, network=network.id, name="eth7")
    assert made.status == 201
    interface = made.json["network_interface"]
    shown = interface["name"], interface["instance"]["id"], interface["network"]["id"]
    assert shown == ("eth7", machine.id, network.id)
    assert machine.cards[1].profile == state.profile(0)
    assert len(api.get(f"/instances/{machine.id}").json["instance"]["network_interfaces"]) == 2
    assert api.delete(f"/network_interfaces/{interface['id']}").status == 204
    assert len(machine.cards) == 1


def test_without_a_name_one_is_made_up(engine: Engine) -> None:
    machine = engine.state.add_machine("web")
    api = Api(engine.provider(0))
    api.post("/network_interfaces", instance=machine.id, network=engine.state.networks[0].id)
    assert machine.cards[1].name.startswith("nic_")


def test_what_is_missing_is_named(engine: Engine) -> None:
    state = engine.state
    machine = state.add_machine("web")
    api = Api(engine.provider(0))
    assert api.post("/network_interfaces", instance="nothing", network=state.networks[0].id).status == 404
    assert api.post("/network_interfaces", instance=machine.id, network="nothing").status == 404
    assert api.delete("/network_interfaces/nothing").status == 404
    answer = api.post("/network_interfaces", instance=machine.id, network=state.networks[2].id)
    assert answer.status == 501
    assert "profile" in answer.json["message"]


def test_an_interface_of_a_machine_that_runs_is_a_conflict(engine: Engine) -> None:
    machine = engine.state.add_machine("web", status="up")
    answer = Api(engine.provider(0)).delete(f"/network_interfaces/{machine.cards[0].id}")
    assert answer.status == 409
    assert len(machine.cards) == 1


def test_the_kit_counts_what_a_machine_brings_along_also_where_nothing_has_been_made_before(engine: Engine) -> None:
    check = next(one for one in CHECKS if one.name == "network_interfaces.pages")
    (outcome,) = perform_all(backend_of(engine, JANE, JOE, filtered=True), PROFILES["quick"], [check])
    assert (outcome.verdict, outcome.detail) == ("passed", "")
