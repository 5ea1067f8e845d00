"""The guard's table through a running gateway, whose clients name providers that are URLs."""

from __future__ import annotations

import contextlib
import http.client
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple, TypeAlias
from urllib.parse import quote

import pytest

import guardtable
from apiclient import Client
from deltacloud.kernel import GatewaySettings
from gateway import Deltacloudd, Gateway
from guardtable import BAD, GOOD, METADATA, Reached, Refusal, Row, Rules
from guardtable.informer import Informer
from guardtable.row import EVERYTHING, LOCAL_REQUEST, NOTHING, ONLY_GOOD
from loopback import Asked, Backend, Outside, reply

Options: TypeAlias = tuple[str, ...]

STRANGER = {"X-Forwarded-For": "192.0.2.1"}
"""What makes a request one that is not local."""
CALLER = {"Accept": "application/json", "Authorization": "Basic dXNlcjpwYXNzd29yZA=="}
OPTIONS: dict[Rules, Options] = {
    ONLY_GOOD: ("--allow-providers", f"{GOOD}/32"),
    EVERYTHING: ("--allow-providers", "*,0.0.0.0/0,::/0"),
    NOTHING: (),
    LOCAL_REQUEST: (),
}
"""The rules of the table that a gateway can have, and how it is told."""


def sendable(row: Row) -> bool:
    """Whether a client can ask for this, and the gateway's answer does not depend on names."""
    text = row.url
    plain = text.isascii() and text.isprintable() and text == text.strip() != ""
    alone = not (row.names or row.named_by or row.redirect or row.certificate or row.environment)
    return plain and alone and row.rules in OPTIONS and row.outcome is not Refusal.UNKNOWN


ROWS = [row for row in guardtable.ROWS if sendable(row)]


class Told(NamedTuple):
    """What a client is told, and the connections that the gateway has begun meanwhile."""

    status: int
    message: str
    connections: list[tuple[str, int]]


class Watched:
    """Gateways whose connections are known, and the servers they could reach."""

    def __init__(self, start: Deltacloudd, outside: Outside, folder: Path) -> None:
        self.good = outside.serve(_answer, host=GOOD)
        self.bad: Backend = outside.serve(_answer, host=BAD, port=self.good.port)
        self._start = start
        self._folder = folder
        self._running: dict[Options, tuple[Gateway, Informer]] = {}

    def ask(self, url: str, options: Options = (), headers: Mapping[str, str] = MappingProxyType({})) -> Told:
        """What comes of a list of realms with this provider."""
        provider = {"X-Deltacloud-Driver": "wire", "X-Deltacloud-Provider": url.replace("{port}", str(self.good.port))}
        return self.get("/api/realms", options, {**provider, **headers})

    def get(self, path: str, options: Options = (), headers: Mapping[str, str] = MappingProxyType({})) -> Told:
        """What comes of a request."""
        gateway, informer = self._gateway(options)
        informer.news()
        connection = http.client.HTTPConnection("127.0.0.1", gateway.port, timeout=30)
        with contextlib.closing(connection):
            connection.request("GET", path, headers={**CALLER, **headers})
            answer = connection.getresponse()
            document = json.loads(answer.read())
        return Told(answer.status, str(document.get("message")), informer.news())

    def _gateway(self, options: Options) -> tuple[Gateway, Informer]:
        if options not in self._running:
            folder = self._folder / str(len(self._running))
            folder.mkdir()
            informer = Informer(folder, [(GOOD, self.good.port), (BAD, self.good.port)])
            proxy = {name: self.bad.url() for name in ("http_proxy", "https_proxy", "all_proxy")}
            environment = informer.environment | proxy | {"no_proxy": ""}
            self._running[options] = self._start(*options, environment=environment), informer
        return self._running[options]


def _answer(asked: Asked) -> list[bytes]:
    if "redirect" in asked.path:
        return reply(status="302 Found", Location=f"http://{BAD}:{asked.headers['host'].partition(':')[2]}/")
    return reply(b"[]", Content_Type="application/json")


