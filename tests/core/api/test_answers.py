"""What answers carry: entity tags, Vary, ids, links to next pages, and errors in every format."""

from __future__ import annotations

import pytest

from apiclient import Client, MakeClient


def test_a_tag_is_quoted_and_spares_the_second_answer(client: Client) -> None:
    first = client("GET", "/api/realms")
    assert first.headers["etag"].startswith('"')
    assert first.headers["vary"] == "Accept, Authorization, X-Deltacloud-Driver, X-Deltacloud-Provider"
    second = client("GET", "/api/realms", if_none_match=first.headers["etag"])
    assert (second.status, second.body) == (304, b"")
    assert client("GET", "/api/realms", accept="application/xml", if_none_match=first.headers["etag"]).status == 200


def test_keys_passwords_and_errors_are_not_to_be_stored(client: Client) -> None:
    assert client("GET", "/api/keys/test-key").headers["cache-control"] == "no-store"
    assert client("GET", "/api/keys/nosuch").headers["cache-control"] == "no-store"
    assert "no-store" not in client("GET", "/api/realms").headers["cache-control"]


def test_every_answer_has_a_request_id_and_the_names_of_server_and_driver(client: Client) -> None:
    for path in ("/api", "/api/realms", "/api/nosuch", "/api/keys/nosuch"):
        headers = client("GET", path).headers
        assert headers["server"] == "Apache-Deltacloud/1.1.3"
        assert headers["x-deltacloud-driver"] == "mock"
        assert headers["x-request-id"]


def test_head_is_get_without_a_body(client: Client) -> None:
    got, head = client("GET", "/api/instances"), client("HEAD", "/api/instances")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-length"] == got.headers["content-length"]
    assert client("HEAD", "/api/instances/inst0/stop", user=None).status == 200
    assert client("HEAD", "/api/instances", user=None).status == 401


@pytest.mark.parametrize(
    ("accept", "content_type", "sign"),
    [
        ("application/xml", "application/xml", "<error "),
        ("application/json", "application/json", '"error":"Deltacloud::Exceptions::ObjectNotFound"'),
        ("application/problem+json", "application/problem+json", '"code":"not_found"'),
        ("text/html", "text/html", "<html"),
        (None, "application/xml", "<error "),
    ],
)
def test_errors_are_documents_in_the_format_asked_for(
    client: Client, accept: str | None, content_type: str, sign: str
) -> None:
    answer = client("GET", "/api/realms/nosuch", accept=accept)
    assert answer.status == 404
    assert answer.headers["content-type"] == content_type
    assert sign in answer.text


def test_errors_of_the_mock_cloud_have_their_statuses(client: Client) -> None:
    for status in (500, 501, 502, 504):
        assert client("GET", f"/api/realms/{status}").status == status
    assert client("GET", "/api/realms/502").json["message"] == "ProviderErrorMessage"


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("provider_busy", 503),
        ("provider_timeout", 504),
        ("provider_error", 502),
        ("quota_exceeded", 403),
        ("conflict", 409),
    ],
)
def test_failures_of_a_cloud_have_their_statuses(make_client: MakeClient, word: str, status: int) -> None:
    answer = make_client({"fail": {"list_images": word}})("GET", "/api/images")
    assert answer.status == status
    assert ("retry-after" in answer.headers) == (status == 503)


def pages(client: Client, path: str, name: str) -> list[list[str]]:
    """The ids of every page, following the links."""
    found = []
    while path:
        answer = client("GET", path)
        assert answer.status == 200, answer.text
        found.append([one["id"] for one in answer.json[name]])
        link = answer.headers.get("link", "")
        path = link[link.index("<") + 1 : link.index(">")].removeprefix("http://localhost:3001") if link else ""
    return found


def test_pages_together_are_the_list(client: Client) -> None:
    whole = [one["id"] for one in client("GET", "/api/instances").json["instances"]]
    cut = pages(client, "/api/instances?limit=3", "instances")
    assert [len(page) for page in cut] == [3, 1]
    assert [one for page in cut for one in page] == whole


