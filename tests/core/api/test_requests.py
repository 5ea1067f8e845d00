"""How a request is read: bodies of three kinds, matrix parameters, overridden methods, and who sent it."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest

from apiclient import Client, MakeClient


@pytest.mark.parametrize(
    "body",
    [
        "name=fresh&description=d",
        {"name": "fresh", "description": "d"},
    ],
)
def test_forms_and_json_say_the_same(client: Client, body: str | dict[str, object]) -> None:
    answer = client("POST", "/api/firewalls", body)
    assert answer.status == 201
    assert answer.json["firewall"]["description"] == "d"


def test_everything_may_stand_in_the_query_string_of_a_post(client: Client) -> None:
    answer = client("POST", "/api/instances?image_id=img1&name=by+query&commit=create", accept="application/xml")
    assert answer.status == 201
    assert answer.xml.findtext("name") == "by query"
    assert answer.headers["location"].endswith("/api/instances/" + answer.xml.get("id", ""))


def test_the_body_wins_over_the_query_string(client: Client) -> None:
    assert client("POST", "/api/keys?name=query", "name=body").json["key"]["id"] == "body"


def test_links_of_our_own_carry_parameters(client: Client) -> None:
    assert client("POST", "/api/instances;image_id=img1").json["instance"]["image"]["id"] == "img1"


def test_multipart_forms_carry_files(client: Client) -> None:
    boundary = "XX"
    parts = [
        ('form-data; name="image_id"', "img1"),
        ('form-data; name="path1"', "/etc/motd"),
        ('form-data; name="content1"; filename="motd"', "hello"),
    ]
    body = "".join(f"--{boundary}\r\nContent-Disposition: {head}\r\n\r\n{text}\r\n" for head, text in parts)
    answer = client(
        "POST", "/api/instances", body + f"--{boundary}--\r\n", content_type=f"multipart/form-data; boundary={boundary}"
    )
    assert answer.status == 201


def test_a_body_of_another_type_is_refused_where_parameters_are_needed(client: Client) -> None:
    answer = client("POST", "/api/keys", "<name>x</name>", content_type="application/xml")
    assert answer.status == 415
    assert client("POST", "/api/instances/inst1/reboot", "anything", content_type="text/plain").status == 202


@pytest.mark.parametrize(
    ("path", "body", "headers"),
    [
        ("/api/keys/test-key", "_method=delete", {}),
        ("/api/keys/test-key?_method=DELETE", "", {}),
        ("/api/keys/test-key", "", {"x_http_method_override": "DELETE"}),
    ],
)
def test_a_post_may_name_another_method(client: Client, path: str, body: str, headers: dict[str, Any]) -> None:
    assert client("POST", path, body, **headers).status == 204
    assert client("GET", "/api/keys/test-key").status == 404


def test_only_a_post_may_name_another_method(client: Client) -> None:
    assert client("GET", "/api/keys/test-key?_method=DELETE").status == 200


def test_matrix_parameters_select_driver_and_provider_for_every_method(client: Client) -> None:
    answer = client("GET", "/api;driver=mock;provider=" + quote("https://cloud.example/api", safe=""))
    assert answer.headers["x-deltacloud-provider"] == "https://cloud.example/api"
    assert answer.json["api"]["provider"] == "https://cloud.example/api"
    assert client("POST", "/api;driver=lean/firewalls", "name=x&description=y").status == 412
    assert client("GET", "/api/instances;driver=nosuch").status == 200


def test_a_matrix_parameter_beats_the_header_and_an_empty_header_is_none(client: Client) -> None:
    assert client("GET", "/api;driver=lean", x_deltacloud_driver="mock").json["api"]["driver"] == "lean"
    assert client("GET", "/api", x_deltacloud_driver="").json["api"]["driver"] == "mock"
    assert client("GET", "/api", x_deltacloud_driver="mock,lean").status == 400


CROSS: list[dict[str, Any]] = [
    {"sec_fetch_site": "cross-site"},
    {"origin": "https://evil.example"},
    {"referer": "https://evil.example/x"},
]


@pytest.mark.parametrize("headers", CROSS)
def test_a_foreign_page_may_neither_change_anything_nor_select_a_driver(
    client: Client, headers: dict[str, Any]
) -> None:
    assert client("DELETE", "/api/keys/test-key", **headers).status == 403
    assert client("GET", "/api;driver=mock/keys", **headers).status == 403
    assert client("GET", "/api/keys", **headers).status == 200
    assert client("GET", "/api/keys/test-key").status == 200


def test_our_own_pages_may_change_things(client: Client) -> None:
    assert client("DELETE", "/api/keys/test-key", origin="http://localhost:3001").status == 204


@pytest.mark.parametrize(
    ("path", "body", "parameter"),
    [
        ("/api/storage_volumes", "capacity=much", "capacity"),
        ("/api/instances", "image_id=img1&hwp_id=m1-large&hwp_cpu=99", "cpu"),
        ("/api/instances", "image_id=img1&hwp_id=m1-small&hwp_memory=1", "memory"),
        ("/api/instances", "image_id=img1&instance_count=0", "instance_count"),
        ("/api/instances", "image_id=img1&user_data=%25%25", "user_data"),
        ("/api/firewalls/default/rules", "protocol=tcp&ip_address1=nonsense", "ip_address1"),
        ("/api/firewalls/default/rules", "protocol=tcp&direction=sideways&ip_address1=10.0.0.0/8", "direction"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_by_its_name(client: Client, path: str, body: str, parameter: str) -> None:
    answer = client("POST", path, body)
    assert answer.status == 400
    assert parameter in answer.json["message"]


def test_an_unknown_hardware_profile_has_the_sentence_that_clients_know(client: Client) -> None:
    answer = client("POST", "/api/instances", "image_id=img1&hwp_id=nosuch")
    assert answer.json["message"] == "Hardware profile 'nosuch' does not exists."


@pytest.mark.parametrize("path", ["/api/keys/%zz", "/api/keys/%ff", "/api/realms?x=%zz"])
def test_malformed_encoding_is_a_bad_request(client: Client, path: str) -> None:
    assert client("GET", path).status == 400


@pytest.mark.parametrize("name", ["a/b", "a;b", "a b", "ü", "..", "a%2Fb", "new&improved", "'\"<>"])
def test_ids_of_every_kind_can_be_addressed(client: Client, name: str) -> None:
    path = f"/api/buckets/bucket1/{quote(name, safe='')}"
    answer = client("PUT", path, b"content")
    assert answer.status == 200, answer.text
    assert answer.json["blob"]["id"] == name
    href = answer.json["blob"]["href"]
    assert client("GET", href.removeprefix("http://localhost:3001") + "/content").body == b"content"
    assert client("DELETE", path).status == 204


def test_a_large_form_is_refused_with_its_limit(make_client: MakeClient) -> None:
    answer = make_client(json_limit=1000)("POST", "/api/keys", "name=" + "x" * 2000)
    assert answer.status == 413


def test_secrets_are_never_echoed(client: Client) -> None:
    body = {"image_id": "nosuch", "password": "hunter2secret"}
    for accept in ("application/json", "application/xml", "text/html", "application/problem+json"):
        answer = client("POST", "/api/instances", body, accept=accept)
        assert answer.status == 404
        assert "hunter2secret" not in answer.text


def test_json_arrays_and_objects_are_families(client: Client) -> None:
    body = {"protocol": "tcp", "port_from": 22, "port_to": 22, "sources": ["10.1.2.3/24", "2001:db8::/32"]}
    answer = client("POST", "/api/firewalls/default/rules", body)
    assert answer.status == 201
    sources = answer.json["firewall"]["rules"][-1]["sources"]
    assert [one["family"] for one in sources] == ["ipv4", "ipv6"]
    tagged = client("POST", "/api/instances", {"image_id": "img1", "tags": {"role": "web"}, "name": None})
    assert tagged.json["instance"]["tags"] == {"role": "web"}
    found = client("GET", "/api/instances?tag_role=web").json["instances"]
    assert [one["id"] for one in found] == [tagged.json["instance"]["id"]]
    assert json.dumps(found)