@pytest.fixture(scope="module")
def watched(deltacloudd: Deltacloudd, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    outside = Outside()
    yield Watched(deltacloudd, outside, tmp_path_factory.mktemp("watched"))
    outside.close()


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_provider_is_reached_or_refused_as_the_table_says(watched: Watched, row: Row) -> None:
    options = OPTIONS[row.rules]
    if row.earlier is not None:
        assert watched.ask(row.url, options, {} if row.earlier.local else STRANGER).status == 200
    told = watched.ask(row.url, options, {} if row.rules.local else STRANGER)
    if not row.provider:
        assert (told.status, told.connections) == (400, [])
        assert "rovider" in told.message
        assert GOOD not in told.message
    elif isinstance(row.outcome, Refusal):
        assert (told.status, told.connections) == (403, [])
        assert row.outcome.words in told.message
    else:
        assert isinstance(row.outcome, Reached)
        port = row.outcome.port or watched.good.port
        assert set(told.connections) <= {(address, port) for address in row.outcome.addresses}
        answered = row.outcome == Reached((GOOD,))
        assert (told.status == 200) == answered
        assert told.connections or answered


def test_the_table_has_enough_for_a_gateway() -> None:
    assert len([row for row in ROWS if isinstance(row.outcome, Refusal)]) > 90
    assert {row.rules for row in ROWS} == set(OPTIONS)


@pytest.mark.parametrize(
    "headers", [STRANGER, {"Host": "gateway.example"}, {"Forwarded": "for=192.0.2.1"}, {"Via": "1.1 proxy"}], ids=str
)
def test_a_request_from_elsewhere_is_told_which_setting_would_open_it(
    watched: Watched, headers: dict[str, str]
) -> None:
    url = watched.good.url()
    assert watched.ask(url).status == 200
    reason = f"This server may not talk to {GOOD}: its setting allow-providers does not name it"
    assert watched.ask(url, headers=headers) == (403, reason, [])


def test_a_name_that_resolves_to_this_machine_is_refused_where_only_others_are_allowed(watched: Watched) -> None:
    told = watched.ask("http://localhost:{port}", OPTIONS[ONLY_GOOD])
    assert (told.status, told.connections) == (403, [])


def test_a_name_that_does_not_resolve_is_the_providers_fault(watched: Watched) -> None:
    assert watched.ask("http://missing.invalid") == (502, "The name missing.invalid does not resolve", [])


def test_a_provider_that_redirects_leads_nowhere(watched: Watched) -> None:
    before = watched.bad.connections
    told = watched.ask("http://127.0.0.2:{port}/redirect", OPTIONS[EVERYTHING])
    assert told.status == 502
    assert {address for address, _ in told.connections} <= {GOOD}
    assert watched.bad.connections == before


@pytest.mark.parametrize(
    ("url", "status"), [(f"http://user:password@{GOOD}/", 400), (f"http://{METADATA}/latest/meta-data/", 403)]
)
def test_a_matrix_parameter_opens_no_more_than_a_header(watched: Watched, url: str, status: int) -> None:
    told = watched.get(f"/api;driver=wire;provider={quote(url, safe='')}/realms")
    assert (told.status, told.connections) == (status, [])
    assert "password" not in told.message


CARELESS = """
    from deltacloud.driver import Driver
    from deltacloud.models import Realm
    from deltacloud.providers import Endpoints, ParsedProvider, Providers

    def parse(text):
        return ParsedProvider(text=text, endpoints={"api": text})

    class Careless(Driver):
        name, title, contract = "careless", "A driver that does not look at the URLs it is given", 1
        credentials = None
        providers = Providers(endpoints=Endpoints(parse, "http://a.example", "A provider is a URL."))

        def list_realms(self, context):
            url = context.provider.endpoints["api"]
            context.http(url).get(url)
            yield Realm(id=url)
"""


def test_a_driver_that_does_not_look_is_given_urls_that_were_read_and_put_together_anew(
    outside: Outside, install: Callable[..., None]
) -> None:
    backend = outside.serve(host=GOOD)
    install(
        "deltacloud-careless", {"deltacloud.drivers": {"careless": "deltacloud_careless_module:Careless"}}, CARELESS
    )
    client = Client(GatewaySettings(driver="careless"))
    place = f"{GOOD}:{backend.port}"
    for odd in (
        f"http://{place}\\.evil.example/",
        f"http://{GOOD}.:{backend.port}",
        f"http:{place}",
        "file:///etc/passwd",
    ):
        answer = client("GET", "/api/realms", x_deltacloud_provider=odd)
        assert (answer.status, answer.json["error_code"]) == (400, "invalid_request")
    assert backend.connections == 0
    answer = client("GET", "/api/realms", x_deltacloud_provider=f"HTTP://{place}/V1")
    assert [realm["id"] for realm in answer.json["realms"]] == [f"http://{place}/V1"]
