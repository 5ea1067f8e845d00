"""Buckets in Azure: containers, their names, and what else is not there."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from urllib.parse import quote

import pytest

from azureaccounts import AzureCloud
from deltacloud.testing.wsgi import Answer

pytestmark = pytest.mark.doubles

Api = Callable[..., Answer]


def _listed(api: Api) -> list[str]:
    return [one["id"] for one in api("GET", "/api/buckets").json["buckets"]]


def test_an_account_has_buckets_and_nothing_else(api: Api) -> None:
    assert [link["rel"] for link in api("GET", "/api").json["api"]["links"]] == ["buckets", "drivers"]
    for collection in ("instances", "images", "realms", "keys", "storage_volumes"):
        assert api("GET", f"/api/{collection}").status == 412


@pytest.mark.parametrize(
    "name", ["abc", "z" * 63, "0-0-0", "2026", "a-b-c-d", "$root", "$web"], ids=lambda name: name[:12]
)
def test_a_bucket_of_every_legal_name_lives_from_making_to_destroying(api: Api, name: str) -> None:
    made = api("POST", "/api/buckets", {"name": name})
    path = f"/api/buckets/{quote(name)}"
    assert made.status == 201
    assert made.headers["location"].endswith(path)
    assert name in _listed(api)
    assert api("PUT", f"{path}/some%2Fblob", b"content").status == 200
    assert api("GET", f"{path}/some%2Fblob/content").body == b"content"
    assert [one["id"] for one in api("GET", path).json["bucket"]["blob_list"]] == ["some/blob"]
    assert api("DELETE", path).status == 409
    assert api("DELETE", f"{path}/some%2Fblob").status == 204
    assert api("DELETE", path).status == 204
    assert api("GET", path).status == 404
    assert name not in _listed(api)


def test_letters_of_a_new_name_are_made_small(api: Api) -> None:
    name = f"Mixed-{secrets.token_hex(4)}".upper()
    made = api("POST", "/api/buckets", {"name": name})
    assert made.json["bucket"]["name"] == name.lower()
    assert made.headers["location"].endswith(f"/api/buckets/{name.lower()}")
    assert api("GET", f"/api/buckets/{name}").status == 404
    assert api("DELETE", f"/api/buckets/{name.lower()}").status == 204


@pytest.mark.parametrize(
    "name",
    [
        "ab",
        "a" * 64,
        "under_score",
        "-front",
        "back-",
        "two--hyphens",
        "ünï",
        "dot.ted",
        "sl/ash",
        "$logs",
        "a b",
        "x\n",
    ],
)
def test_a_name_that_the_cloud_does_not_take_is_refused_with_the_reason(api: Api, name: str) -> None:
    refused = api("POST", "/api/buckets", {"name": name})
    assert refused.status == 400
    assert "3 to 63 letters" in refused.json["message"]
    assert refused.json["parameter"] == "name"


@pytest.mark.parametrize("name", ["UPPER", "a%2Fb", "..", "%2E%2E", "a%3Fcomp=list", "$logs", "no-such-bucket", "a--b"])
def test_a_bucket_that_cannot_be_is_not_there(api: Api, name: str) -> None:
    assert api("GET", f"/api/buckets/{name}").status == 404
    assert api("DELETE", f"/api/buckets/{name}").status == 404
    assert api("PUT", f"/api/buckets/{name}/blob", b"x").status == 404


def test_a_name_that_is_taken_is_a_conflict(api: Api) -> None:
    name = f"taken-{secrets.token_hex(4)}"
    assert [api("POST", "/api/buckets", {"name": name}).status for _ in range(2)] == [201, 409]
    assert api("DELETE", f"/api/buckets/{name}").status == 204


def test_parts_of_an_upload_that_was_never_finished_do_not_keep_a_bucket(api: Api, azurite: AzureCloud) -> None:
    name = f"unfinished-{secrets.token_hex(4)}"
    api("POST", "/api/buckets", {"name": name})
    azurite.past(azurite.logins[0]).get_blob_client(name, "half").stage_block("part", b"never committed")
    assert api("GET", f"/api/buckets/{name}").json["bucket"]["blob_list"] == []
    assert api("GET", f"/api/buckets/{name}/half").status == 404
    assert api("DELETE", f"/api/buckets/{name}").status == 204


def test_the_other_account_sees_nothing_of_it(api: Api, azurite: AzureCloud) -> None:
    name = f"mine-{secrets.token_hex(4)}"
    api("POST", "/api/buckets", {"name": name})
    other = azurite.logins[1]
    assert name not in [one["id"] for one in api("GET", "/api/buckets", user=other).json["buckets"]]
    assert api("GET", f"/api/buckets/{name}", user=other).status == 404
    assert api("GET", f"/api/buckets/{name}", user=(other[0], azurite.logins[0][1])).status == 401
    assert api("DELETE", f"/api/buckets/{name}").status == 204


@pytest.mark.parametrize(
    "account", ["ab", "x" * 25, "Upper", "under_score", "a/b", "a.b", "..", "ünï", "second-account"]
)
def test_an_account_that_cannot_be_is_refused_before_anything_is_asked(api: Api, account: str) -> None:
    refused = api("GET", "/api/buckets", user=(account, "a2V5"))
    assert refused.status == 401
    assert "Basic" in refused.headers["www-authenticate"]


def test_what_no_name_can_hold_is_not_looked_for(api: Api) -> None:
    bucket = f"odd-{secrets.token_hex(4)}"
    api("POST", "/api/buckets", {"name": bucket})
    for parameter in ("prefix", "delimiter"):
        for text in ("%00", "a%0Ab", "%7F"):
            answer = api("GET", f"/api/buckets/{bucket}?{parameter}={text}")
            assert (answer.status, "control characters" in answer.json["message"]) == (400, True), (parameter, text)
