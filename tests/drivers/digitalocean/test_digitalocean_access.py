"""Who is let in, where to, and what is said of a token."""

from __future__ import annotations

import itertools
import json
import logging

import pytest

from deltacloud.driver import read_settings
from deltacloud.errors import InvalidRequest
from deltacloud_digitalocean import DigitalOceanDriver
from deltacloud_digitalocean.endpoints import region_of
from deltacloud_digitalocean.settings import DigitalOceanSettings
from digitaloceancloud import OTHER_TOKEN, TOKEN, WRONG_TOKEN, Cloud
from digitaloceancloud.asking import IMAGE, SIZE, Gateway, gateway

V1_PAIR = ("3aBcD1eFgHiJkLmNoPqRsT", "0123456789abcdef0123456789abcdef")
"""What a client key and an API key of the API v1 looked like."""


def test_the_user_name_is_free_and_is_the_owner(cloud: Cloud) -> None:
    for name in ("ann", "Somebody else", ""):
        with gateway(cloud, login=(name, TOKEN)) as api:
            identifier = api.launch()
            assert api.get(f"/instances/{identifier}")["instance"].get("owner") == name


def test_the_key_pair_of_the_old_api_is_answered_with_what_to_use(cloud: Cloud) -> None:
    with gateway(cloud, login=V1_PAIR) as api:
        answer = api.ask("GET", "/instances")
    assert answer.status == 401
    assert "www-authenticate" in answer.headers
    for word in ("personal access token", "password", "user name may be anything", "API v1 ended in 2015"):
        assert word in answer.json["message"]


