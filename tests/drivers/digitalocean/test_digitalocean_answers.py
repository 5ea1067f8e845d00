"""Lists in pages, and whatever DigitalOcean says when it does not do what it was asked."""

from __future__ import annotations

import itertools
import time
from urllib.parse import parse_qs

import pytest

from deltacloud import errors
from deltacloud_digitalocean.errors import Refusal, translate
from digitaloceancloud import TOKEN, Cloud
from digitaloceancloud.asking import Gateway, gateway
from digitaloceancloud.state import SIZES


def keys(cloud: Cloud, count: int) -> None:
    """So many keys in the account."""
    for number in range(1, count + 1):
        key = {"id": number, "name": f"key-{number}", "public_key": "ssh-ed25519 AAAA", "fingerprint": f"{number:02x}"}
        cloud.main.keys[number] = key


def names(api: Gateway) -> list[str]:
    return [one["name"] for one in api.get("/keys")["keys"]]


def test_a_list_asks_for_as_much_as_there_is_to_be_had(api: Gateway) -> None:
    keys(api.cloud, 201)
    assert len(names(api)) == 201
    asked = [parse_qs(query) for query in api.cloud.queries]
    assert asked == [{"page": ["1"], "per_page": ["200"]}, {"page": ["2"], "per_page": ["200"]}]


