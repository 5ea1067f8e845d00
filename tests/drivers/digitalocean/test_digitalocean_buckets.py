"""Buckets and blobs over HTTP, on servers that speak S3 and check signatures, beside machines of the same caller."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

import seaweedfs
from awscloud.accounts import Accounts, Keys, client
from deltacloud.kernel import Application
from deltacloud.testing.wsgi import Answer, request
from digitaloceancloud import OTHER_TOKEN, TOKEN, Cloud
from digitaloceancloud.asking import IMAGE, SIZE, Gateway, gateway
from emulators import Place

pytestmark = pytest.mark.doubles

CONTENT = b"picture" * 1_000_000


class Caller:
    """Somebody who asks the gateway.

    Args:
        application: What answers.
        provider: Where both services are.
        login: User name and password.
        token: The session token; None for none.
    """

    def __init__(self, application: Application, provider: str, login: tuple[str, str], token: str | None) -> None:
        self._application = application
        self._login = login
        self._headers = {"X-Deltacloud-Driver": "digitalocean", "X-Deltacloud-Provider": provider}
        if token is not None:
            self._headers["X-Deltacloud-Session-Token"] = token

    def __call__(self, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        given = {**self._headers, **{name.replace("_", "-"): text for name, text in headers.items()}}
        return request(
            self._application, method, f"/api{path}", self._login, accept="application/json", headers=given, body=body
        )

    def make(self, path: str, form: str) -> Answer:
        """Make something with a form."""
        return self("POST", path, form.encode(), Content_Type="application/x-www-form-urlencoded")


@pytest.fixture
def api(cloud: Cloud) -> Iterator[Gateway]:
    with gateway(cloud) as api:
        yield api


def _named(cloud: Cloud, url: str) -> str:
    return f"api={cloud.url};spaces={url};region=us-east-1"


@pytest.mark.parametrize("double", ["moto", "seaweed"])
def test_a_bucket_and_a_blob_live_and_end(
    request: pytest.FixtureRequest, double: str, cloud: Cloud, api: Gateway
) -> None:
    place: Accounts | Place = request.getfixturevalue(double)
    keys = place.main if isinstance(place, Accounts) else Keys(seaweedfs.USER, seaweedfs.SECRET)
    ask = Caller(api.application, _named(cloud, place.url), (keys.access_key, TOKEN), keys.secret_key)
    assert ask.make("/buckets", "name=holiday").status == 201
    assert ask.make("/buckets", "name=holiday").status == 409
    sent = {"Content_Type": "image/jpeg", "X_Deltacloud_Blobmeta_Colour": "blue"}
    assert ask("PUT", "/buckets/holiday/beach%2Fone.jpg", CONTENT, **sent).status == 200
    past = client("s3", place.url, keys)
    assert past.get_object(Bucket="holiday", Key="beach/one.jpg")["Body"].read() == CONTENT
    shown = ask("GET", "/buckets/holiday/beach%2Fone.jpg").json["blob"]
    assert (shown["content_length"], shown["content_type"]) == (len(CONTENT), "image/jpeg")
    assert shown["user_metadata"] == {"colour": "blue"}
    assert ask("GET", "/buckets/holiday/beach%2Fone.jpg/content", Range="bytes=7-20").body == b"picturepicture"
    answer = ask("POST", "/buckets/holiday/beach%2Fone.jpg", X_Deltacloud_Blobmeta_Size="large")
    assert answer.status == 204
    assert past.head_object(Bucket="holiday", Key="beach/one.jpg")["Metadata"] == {"size": "large"}
    assert ask("DELETE", "/buckets/holiday").status == 409
    assert ask("DELETE", "/buckets/holiday/beach%2Fone.jpg").status == 204
    assert ask("DELETE", "/buckets/holiday").status == 204
    assert ask("GET", "/buckets/holiday").status == 404
    assert ask("GET", "/buckets").json["buckets"] == []


def test_one_caller_has_machines_and_buckets_and_another_sees_neither(
    moto: Accounts, cloud: Cloud, api: Gateway
) -> None:
    provider = _named(cloud, moto.url)
    ann = Caller(api.application, provider, (moto.main.access_key, TOKEN), moto.main.secret_key)
    bob = Caller(api.application, provider, (moto.other.access_key, OTHER_TOKEN), moto.other.secret_key)
    assert ann.make("/buckets", "name=of-ann").status == 201
    instance = ann.make("/instances", f"image_id={IMAGE}&hwp_id={SIZE}&realm_id=nyc3").json["instance"]["id"]
    assert [one["id"] for one in ann("GET", "/buckets").json["buckets"]] == ["of-ann"]
    assert bob("GET", "/buckets").json["buckets"] == []
    assert bob("GET", "/buckets/of-ann").status in (403, 404)
    assert bob("GET", f"/instances/{instance}").status == 404
    assert ann("DELETE", "/buckets/of-ann").status == 204


@pytest.mark.parametrize("way", ["header", "password", "alone"])
def test_the_secret_key_comes_in_any_of_three_ways(moto: Accounts, cloud: Cloud, api: Gateway, way: str) -> None:
    user, secret = moto.main.access_key, moto.main.secret_key
    password = {"header": TOKEN, "password": f"{TOKEN};{secret}", "alone": secret}[way]
    ask = Caller(api.application, _named(cloud, moto.url), (user, password), secret if way == "header" else None)
    assert ask("GET", "/buckets").status == 200
    instances = ask("GET", "/instances")
    assert instances.status == (401 if way == "alone" else 200)
    assert ask("GET", "/?force_auth=1").status == 200
    linked = {one["rel"] for one in ask("GET", "/").json["api"]["links"]}
    assert linked == {"buckets", "drivers"} if way == "alone" else {"buckets", "instances"} <= linked


def test_wrong_keys_are_refused_by_spaces_and_do_not_harm_machines(moto: Accounts, cloud: Cloud, api: Gateway) -> None:
    ask = Caller(api.application, _named(cloud, moto.url), (moto.main.access_key, TOKEN), moto.wrong.secret_key)
    refused = ask("GET", "/buckets")
    assert (refused.status, refused.json["message"]) == (401, "The provider does not accept the credentials")
    assert ask("GET", "/instances").status == 200


def test_no_secret_is_shown_by_answers_or_logs(
    moto: Accounts, cloud: Cloud, api: Gateway, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    user, answers = moto.main.access_key, []
    paths = ("/", "/buckets", "/buckets/none", "/buckets/none/blob/content", "/instances", "/?force_auth=1")
    for secret in (moto.main.secret_key, moto.wrong.secret_key):
        for login, token in (((user, TOKEN), secret), ((user, f"{TOKEN};{secret}"), None), ((user, secret), None)):
            ask = Caller(api.application, _named(cloud, moto.url), login, token)
            answers += [ask("GET", path) for path in paths]
    assert {200, 401, 404} <= {answer.status for answer in answers}
    shown = caplog.text + "".join(answer.text + str(answer.headers) for answer in answers)
    assert "botocore" in caplog.text
    secrets = (TOKEN, moto.main.secret_key, moto.wrong.secret_key)
    assert [secret for secret in secrets if secret in shown or secret[8:] in shown] == []
