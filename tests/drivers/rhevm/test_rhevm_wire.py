"""The wire: logins, headers, pages, and answers that no engine should give."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator

import pytest

from loopback import Asked, Backend, reply
from ovirtapi import Api
from ovirtcloud import ADMIN, JANE, Engine

TOKEN = b'{"access_token":"t","scope":"ovirt-app-api"}'
LOGIN = "/ovirt-engine/sso/oauth/token"
LAUGHS = b"".join(
    b'<!ENTITY l%d "%b">' % (number, b"&l%d;" % (number - 1) * 10 if number else b"ha" * 10) for number in range(10)
)


@pytest.fixture
def speak() -> Iterator[Callable[..., Api]]:
    """The gateway on an engine that lets everybody in, and then answers with given bytes."""
    opened: list[Backend] = []

    def start(body: bytes, status: str = "200 OK", **headers: str) -> Api:
        def answer(asked: Asked) -> list[bytes]:
            if asked.path == LOGIN:
                return reply(TOKEN, Content_Type="application/json")
            return reply(body, status, **headers)

        opened.append(Backend(answer))
        return Api(f"{opened[-1].url()}/ovirt-engine/api")

    yield start
    for backend in opened:
        backend.close()


def test_one_login_serves_many_calls_and_the_password_goes_nowhere_else(engine: Engine) -> None:
    api = Api(engine.provider(0))
    for path in ("/realms", "/images", "/instances", "/realms"):
        assert api.get(path).status == 200
    assert engine.state.logins == 1
    assert {one.headers["Authorization"].split()[0] for one in engine.state.seen} == {"Bearer"}


def test_callers_have_logins_of_their_own(engine: Engine) -> None:
    provider = engine.provider(0, user=True)
    first, second = Api(provider), Api(provider, user=JANE)
    second.client = first.client
    for api in (first, second, first):
        assert api.get("/instances").status == 200
    assert engine.state.logins == 2
    assert sorted({one.user for one in engine.state.seen}) == [ADMIN, JANE]


def test_a_login_that_the_engine_forgot_is_renewed_once(engine: Engine) -> None:
    api = Api(engine.provider(0))
    assert api.get("/realms").status == 200
    engine.state.expire_tokens()
    assert api.get("/realms").status == 200
    assert engine.state.logins == 2


def test_a_creation_goes_on_after_a_new_login_and_happens_once(engine: Engine) -> None:
    api = Api(engine.provider(0))
    assert api.get("/realms").status == 200
    engine.state.expire_tokens()
    assert api.post("/instances", image_id=engine.state.template("Rocky 9").id).status == 201
    assert len(engine.state.machines) == 1


def test_an_engine_that_refuses_every_login_is_believed(speak: Callable[..., Api]) -> None:
    api = speak(b"<html>no</html>", "401 Unauthorized", Content_Type="text/html")
    assert api.get("/realms").status == 401


def test_wrong_passwords_are_401_and_are_not_told(engine: Engine) -> None:
    answer = Api(engine.provider(0), password="a wrong password").get("/instances")
    assert answer.status == 401
    assert "www-authenticate" in answer.headers
    assert b"wrong password" not in answer.body
    assert engine.state.seen == []


def test_logins_end_with_the_process(engine: Engine) -> None:
    api = Api(engine.provider(0))
    assert api.get("/realms").status == 200
    assert len(engine.state.tokens) == 1
    del api
    import gc  # noqa: PLC0415 - the gateway closes when nobody holds it

    gc.collect()
    assert engine.state.tokens == {}


def test_no_cookie_comes_back(engine: Engine) -> None:
    api = Api(engine.provider(0))
    for _ in range(2):
        assert api.get("/instances").status == 200
    assert engine.state.cookies == []


def test_requests_say_the_version_and_whose_request_they_serve(engine: Engine) -> None:
    answer = Api(engine.provider(0)).get("/instances")
    assert {one.headers["Version"] for one in engine.state.seen} == {"4"}
    assert {one.headers["Correlation-Id"] for one in engine.state.seen} == {answer.headers["x-request-id"]}
    assert not [one for one in engine.state.seen if "Filter" in one.headers]


@pytest.mark.parametrize("count", [0, 4, 5, 7])
def test_pages_are_followed_to_the_end(engine: Engine, count: int) -> None:
    for number in range(count):
        engine.state.add_machine(f"m{number}")
    api = Api(engine.provider(0), {"page-size": 2})
    assert list(api.states()) == [f"m{number}" for number in range(count)]
    pages = [one.query["search"].rpartition(" ")[2] for one in engine.state.seen if one.path == "/vms"]
    assert pages == [str(number) for number in range(1, count // 2 + 2)]


def test_what_comes_again_on_the_next_page_is_shown_once(engine: Engine) -> None:
    for number in range(4):
        engine.state.add_machine(f"m{number}")
    api = Api(engine.provider(0), {"page-size": 2})
    first = api.get("/instances?limit=2").json["instances"]
    engine.state.add_machine("a-new-one")  # moves everything back by one
    assert [one["name"] for one in first] == ["m0", "m1"]
    assert list(api.states()) == ["a-new-one", "m0", "m1", "m2", "m3"]


def test_machines_bring_their_devices_along_instead_of_three_requests_each(engine: Engine) -> None:
    for number in range(20):
        engine.state.add_machine(f"m{number}", status="up")
    instances = Api(engine.provider(0)).get("/instances").json["instances"]
    assert all(len(one["network_interfaces"]) == len(one["storage_volumes"]) == 1 for one in instances)
    assert [one.path.split("/")[1] for one in engine.state.seen] == ["datacenters", "vms"]


@pytest.mark.parametrize(
    "body",
    [
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><data_centers>&e;</data_centers>',
        b'<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd"><data_centers/>',
        b"<!DOCTYPE x [" + LAUGHS + b"]><data_centers>&l9;</data_centers>",
        b"<data_centers>" + b"<a>" * 10000 + b"</a>" * 10000 + b"</data_centers>",
        b"<html><body>A proxy's page<br></body></html>",
        b'<?xml version="1.0" encoding="no-such-encoding"?><data_centers/>',
        b'{"data_center": []}',
        b"",
    ],
    ids=["external entity", "external declaration", "billion laughs", "deep", "page", "encoding", "json", "nothing"],
)
def test_answers_that_are_no_documents_are_502(speak: Callable[..., Api], body: bytes) -> None:
    answer = speak(body, Content_Type="application/xml").get("/realms")
    assert answer.status == 502
    assert b"root:" not in answer.body


def test_an_answer_without_an_end_is_given_up(speak: Callable[..., Api], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deltacloud_rhevm.documents.LARGEST", 1_000_000)
    bomb = gzip.compress(b"<data_centers>" + b" " * 50_000_000)
    assert len(bomb) < 100_000
    answer = speak(bomb, Content_Type="application/xml", Content_Encoding="gzip").get("/realms")
    assert answer.status == 502
    assert "too large" in answer.json["message"]


def test_redirects_are_not_followed(speak: Callable[..., Api]) -> None:
    answer = speak(b"", "302 Found", Location="http://127.0.0.1:1/")
    assert answer.get("/realms").status == 502


def test_what_does_not_answer_to_logins_is_no_engine() -> None:
    backend = Backend(lambda _asked: reply(b"<html>hello</html>", Content_Type="text/html"))
    try:
        answer = Api(f"{backend.url()}/ovirt-engine/api").get("/realms")
    finally:
        backend.close()
    assert answer.status == 502
    assert "as an oVirt engine does" in answer.json["message"]


def test_an_engine_that_is_busy_when_asked_to_log_in_is_503() -> None:
    backend = Backend(lambda _asked: reply(b"", "503 Service Unavailable", Retry_After="120"))
    try:
        answer = Api(f"{backend.url()}/ovirt-engine/api").get("/realms")
    finally:
        backend.close()
    assert (answer.status, answer.headers["retry-after"]) == (503, "120")
