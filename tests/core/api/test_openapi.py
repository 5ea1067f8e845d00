"""The OpenAPI document is valid, and every answer is what it says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from openapi_spec_validator import validate

from apiclient import Client, MakeClient
from deltacloud import features
from deltacloud.api.collections import COLLECTIONS
from deltacloud.api.openapi import describe
from deltacloud.driver import CredentialFields, Driver
from deltacloud.kernel import GatewaySettings, LoadedDriver
from deltacloud.models import Instance
from deltacloud.providers import Endpoints, ParsedProvider, Providers
from deltacloud.testing.wsgi import Answer
from described import Described, filled

DRIVERS = ("mock", "mockplus")

CREATIONS: list[tuple[str, dict[str, object]]] = [
    ("/keys", {"name": "fresh"}),
    ("/firewalls", {"name": "web", "description": "new"}),
    ("/addresses", {}),
    ("/buckets", {"name": "fresh"}),
    ("/images", {"instance_id": "inst0", "name": "copy"}),
    ("/instances", {"image_id": "img1", "hwp_id": "m1-large", "hwp_memory": 12000, "firewalls": ["default"]}),
    ("/load_balancers", {
        "name": "fresh", "realm_id": "us", "listener_protocol": "HTTP", "listener_balancer_port": 80,
        "listener_instance_port": 8080,
    }),
    ("/networks", {"address_block": "10.9.0.0/16", "name": "fresh"}),
    ("/subnets", {"network_id": "net1", "address_block": "192.168.200.0/24"}),
    ("/network_interfaces", {"instance": "inst1", "network": "subnet1", "subnet": "subnet1"}),
    ("/storage_volumes", {"capacity": 2, "name": "fresh", "tags": {"stage": "test"}}),
    ("/storage_snapshots", {"volume_id": "vol1", "name": "fresh"}),
]  # fmt: skip
"""How to make one of each."""

ACTIONS: list[tuple[str, str, dict[str, object]]] = [
    ("/instances/{id}/reboot", "inst1", {}),
    ("/instances/{id}/stop", "inst1", {}),
    ("/instances/{id}/stop", "inst1", {}),
    ("/instances/{id}/start", "inst1", {}),
    ("/instances/{id}/run", "inst1", {"cmd": "uptime", "password": "x"}),
    ("/addresses/{id}/associate", "192.168.0.1", {"instance_id": "inst1"}),
    ("/addresses/{id}/disassociate", "192.168.0.1", {}),
    ("/firewalls/{id}/rules", "default", {
        "protocol": "tcp", "port_from": 1, "port_to": 2, "sources": ["10.0.0.0/8", {"name": "web", "owner": "me"}],
    }),
    ("/storage_volumes/{id}/attach", "vol1", {"instance_id": "inst1", "device": "/dev/sdz"}),
    ("/storage_volumes/{id}/detach", "vol1", {}),
    ("/buckets/{id}", "bucket1", {"blob_id": "fresh", "blob_data": "hello", "metadata": {"a": "b"}}),
]  # fmt: skip
"""What can be done with things that are there from the beginning."""


class Api:
    """A server whose answers are held against its document."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.described = Described(client("GET", "/api/openapi.json").json)
        self.asked: set[tuple[str, str]] = set()

    def __call__(self, method: str, path: str, *arguments: Any, query: str = "", **more: Any) -> Answer:
        """Ask, with the fields of the path among the named arguments."""
        fields = {name: quote(more.pop(name), safe="") for name in re.findall(r"{(\w+)}", path)}
        answer = self.client(method, f"/api{filled(path, **fields)}{query}", *arguments, **more)
        assert self.described.faults(method, path, answer) == [], f"{method} {path}: {answer.status} {answer.body!r}"
        if answer.status < 300:
            self.asked.add((method, path))
        return answer

    def paths(self, method: str, fields: int) -> list[str]:
        """The paths with so many fields that know a method."""
        return [path for known, path, _ in self.described.operations() if known == method and path.count("{") == fields]


@pytest.fixture(params=DRIVERS)
def api(request: pytest.FixtureRequest, make_client: MakeClient, tmp_path: Path) -> Api:
    """A fresh server with one of the drivers that hold data."""
    name: str = request.param
    return Api(make_client(driver=name, drivers={name: {"storage": str(tmp_path / name)}}))


@pytest.mark.parametrize("driver", [*DRIVERS, "lean"])
def test_the_document_is_valid(client: Client, driver: str) -> None:
    validate(client("GET", "/api/openapi.json", x_deltacloud_driver=driver).json)