def test_a_list_is_whole_whatever_the_size_of_its_pages(cloud: Cloud) -> None:
    keys(cloud, 7)
    for size in (1, 3, 7, 8):
        cloud.queries.clear()
        with gateway(cloud, page_size=size) as api:
            assert names(api) == [f"key-{number}" for number in range(1, 8)]
        assert len(cloud.queries) == -(-7 // size)


def test_what_is_deleted_while_a_list_is_read_hides_nothing_else(api: Gateway) -> None:
    def page(*ids: int, total: int) -> dict[str, object]:
        return {"ssh_keys": [{"id": one, "name": f"key-{one}"} for one in ids], "meta": {"total": total}}

    order = api.cloud.order
    order("sshKeys_list", 200, page(1, 2, total=4))
    order("sshKeys_list", 200, page(4, total=3))  # 1 is gone, so 3 has moved to the first page
    order("sshKeys_list", 200, page(2, 3, total=3))
    order("sshKeys_list", 200, page(4, total=3))
    assert names(api) == ["key-1", "key-2", "key-3", "key-4"]


def test_a_list_without_a_total_ends_with_an_empty_page(api: Gateway) -> None:
    for ids in ([1, 2], [3], []):
        api.cloud.order("sshKeys_list", 200, {"ssh_keys": [{"id": one, "name": f"key-{one}"} for one in ids]})
    assert names(api) == ["key-1", "key-2", "key-3"]


def test_what_is_added_while_a_list_is_read_is_in_it_once(api: Gateway) -> None:
    order = api.cloud.order
    order("sshKeys_list", 200, {"ssh_keys": [{"id": 2}, {"id": 1}], "meta": {"total": 3}})
    order("sshKeys_list", 200, {"ssh_keys": [{"id": 1}, {"id": 0}], "meta": {"total": 4}})
    assert [one["id"] for one in api.get("/keys")["keys"]] == ["2", "1", "0"]


def test_a_client_walks_through_a_list_by_its_own_pages(api: Gateway) -> None:
    keys(api.cloud, 5)
    found, path = [], "/keys?limit=2"
    for _ in range(4):
        answer = api.ask("GET", path)
        found.append([one["name"] for one in answer.json["keys"]])
        if "link" not in answer.headers:
            break
        path = answer.headers["link"].split(">")[0].partition("/api")[2]
    assert found == [["key-1", "key-2"], ["key-3", "key-4"], ["key-5"]]


def test_sizes_and_regions_are_asked_for_once_by_each_caller(api: Gateway) -> None:
    for _ in range(3):
        api.get("/hardware_profiles")
        api.get("/realms")
        api.get("/images/63663980")
    assert (api.cloud.seen.count("sizes_list"), api.cloud.seen.count("regions_list")) == (1, 1)
    assert len(SIZES) == 6


ENTITY = "unprocessable_entity"
WORDS = [
    (401, "unauthorized", "Unable to authenticate you.", errors.AuthenticationFailed),
    (403, "forbidden", "You are not authorized to perform this operation", errors.Forbidden),
    (403, "forbidden", "Can not delete VPC with members", errors.Conflict),
    (403, "forbidden", "Can not delete default VPCs", errors.Conflict),
    (404, "not_found", "The resource you requested could not be found.", errors.NotFound),
    (409, "conflict", "duplicate name", errors.Conflict),
    (409, "conflict", "A volume that's attached to a Droplet cannot be deleted.", errors.Conflict),
    (409, "conflict", "Can not delete VPC with members", errors.Conflict),
    (412, "precondition_failed", "cannot delete a project with resources", errors.Conflict),
    (422, ENTITY, "Droplet already has a pending event.", errors.Conflict),
    (422, ENTITY, "The floating IP already has a pending event.", errors.Conflict),
    (422, ENTITY, "SSH Key is already in use on your account", errors.Conflict),
    (422, ENTITY, "name is not unique", errors.Conflict),
    (422, ENTITY, "failed to delete volume: attached volume cannot be deleted", errors.Conflict),
    (422, ENTITY, "creating this/these droplet(s) will exceed your droplet limit", errors.QuotaExceeded),
    (422, ENTITY, "You specified an invalid image for Droplet creation.", errors.NotFound),
    (422, ENTITY, "You specified an invalid region for Droplet creation.", errors.NotFound),
    (422, ENTITY, "cd:e8:2a are invalid key identifiers for Droplet creation.", errors.NotFound),
    (422, ENTITY, "You specified an invalid size for Droplet creation.", errors.InvalidRequest),
    (422, ENTITY, "Name Only valid hostname characters are allowed.", errors.InvalidRequest),
    (400, "bad_request", "the resource is not a snapshot", errors.NotFound),
    (400, "bad_request", "error parsing request body", errors.InvalidRequest),
    (429, "too_many_requests", "API rate limit exceeded.", errors.ProviderBusy),
    (500, "server_error", "Unexpected server-side error", errors.ProviderError),
    (502, None, "", errors.ProviderError),
    (503, "service_unavailable", "Service Unavailable", errors.ProviderBusy),
    (504, None, "", errors.ProviderTimeout),
    (418, None, "", errors.ProviderError),
]  # fmt: skip


@pytest.mark.parametrize(("status", "word", "message", "kind"), WORDS)
def test_each_refusal_means_what_its_words_say(
    status: int, word: str | None, message: str, kind: type[errors.DeltacloudError]
) -> None:
    error = translate(Refusal(status, word, message, "request-1", None))
    assert type(error) is kind
    assert error.backend_code == word
    assert error.message


@pytest.mark.parametrize(
    ("status", "headers", "wait"),
    [
        (429, {"retry_after": "29"}, 29),
        (429, {"ratelimit_reset": "RESET"}, 40),
        (429, {"ratelimit_reset": "1402425459"}, 1),
        (503, {"retry_after": "40"}, 40),
    ],
)
def test_a_busy_cloud_is_503_and_says_when_to_come_back(
    cloud: Cloud, status: int, headers: dict[str, str], wait: int
) -> None:
    given = {name: text.replace("RESET", str(int(time.time()) + 40)) for name, text in headers.items()}
    for _ in range(4):
        cloud.order("sshKeys_list", status, {"id": "too_many_requests", "message": "API rate limit exceeded."}, **given)
    with gateway(cloud, timeout=20) as api:
        answer = api.ask("GET", "/keys")
    assert answer.status == 503
    assert wait - 5 <= int(answer.headers["retry-after"]) <= wait


def test_what_passes_soon_is_asked_for_again_and_what_changes_anything_is_not(api: Gateway) -> None:
    keys(api.cloud, 1)
    for status in (429, 502, 503):
        api.cloud.order("sshKeys_list", status, {"id": "x", "message": "soon"}, retry_after="0")
    assert names(api) == ["key-1"]
    api.cloud.order("sshKeys_create", 503, {"id": "x", "message": "soon"}, retry_after="0")
    assert api.ask("POST", "/keys", name="mine", public_key="ssh-ed25519 AAAA").status == 503
    assert api.cloud.seen.count("sshKeys_create") == 1


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b"<html>maintenance</html>"),
        (200, b"[]"),
        (200, b'{"keys": []}'),
        (200, b'{"ssh_keys": [{"name": "no id"}]}'),
        (200, b'{"ssh_keys": {"id": 1}}'),
        (301, b""),
        (500, b"<html>oops</html>"),
        (500, b"\xff\xfe"),
    ],
)
def test_an_answer_that_makes_no_sense_is_502(api: Gateway, status: int, body: bytes) -> None:
    api.cloud.order("sshKeys_list", status, body)
    assert api.ask("GET", "/keys").status == 502


def test_an_answer_that_repeats_the_token_is_not_handed_on(api: Gateway) -> None:
    told = {"id": TOKEN, "message": f"token {TOKEN} is no good", "request_id": TOKEN}
    for status, path in itertools.product((400, 403, 422, 500), ("/keys", "/keys/1")):
        api.cloud.order("sshKeys_list" if path == "/keys" else "sshKeys_get", status, told)
        for accept in ("application/json",):
            answer = api.ask("GET", path, accept=accept)
            assert answer.status >= 400
            assert TOKEN not in answer.text
