"""Requests that nobody would think of: found by sending all kinds of them, kept so that they stay answered well."""

from __future__ import annotations

import pytest

from apiclient import Client
from deltacloud.api.parsing.headers import attachment, media_type

MULTIPART = "multipart/form-data; boundary=b"


def form(*parts: tuple[str, str]) -> bytes:
    """The body of a form: (header of a part, text) pairs."""
    text = "".join(f"--b\r\nContent-Disposition: form-data; {head}\r\n\r\n{content}\r\n" for head, content in parts)
    return f"{text}--b--\r\n".encode()


def test_a_key_may_be_called_as_the_form_is_and_still_be_deleted(client: Client) -> None:
    assert client("POST", "/api/keys", {"name": "new"}).status == 201
    assert client("DELETE", "/api/keys/new").status == 204
    assert client("DELETE", "/api/keys/new").status == 404
    assert client("PUT", "/api/keys/new").headers["allow"] == "DELETE, GET, HEAD, OPTIONS"


def test_an_action_that_is_not_offered_says_what_can_be_done_instead(client: Client) -> None:
    assert client("POST", "/api/instances/inst1/start").headers["allow"] == "OPTIONS"
    answer = client("DELETE", "/api/instances/inst1")
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")


def test_members_of_a_json_body_that_mean_nothing_may_hold_anything(client: Client) -> None:
    body = {"name": "fresh", "more": {"a": []}, "sources": 1, "tags": [[]], "user_files": {}, "id": {}}
    assert client("POST", "/api/keys", body).json["key"]["id"] == "fresh"


@pytest.mark.parametrize("value", [["a"], [None], {}, {"a": "b"}])
def test_members_that_mean_one_value_hold_one_value(client: Client, value: object) -> None:
    answer = client("POST", "/api/storage_volumes", {"name": value})
    assert answer.status == 400
    assert answer.json["parameter"] == "name"


def test_families_are_arrays_and_objects(client: Client) -> None:
    body = {"image_id": "img1", "firewalls": ["default"], "tags": {"stage": 1}, "firewalls2": "default"}
    created = client("POST", "/api/instances", body).json["instance"]
    assert [one["id"] for one in created["firewalls"]] == ["default"]
    assert created["tags"] == {"stage": "1"}
    assert client("POST", "/api/instances", {"image_id": "img1", "tags": ["x"]}).json["parameter"] == "tags"


def test_a_refusal_names_the_parameter_that_is_to_blame(client: Client) -> None:
    path = "/api/load_balancers"
    body = {"name": "a", "realm_id": "us", "listener_protocol": "TCP", "listener_balancer_port": 0}
    answer = client("POST", path, {**body, "listener_instance_port": 1})
    assert answer.json["parameter"] == "listener_balancer_port"
    problem = client("POST", path, body, accept="application/problem+json")
    assert problem.json["parameter"] == "listener_instance_port"
    assert client("POST", path, {}, accept="application/xml").xml.get("parameter") == "name"
    assert client("POST", "/api/firewalls/default/rules", {"protocol": "tcp"}).json["parameter"] == "sources"
    assert "parameter" not in client("GET", "/api/keys/nosuch").json


@pytest.mark.parametrize("name", ["\x12", "a\nb", 'a"; x="b', "a\\b", "ü ☃", "a%b", "plain name.txt"])
def test_a_blob_of_any_name_can_be_fetched(client: Client, name: str) -> None:
    path = "/api/buckets/bucket1/" + "".join(f"%{byte:02x}" for byte in name.encode())
    assert client("PUT", path, b"hello").status == 200
    answer = client("GET", f"{path}/content")
    assert (answer.status, answer.text) == (200, "hello")
    assert answer.headers["content-disposition"].isprintable()


def test_a_download_has_its_name_in_full_where_the_plain_form_cannot_hold_it() -> None:
    assert attachment("plain name.txt") == 'attachment; filename="plain name.txt"'
    assert attachment('ü"\r\n') == "attachment; filename=\"____\"; filename*=UTF-8''%C3%BC%22%0D%0A"


def test_a_content_type_that_no_header_can_carry_is_not_kept(client: Client) -> None:
    head = 'name="blob_data"; filename="f"\r\nContent-Type: text/\x01☃'
    answer = client(
        "POST", "/api/buckets/bucket1", form(('name="blob_id"', "odd"), (head, "hello")), content_type=MULTIPART
    )
    assert answer.json["blob"]["content_type"] == "application/octet-stream"
    assert client("GET", "/api/buckets/bucket1/odd/content").text == "hello"
    assert [media_type(text) for text in (None, "", "text/plain; a=b")] == [
        "application/octet-stream", "application/octet-stream", "text/plain; a=b",
    ]  # fmt: skip


def test_a_field_of_a_form_without_a_name_is_left_out(client: Client) -> None:
    body = form(('name=""', "x"), ('name="name"', "fresh"))
    assert client("POST", "/api/keys", body, content_type=MULTIPART).json["key"]["id"] == "fresh"