def test_the_core_cuts_pages_for_drivers_that_do_not(client: Client) -> None:
    whole = [one["id"] for one in client("GET", "/api/realms").json["realms"]]
    cut = pages(client, "/api/realms?limit=1", "realms")
    assert [one for page in cut for one in page] == whole
    sizes = pages(client, "/api/hardware_profiles?limit=3", "hardware_profiles")
    assert sum(len(page) for page in sizes) == 4


def test_a_whole_list_follows_all_pages_of_the_cloud(make_client: MakeClient) -> None:
    client = make_client({"page-size": 2})
    for number in range(3):
        client("POST", "/api/instances", f"image_id=img1&name=n{number}")
    assert len(client("GET", "/api/instances").json["instances"]) == 7


@pytest.mark.parametrize("query", ["limit=0", "limit=1001", "limit=x", "marker=nonsense", "marker="])
def test_limits_and_markers_that_mean_nothing_are_refused(client: Client, query: str) -> None:
    expected = 200 if query == "marker=" else 400
    assert client("GET", f"/api/instances?{query}").status == expected


def test_a_marker_of_another_list_is_refused(client: Client) -> None:
    link = client("GET", "/api/instances?limit=1").headers["link"]
    marker = link[link.index("marker=") + 7 : link.index(">")]
    assert client("GET", f"/api/images?limit=1&marker={marker}").status == 400
    assert client("GET", f"/api/instances?limit=1&state=RUNNING&marker={marker}").status == 400


def test_filters_narrow_lists(client: Client) -> None:
    assert [one["id"] for one in client("GET", "/api/images?architecture=i386").json["images"]] == ["img2", "img3"]
    assert client("GET", "/api/instances?state=stopped").json["instances"] == []
    assert [one["id"] for one in client("GET", "/api/keys?id=test-key").json["keys"]] == ["test-key"]


def test_browsers_are_sent_on_after_a_write_and_keep_the_driver_of_their_url(client: Client) -> None:
    answer = client("DELETE", "/api;driver=mock/keys/test-key", accept="text/html")
    assert answer.status == 303
    assert answer.headers["location"] == "http://localhost:3001/api;driver=mock/keys"
    switched = client("POST", "/api", "driver=lean", accept="text/html")
    assert (switched.status, switched.headers["location"]) == (303, "http://localhost:3001/api;driver=lean")


def test_old_browsers_are_sent_on_in_the_way_they_know(client: Client) -> None:
    assert client("DELETE", "/api/keys/test-key", accept="text/html", server_protocol="HTTP/1.0").status == 302


def test_options_tell_methods_and_parameters(client: Client) -> None:
    assert client("OPTIONS", "/api/instances", user=None).headers["allow"] == "OPTIONS,GET,POST,DELETE"
    allow = client("OPTIONS", "/api/storage_volumes/vol1/attach", user=None).headers["allow"]
    assert allow == "id:string:required,instance_id:string:required,device:string:required"
    assert client("OPTIONS", "/api/instances/inst0", user=None).status == 404
    assert "instances" in client("OPTIONS", "/api", user=None).headers["allow"].split(",")


def test_force_auth_checks_the_credentials_and_the_plain_entry_point_does_not(client: Client) -> None:
    wrong = ("mockuser", "wrong")
    assert client("GET", "/api", user=wrong).status == 200
    assert client("GET", "/api", user=None).status == 200
    assert client("GET", "/api?force_auth=", user=wrong).status == 401
    assert client("GET", "/api?force_auth=1", user=None).status == 401
    assert client("GET", "/api?force_auth=1").status == 200


def test_the_openapi_document_is_that_of_the_driver(client: Client) -> None:
    mock, lean = (client("GET", "/api/openapi.json", x_deltacloud_driver=name).json for name in ("mock", "lean"))
    assert "/firewalls" in mock["paths"]
    assert "/firewalls" not in lean["paths"]


def test_the_content_policy_of_a_page_lets_nothing_in_but_files_of_our_own(client: Client) -> None:
    answer = client("GET", "/api/instances", accept="text/html")
    policies = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))
    assert policies["default-src"] == "'none'"
    assert {policies[f"{name}-src"] for name in ("style", "script", "img", "connect")} == {"'self'"}
    assert policies["require-trusted-types-for"] == "'script'"
