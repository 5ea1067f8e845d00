"""The wire: logins, headers, pages, and answers that no engine should give."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import unquote

import pytest

from deltacloud.kernel import GatewaySettings, LoadedDriver
from deltacloud.kernel.discovery import Unloadable
from deltacloud_rhevm import RhevmDriver
from deltacloud_rhevm.documents import parse
from deltacloud_rhevm.mapping import instance_from
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

    def start(
        body: bytes, status: str = "200 OK", settings: Mapping[str, object] = {}, login: bytes = TOKEN, **headers: str
    ) -> Api:
        def answer(asked: Asked) -> list[bytes]:
            if asked.path == LOGIN:
                return reply(login, Content_Type="application/json")
            return reply(body, status, **headers)

        opened.append(Backend(answer))
        return Api(f"{opened[-1].url()}/ovirt-engine/api", settings)

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


def test_an_answer_without_an_end_is_given_up(speak: Callable[..., Api]) -> None:
    bomb = gzip.compress(b"<data_centers>" + b"<a/>" * 2_200_000 + b"</data_centers>")
    assert len(bomb) < 100_000
    assert speak(bomb, Content_Type="application/xml", Content_Encoding="gzip").get("/realms").status == 502


@pytest.mark.parametrize("number", ["9" * 20, "9" * 5000, "-1", "\u0661", "1e3", ""])
def test_numbers_that_no_engine_writes_are_unknown(number: str) -> None:
    document = f"<vm><memory>{number}</memory><cpu><topology><cores>{number}</cores></topology></cpu></vm>"
    assert instance_from(parse(document.encode()), "somebody").hardware_overrides == ()


def test_pages_that_repeat_themselves_end(speak: Callable[..., Api]) -> None:
    body = b'<things><data_center id="1"/><data_center id="2"/></things>'
    answer = speak(body, Content_Type="application/xml", settings={"page-size": 2}).get("/images")
    assert answer.status == 502
    assert "same page" in answer.json["message"]


@pytest.mark.parametrize("size", [0, -1, 10_001])
def test_pages_have_a_size(size: int) -> None:
    with pytest.raises(Unloadable, match="page-size"):
        LoadedDriver("rhevm", RhevmDriver, GatewaySettings(drivers={"rhevm": {"page-size": size}}))


NO_IDS = (
    "%2E", "%2E%2E", "%2E%2E%2Fhosts", "a%2Fb", "a%5Cb", "a%3Bb", "a%3Fb", "a%23b", "%25", "%00", "a%0D%0Ab", "%C3%A4",
    "%F0%9F%9A%80", "a%20b", "a,b",
)  # fmt: skip
"""What no id of an engine's is, as it stands in a path."""


@pytest.mark.parametrize("identifier", NO_IDS)
def test_what_cannot_be_an_id_is_not_there_and_nobody_is_asked(engine: Engine, identifier: str) -> None:
    api = Api(engine.provider(0))
    for path, status in (("images", 404), ("instances", 404), ("storage_volumes", 404)):
        assert api.get(f"/{path}/{identifier}").status == status, path
    for path, status in (("images", 404), ("instances", 403), ("storage_volumes", 404)):
        assert api.delete(f"/{path}/{identifier}").status == status, path
    assert api.post(f"/instances/{identifier}/start").status == 403
    assert api.post(f"/storage_volumes/{identifier}/detach").status == 404
    assert engine.state.seen == []


@pytest.mark.parametrize("identifier", NO_IDS)
def test_nothing_is_made_of_what_cannot_be_an_id(engine: Engine, identifier: str) -> None:
    api, wrong = Api(engine.provider(0)), unquote(identifier)
    machine, network = engine.state.add_machine("web").id, engine.state.networks[0].id
    for path, form in (
        ("instances", {"image_id": wrong}),
        ("instances", {"image_id": engine.state.template("Rocky 9").id, "realm_id": wrong}),
        ("images", {"instance_id": wrong}),
        ("network_interfaces", {"instance": machine, "network": wrong}),
        ("network_interfaces", {"instance": wrong, "network": network}),
        ("storage_volumes", {"realm_id": wrong}),
    ):
        assert api.post(f"/{path}", **form).status in (400, 404), (path, form)
    assert {one.path for one in engine.state.seen if one.method == "POST"} <= {"/vms", "/templates"}
    assert len(engine.state.machines) == 1


def test_redirects_are_not_followed(speak: Callable[..., Api]) -> None:
    answer = speak(b"", "302 Found", Location="http://127.0.0.1:1/")
    assert answer.get("/realms").status == 502


@pytest.mark.parametrize(
    "login",
    [b"<html>hello</html>", b"", b"[]", b"{}", b"[" * 60_000, b'{"access_token": 1}', b'{"access_token": "a\\nb"}',
     b'{"x":"' + b" " * 70_000 + b'","access_token":"t"}'],
    ids=["page", "nothing", "list", "empty", "deep", "number", "two lines", "long"],
)  # fmt: skip
def test_what_does_not_answer_to_logins_is_no_engine(speak: Callable[..., Api], login: bytes) -> None:
    answer = speak(b"", login=login).get("/realms")
    assert answer.status == 502
    assert "as an oVirt engine does" in answer.json["message"]


def test_an_engine_that_is_busy_when_asked_to_log_in_is_503() -> None:
    backend = Backend(lambda _asked: reply(b"", "503 Service Unavailable", Retry_After="120"))
    try:
        answer = Api(f"{backend.url()}/ovirt-engine/api").get("/realms")
    finally:
        backend.close()
    assert (answer.status, answer.headers["retry-after"]) == (503, "120")