def test_reads_are_what_the_document_says(api: Api) -> None:
    api("POST", "/load_balancers", CREATIONS[6][1])
    api("POST", "/addresses")
    for path in api.paths("GET", 0):
        listed = api("GET", path).json
        collection = path.removeprefix("/")
        for item in listed.get(collection, []) if isinstance(listed, dict) else []:
            shown = api("GET", f"{path}/{{id}}", id=item["id"])
            assert shown.status == 200, f"{path}: {shown.text}"
            assert next(iter(shown.json.values()))["id"] == item["id"]
    for name in ("mock", "mockplus"):
        assert api("GET", "/drivers/{id}", id=name).json["driver"]["id"] == name
    assert set(api.paths("GET", 0) + api.paths("GET", 1)) <= {path for method, path in api.asked if method == "GET"}


def test_creations_are_what_the_document_says_and_can_be_undone(api: Api) -> None:
    for path, body in CREATIONS:
        answer = api("POST", path, body)
        assert answer.status == 201, answer.text
        place = urlsplit(answer.headers["location"]).path.removeprefix("/api")
        identifier = place.rpartition("/")[2]
        if path == "/instances":
            api("POST", "/instances/{id}/stop", id=identifier)
        assert api("DELETE", f"{path}/{{id}}", id=identifier).status == 204
    assert {path for path, _ in CREATIONS} == {path for path in api.paths("POST", 0) if path != "/"}


def test_actions_are_what_the_document_says(api: Api) -> None:
    api("POST", "/addresses")
    balancer = api("POST", "/load_balancers", CREATIONS[6][1]).json["load_balancer"]["id"]
    api("POST", "/load_balancers/{id}/register", {"instance_id": "inst1"}, id=balancer)
    api("POST", "/load_balancers/{id}/unregister", {"instance_id": "inst1"}, id=balancer)
    for path, identifier, body in ACTIONS:
        api("POST", path, body, id=identifier)
    assert {path for _, path in api.asked} >= set(api.paths("POST", 1))


def test_several_instances_are_a_list(api: Api) -> None:
    answer = api("POST", "/instances", {"image_id": "img1", "instance_count": 2})
    assert len(answer.json["instances"]) == 2
    assert "location" not in answer.headers


def test_blobs_are_what_the_document_says(api: Api) -> None:
    place = {"id": "bucket1", "blob_id": "a/b ü"}
    blob, content, metadata = (f"/buckets/{{id}}/{{blob_id}}{rest}" for rest in ("", "/content", "/metadata"))
    assert api("PUT", blob, b"0123456789", **place, x_deltacloud_blobmeta_a="b").status == 200
    assert api("GET", blob, **place).json["blob"]["content_length"] == 10
    assert api("GET", content, **place).status == 200
    assert api("GET", content, **place, range="bytes=2-4").body == b"234"
    assert api("GET", content, **place, range="bytes=20-").status == 416
    assert api("GET", content, **place, if_none_match="*").status in (200, 304)
    assert api("HEAD", blob, **place).headers["x-deltacloud-blobmeta-a"] == "b"
    assert api("POST", blob, **place, x_deltacloud_blobmeta_c="d").status == 204
    assert api("HEAD", metadata, **place).headers["x-deltacloud-blobmeta-c"] == "d"
    assert api("GET", "/buckets/{id}", id="bucket1", query="?limit=1").headers["link"].endswith('rel="next"')
    assert api("DELETE", blob, **place).status == 204


def test_uploads_in_parts_are_what_the_document_says(api: Api) -> None:
    path, place = "/buckets/{id}/{blob_id}", {"id": "bucket1", "blob_id": "large"}
    started = api("PUT", path, **place, query="?blob_type=segmented")
    upload = started.headers["x-deltacloud-segmentedblob"]
    query = f"?blob_type=segmented&segmented_blob={upload}"
    part = api("PUT", path, b"data", **place, query=f"{query}&segment_order=1").headers["x-deltacloud-blobsegmentid"]
    assert api("PUT", path, f"1={part}".encode(), **place, query=query).json["blob"]["content_length"] == 4


@pytest.mark.parametrize("accept", ["application/json", "application/problem+json", "application/xml", "text/html"])
def test_refusals_are_what_the_document_says(api: Api, accept: str) -> None:
    for method, path, operation in api.described.operations():
        fields = dict.fromkeys(re.findall(r"{(\w+)}", path), "no such thing")
        for user in (None, ("mockuser", "wrong"), ("mockuser", "mockpassword")):
            answer = api(method, path, accept=accept, user=user, **fields)
            if {} not in operation["security"] and user is None:
                assert answer.status == 401


def test_faults_of_the_cloud_are_what_the_document_says(api: Api) -> None:
    assert [api("GET", "/realms/{id}", id=name).status for name in ("500", "501", "502", "504")] == [500, 501, 502, 504]


def test_browsers_are_sent_where_the_document_says(api: Api) -> None:
    assert api("DELETE", "/keys/{id}", id="test-key", accept="text/html").status == 303
    assert api("POST", "/buckets", {"name": "fresh"}, accept="text/html").status == 303
    assert api("POST", "/", {"driver": "mock"}).status == 303


