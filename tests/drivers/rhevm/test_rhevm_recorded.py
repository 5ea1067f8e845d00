"""What a real RHEV-M 3.1 answered in 2013 is understood: each exchange by the mapping, and the calls as a whole."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from lxml import etree

from deltacloud import errors
from deltacloud_rhevm import documents, mapping
from deltacloud_rhevm.documents import Element
from deltacloud_rhevm.errors import Fault, translate
from ovirtapi import Api
from rhevrecordings import FOLDER, Recording, recorded_engine, recordings

EXCHANGES = recordings()
MACHINE = "4b4f9b94-3f85-45f3-9284-adf3deb72601"
TEMPLATE = "da12fc7e-8f0c-4ebb-a524-5e99b3214d75"
CLUSTER = "b91b0346-4ba3-11e2-a3ac-0050568c6b2d"
CENTER = "b9bb11c2-f397-4f41-a57b-7ac15a894779"
pytestmark = pytest.mark.skipif(
    not EXCHANGES, reason=f"NOT TESTED: no recordings at {FOLDER} (DELTACLOUD_RECORDED names their folder)"
)


def _named(file: str) -> list[Recording]:
    return [one for one in EXCHANGES if one.file.startswith(file)]


@pytest.fixture
def api(request: pytest.FixtureRequest) -> Iterator[Api]:
    """The gateway on the server that answers as the files that a test names were recorded."""
    files = request.node.get_closest_marker("parametrize").args[1]
    with recorded_engine([one for file in files for one in _named(file)]) as backend:
        yield Api(f"{backend.url()}/api", {"api-version": 3}, password="fakepassword")


# Each exchange by itself


def _machines(root: Element, path: str) -> list[Any]:
    machines = [root] if root.tag == "vm" else list(root)
    found = [mapping.instance_from(one, "fakeuser") for one in machines]
    for model, machine in zip(found, machines, strict=True):
        assert (model.id, model.name) == (machine.get("id"), machine.findtext("name"))
        assert model.realm_id == CLUSTER
        assert model.image_id
        assert model.launch_time is not None
        state = machine.findtext("status/state")
        wanted = {"up": "RUNNING", "down": "STOPPED", "image_locked": "PENDING"}
        assert model.state == wanted[str(state)], path
        assert model.hardware_profile_id == "SERVER"
        memory = str(int(machine.findtext("memory") or 0) // 2**20)
        assert dict(model.hardware_overrides).get("memory", "512") == memory
        vnc = machine.findtext("display/type") == "vnc" and state == "up"
        assert bool([one for one in model.public_addresses if one.type == "vnc"]) == vnc
        guests = [one.get("address") for one in machine.iterfind("guest_info/ips/ip")]
        assert [one.address for one in model.public_addresses if one.type == "ipv4"] == guests
    return found


def _templates(root: Element, path: str) -> list[Any]:
    templates = [root] if root.tag == "template" else list(root)
    found = [mapping.image_from(one, "fakeuser") for one in templates]
    for model, template in zip(found, templates, strict=True):
        assert (model.id, model.name) == (template.get("id"), template.findtext("name")), path
        assert (model.state, model.architecture) == ("OK", "x86_64")
        assert model.creation_time is not None
        assert model.creation_time.year in (2012, 2013)
    return found


def _interfaces(root: Element, path: str) -> list[Any]:
    machine = path.split("/")[2]
    found = [mapping.interface_from(one, machine, {}) for one in root]
    for model, card in zip(found, root, strict=True):
        network = card.find("network")
        assert network is not None
        assert (model.name, model.network_id, model.instance_id) == (card.findtext("name"), network.get("id"), machine)
    addresses = mapping.instance_from(documents.element("vm"), "fakeuser", root).public_addresses
    assert [one.address for one in addresses if one.type == "mac"] == [one.get("address") for one in root.iter("mac")]
    return found


def _clusters(root: Element, path: str) -> list[Any]:
    found = [mapping.realm_from(one, available=True) for one in root]
    assert CLUSTER in [one.id for one in found], path
    return found


def _centers(root: Element, path: str) -> list[Any]:
    centers = [root] if root.tag == "data_center" else list(root)
    assert [(one.get("id"), documents.text(one, "name"), mapping.status(one)) for one in centers] == [
        (CENTER, "iscsi", "up")
    ], path
    return centers


def _root(root: Element, path: str) -> list[Any]:
    assert root.tag == "api", path
    return [root]


_READERS: dict[str, Callable[[Element, str], list[Any]]] = {
    r"/vms(/[^/]+)?": _machines,
    r"/vms/[^/]+/nics": _interfaces,
    r"/templates(/[^/]+)?": _templates,
    r"/clusters": _clusters,
    r"/datacenters(/[^/]+)?": _centers,
    r"": _root,
}


def _fault(exchange: Recording) -> Fault:
    response = requests.Response()
    response.status_code = exchange.status
    try:
        root = documents.parse(exchange.answer.encode())
    except errors.ProviderError:
        return Fault(response, None, None)
    return Fault(response, documents.text(root, "reason"), documents.text(root, "detail"))


@pytest.mark.parametrize("exchange", EXCHANGES, ids=lambda one: f"{one.file[5:9]} {one.method} {one.path[:20]}")
def test_each_answer_is_understood(exchange: Recording) -> None:
    if exchange.status >= 400:
        kinds = {401: errors.AuthenticationFailed, 404: errors.NotFound, 400: errors.Conflict}
        assert type(translate(_fault(exchange))) is kinds[exchange.status]
        return
    if exchange.method == "DELETE":
        assert exchange.answer == ""
        return
    (reader,) = [read for pattern, read in _READERS.items() if re.fullmatch(pattern, exchange.path)]
    reader(documents.parse(exchange.answer.encode()), exchange.path)


def test_no_exchange_is_left_out() -> None:
    assert len(EXCHANGES) == 176
    assert Counter(one.status for one in EXCHANGES) == {200: 158, 202: 2, 400: 1, 401: 1, 404: 14}


def test_the_fault_of_a_used_template_loses_its_brackets() -> None:
    (exchange,) = [one for one in EXCHANGES if one.status == 400]
    error = translate(_fault(exchange))
    assert str(error) == (
        "Cannot delete Template. Template is being used by the following VMs: i-1362693110,i-1362692460."
    )


# The calls as a whole, in version 3


@pytest.mark.parametrize("api", ["test_0002_must_support_listing"], indirect=True)
def test_the_data_centres_are_providers(api: Api) -> None:
    (provider,) = api.get("/drivers/rhevm").json["driver"]["entrypoints"].items()
    assert provider == ("iscsi", {CENTER: f"{api.provider};{CENTER}"})


@pytest.mark.parametrize("api", ["test_0002_must_return_list_of_realms"], indirect=True)
def test_the_clusters_are_realms(api: Api) -> None:
    (realm,) = api.get("/realms").json["realms"]
    assert (realm["id"], realm["name"], realm["state"]) == (CLUSTER, "iscsi", "AVAILABLE")


@pytest.mark.parametrize("api", ["test_0002_must_return_list_of_images"], indirect=True)
def test_all_templates_are_images(api: Api) -> None:
    images = api.get("/images").json["images"]
    (answer,) = {one.answer for one in _named("test_0002_must_return_list_of_images") if one.path == "/templates"}
    assert [one["id"] for one in images] == re.findall(r'<template href="[^"]+" id="([^"]+)"', answer)
    assert len(images) == 20


@pytest.mark.parametrize("api", ["test_0002_must_return_list_of_instances"], indirect=True)
def test_all_machines_are_instances_with_their_interfaces(api: Api) -> None:
    instances = api.get("/instances").json["instances"]
    assert len(instances) == 20
    (one,) = [instance for instance in instances if instance["id"] == MACHINE]
    assert (one["state"], one["realm"]["id"]) == ("RUNNING", CLUSTER)
    addresses = [(address["type"], address["address"]) for address in one["public_addresses"]]
    assert addresses[0] == ("ipv4", "10.16.120.221")
    assert [kind for kind, _ in addresses] == ["ipv4", "mac"]
    assert {len(instance["network_interfaces"]) for instance in instances} == {0, 1}


@pytest.mark.parametrize("api", ["test_0004_must_allow_to_retrieve_single_instance"], indirect=True)
def test_a_machine_is_found_by_its_id_and_what_is_not_there_is_404(api: Api) -> None:
    assert api.get(f"/instances/{MACHINE}").json["instance"]["name"] == "aweiteka-EVM-v50029-DND"
    assert api.get("/instances/i-00000000").status == 404
    assert api.get("/instances/unknown").status == 404


@pytest.mark.parametrize("api", ["test_0001"], indirect=True)
def test_wrong_credentials_are_401(api: Api) -> None:
    assert api.get("/realms").status == 401


@pytest.mark.parametrize("api", ["test_0005_must_throw"], indirect=True)
def test_a_used_template_is_a_conflict(api: Api) -> None:
    answer = api.delete(f"/images/{TEMPLATE}")
    assert answer.status == 409
    assert answer.json["message"].startswith("Cannot delete Template. Template is being used by")


def test_a_machine_is_made_as_the_original_made_it_and_destroyed() -> None:
    file = "test_0005_must_allow_to_create_a_new_instance_and_destroy_it"
    exchanges = [one for one in EXCHANGES if one.file == file]
    (recorded,) = [one for one in exchanges if one.method == "POST"]
    with recorded_engine(exchanges) as backend:
        api = Api(f"{backend.url()}/api", {"api-version": 3}, password="fakepassword")
        form = {"image_id": TEMPLATE, "hwp_id": "SERVER", "hwp_memory": "1024", "name": "i-1362696169"}
        made = api.post("/instances", first_boot_dev="network", user_data="aGVsbG8=", **form)
        assert made.status == 201
        assert made.json["instance"]["state"] == "PENDING"
        (asked,) = [one for one in backend.asked if one.method == "POST"]
        # The original lost the content, which was no text.
        assert _canonical(asked.body.decode()) == _canonical(
            recorded.body.replace("<content/>", "<content>hello</content>")
        )
        assert asked.headers["version"] == "3"
        assert asked.headers["authorization"].startswith("Basic ")
        machine = made.json["instance"]["id"]
        assert api.delete(f"/instances/{machine}").status == 204
        assert ("DELETE", f"/api/vms/{machine}") in [(one.method, one.path) for one in backend.asked]


def _canonical(document: str) -> bytes:
    """A document without the white space between its elements."""
    return bytes(etree.tostring(etree.fromstring(document, etree.XMLParser(remove_blank_text=True)), method="c14n"))