def test_the_token_is_shown_nowhere(cloud: Cloud, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    answers = []
    for token in (TOKEN, WRONG_TOKEN):
        with gateway(cloud, login=("ann", token)) as api:
            api.ask("POST", "/firewalls", name="web", description="any")
            for path, kind in itertools.product(
                ("/instances", "/images", "/firewalls", "/keys/1", "/instances/1", "/", "/?force_auth=1"),
                ("application/xml", "application/json", "text/html"),
            ):
                answers.append(api.ask("GET", path, accept=kind))
    cloud.order("sshKeys_list", 500, {"id": "server_error", "message": "Unexpected server-side error"})
    with gateway(cloud) as api:
        answers.append(api.ask("GET", "/keys"))
    shown = caplog.text + "".join(answer.text + str(answer.headers) for answer in answers)
    assert {answer.status for answer in answers} == {200, 401, 404, 502}
    assert [token for token in (TOKEN, WRONG_TOKEN) if token in shown or token[8:] in shown] == []


def test_a_token_in_place_of_the_user_name_is_refused_and_not_sent(cloud: Cloud) -> None:
    with gateway(cloud, login=(TOKEN, "")) as api:
        answer = api.ask("GET", "/instances")
    assert answer.status == 401
    assert "The password is a personal access token" in answer.json["message"]
    assert TOKEN not in answer.text
    assert cloud.seen == []


def test_what_cannot_be_a_token_is_refused_and_not_sent(cloud: Cloud) -> None:
    for odd in ("two words", "größe", "line\nbreak", "\x7f"):
        with gateway(cloud, login=("ann", odd)) as api:
            assert api.ask("GET", "/instances").status == 401, repr(odd)
    assert cloud.seen == []


def test_force_auth_tells_good_tokens_from_wrong_ones(cloud: Cloud) -> None:
    with gateway(cloud) as api:
        assert api.ask("GET", "/?force_auth=1").status == 200
        cloud.missing_scopes[TOKEN] = {"sizes:read"}
        assert api.ask("GET", "/?force_auth=1").status == 200  # a good one, not for everything
    with gateway(cloud, login=("ann", WRONG_TOKEN)) as api:
        assert api.ask("GET", "/?force_auth=1").status == 401
        assert api.ask("GET", "/").status == 200


def test_a_token_without_a_scope_sees_the_rest(api: Gateway) -> None:
    identifier = api.launch()
    api.cloud.missing_scopes[TOKEN] = {"firewall:read"}
    for seen in (api.get(f"/instances/{identifier}")["instance"], api.get("/instances")["instances"][0]):
        assert not seen.get("firewalls")
    answer = api.ask("GET", "/firewalls")
    assert answer.status == 403
    assert answer.json["message"] == "DigitalOcean: You are not authorized to perform this operation"


def test_what_a_token_may_not_see_of_a_droplet_is_left_out(api: Gateway) -> None:
    api.cloud.order("droplets_get", 200, {"droplet": {"id": 7, "name": "bare", "status": "active", "networks": None}})
    api.cloud.order("droplets_list_firewalls", 200, {"firewalls": [], "meta": {"total": 0}})
    seen = api.get("/instances/7")["instance"]
    assert (seen["id"], seen["name"], seen["state"]) == ("7", "bare", "RUNNING")


def test_two_tokens_are_two_accounts(cloud: Cloud) -> None:
    with gateway(cloud) as ann, gateway(cloud, login=("ann", OTHER_TOKEN)) as bob:
        identifier = ann.launch()
        assert bob.get("/instances")["instances"] == []
        assert bob.ask("GET", f"/instances/{identifier}").status == 404


@pytest.mark.parametrize(
    ("text", "endpoint"),
    [
        ("https://do.example.com", "https://do.example.com"),
        ("HTTP://127.0.0.1:5660/", "http://127.0.0.1:5660"),
        ("https://example.com/digitalocean", "https://example.com/digitalocean"),
    ],
)
def test_a_provider_that_is_a_url_is_where_the_api_is(text: str, endpoint: str) -> None:
    parsed = DigitalOceanDriver.providers.resolve(text)
    assert (parsed.text, dict(parsed.endpoints)) == (text, {"api": endpoint})


@pytest.mark.parametrize(
    ("text", "endpoints", "region"),
    [
        (
            "api=https://a.example;spaces=https://s.example/",
            {"api": "https://a.example", "spaces": "https://s.example"},
            None,
        ),
        (" spaces = https://s.example ; region = ams3", {"spaces": "https://s.example"}, "ams3"),
        ("api=https://a.example", {"api": "https://a.example"}, None),
    ],
)
def test_a_provider_may_name_both_services(text: str, endpoints: dict[str, str], region: str | None) -> None:
    parsed = DigitalOceanDriver.providers.resolve(text)
    assert (dict(parsed.endpoints), parsed.options.get("region")) == (endpoints, region)


@pytest.mark.parametrize(
    ("text", "region"),
    [(None, None), ("nyc3", "nyc3"), ("AMS3", "ams3"), ("default", None), ("anything_at-all", None), ("nyc", None)],
)
def test_a_provider_that_is_a_mere_word_is_a_region_or_ignored_as_it_always_was(
    text: str | None, region: str | None
) -> None:
    parsed = DigitalOceanDriver.providers.resolve(text)
    assert (dict(parsed.endpoints), region_of(parsed)) == ({}, region)


@pytest.mark.parametrize(
    ("region", "volume", "instance"),
    [("ams3", "ams3", "ams3"), ("sfo1", "sfo1", "sfo1"), ("xyz9", "nyc3", None), ("us-east-1", "nyc3", None)],
)
def test_the_providers_region_is_where_things_are_made_that_name_none(
    cloud: Cloud, region: str, volume: str, instance: str | None
) -> None:
    """What is no region is ignored; one where nothing new can be made is DigitalOcean's to refuse."""
    launched = {"image_id": IMAGE, "hwp_id": SIZE}
    with gateway(cloud, default_realm="nyc3") as api:
        headers = {"X-Deltacloud-Provider": f"api={cloud.url};region={region}"}
        api.ask("POST", "/storage_volumes", headers=headers, capacity=1)
        api.ask("POST", "/instances", headers=headers, **launched)
        api.ask("POST", "/instances", headers=headers, realm_id="fra1", **launched)
    sent = [json.loads(body).get("region") for method, _, body in cloud.requests if method == "POST"]
    assert sent == [volume, instance, "fra1"]


@pytest.mark.parametrize(
    "text",
    [
        "api.example.com", "localhost:5660", "ftp://example.com", "https://u:p@example.com", "s3=https://s.example",
        "api=s.example", "region=nyc3", "api=https://a.example;api=https://b.example", "spaces=https://u:p@s.example",
        "api=https://a.example;region=nyc3.evil", "api=",
    ],
)  # fmt: skip
def test_what_looks_like_a_place_and_is_no_url_is_refused(text: str) -> None:
    with pytest.raises(InvalidRequest):
        DigitalOceanDriver.providers.resolve(text)


def test_a_caller_from_elsewhere_is_not_led_to_a_place_of_their_own(api: Gateway) -> None:
    answer = api.ask("GET", "/instances", headers={"Host": "gateway.example.com"})
    assert answer.status == 403
    assert "allow-providers" in answer.json["message"]
    assert api.cloud.seen == []


@pytest.mark.parametrize("size", [0, 201])
def test_pages_have_a_size_that_digitalocean_gives(size: int) -> None:
    with pytest.raises(ValueError, match="page-size"):
        read_settings(DigitalOceanSettings, {"page-size": size}, {})