def test_what_the_client_has_is_not_sent_again(api: Api) -> None:
    tag = api("GET", "/realms").headers["etag"]
    assert api("GET", "/realms", if_none_match=tag).status == 304


def test_the_document_tells_what_the_driver_of_the_request_can(client: Client) -> None:
    documents = {
        name: client("GET", "/api/openapi.json", x_deltacloud_driver=name).json for name in ("mock", "lean", "mockplus")
    }
    assert "/firewalls" in documents["mock"]["paths"]
    assert "/firewalls" not in documents["lean"]["paths"]
    creation = {
        name: document["paths"]["/instances"]["post"]["requestBody"]["content"] for name, document in documents.items()
    }
    fields = {name: set(content["application/json"]["schema"]["properties"]) for name, content in creation.items()}
    assert {"tags", "initial_state", "keyname"} <= fields["mock"]
    assert {"password", "user_files"} <= fields["mockplus"] - fields["mock"]
    assert "multipart/form-data" in creation["mockplus"]
    assert "multipart/form-data" not in creation["mock"]
    selected = documents["lean"]["paths"]["/realms"]["parameters"][0]
    assert (selected["name"], selected["required"]) == ("X-Deltacloud-Driver", True)
    assert selected["schema"]["enum"] == ["lean"]


def test_the_document_tells_which_credentials_are_meant(client: Client) -> None:
    document = client("GET", "/api/openapi.json").json
    assert "User name and Password" in document["components"]["securitySchemes"]["basic"]["description"]
    assert document["paths"]["/realms"]["get"]["security"] == [{"basic": []}]
    assert {} in document["paths"]["/drivers"]["get"]["security"]


def test_the_longest_page_is_what_the_operator_allows(make_client: MakeClient) -> None:
    document = make_client(page_limit=7)("GET", "/api/openapi.json").json
    limits = [one["schema"] for one in document["paths"]["/realms"]["get"]["parameters"] if one["name"] == "limit"]
    assert limits == [{"type": "integer", "minimum": 1, "maximum": 7}]


def test_every_path_of_a_row_is_described_but_pages_for_people(client: Client) -> None:
    described = Described(client("GET", "/api/openapi.json").json)
    names = [operation["operationId"] for _, _, operation in described.operations()]
    assert len(names) == len(set(names))
    assert not [name for name in names if name.endswith("_form") or name.startswith("docs_")]


class Small(Driver):
    """A driver that declares as little as one can."""

    name, title, contract = "small", "Small Cloud", 1
    credentials = None

    def list_instances(self) -> list[Instance]:
        return []


class Regional(Driver):
    """A driver with regions, session tokens and limits."""

    name, title, contract = "small", "Small Cloud", 1
    credentials = CredentialFields(
        "Access key", "Secret", token="Session token", anonymous=True, help="Ask at the desk"
    )
    providers = Providers(names=("eu-1", "us-1"), required=True)
    features = (features.USER_NAME.constrained(max_length=20),)

    def list_instances(self) -> list[Instance]:
        return []

    def create_instance(self) -> Instance:
        raise NotImplementedError


class Anywhere(Small):
    """A driver whose providers are endpoints."""

    providers = Providers(
        endpoints=Endpoints(lambda text: ParsedProvider(text=text), "https://cloud.example.com", "No such URL.")
    )


def _described(kind: type[Driver]) -> Any:
    settings = GatewaySettings()
    document: Any = describe(LoadedDriver("small", kind, settings), "http://localhost/api", COLLECTIONS, settings)
    validate(document)
    return document


def test_a_cloud_without_credentials_asks_for_none() -> None:
    document = _described(Small)
    assert set(document["paths"]) == {"/instances", "/instances/{id}", "/drivers", "/drivers/{id}"}
    operation = document["paths"]["/instances"]["get"]
    assert "security" not in operation
    assert "401" not in operation["responses"]


def test_regions_tokens_and_limits_are_told() -> None:
    document = _described(Regional)
    place = document["paths"]["/instances"]
    provider = place["parameters"][1]
    assert (provider["required"], provider["schema"]["enum"]) == (True, ["eu-1", "us-1"])
    assert place["get"]["security"] == [{"basic": []}, {"basic": [], "token": []}]
    schemes = document["components"]["securitySchemes"]
    assert schemes["token"]["name"] == "X-Deltacloud-Session-Token"
    assert schemes["basic"]["description"] == (
        "The cloud's own credentials: Access key and Secret. Ask at the desk."
        " An explicit empty pair asks without credentials."
    )
    body = place["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert body["properties"]["name"] == {
        "type": ["string", "null"],
        "maxLength": 20,
        "description": "Name of the new instance",
    }


def test_endpoints_have_an_example() -> None:
    provider = _described(Anywhere)["paths"]["/instances"]["parameters"][1]
    assert provider["example"] == "https://cloud.example.com"
    assert "enum" not in provider["schema"]
