"""Nothing secret that a client sends, a driver says or an operator configures gets to the collector."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from canaries.attempts import Attempt, attempts
from canaries.distribution import install
from canaries.malformed import broken_heads, broken_off
from canaries.search import Search
from canaries.sending import all_at_once, ask, break_off, exchange
from canaries.spelling import MARK, Canary
from gateway import Deltacloudd, Gateway
from otlpcollector import Collector, collector
from strictclient import StrictClient
from watchedserver import WatchedServers
from wirecloud import wire_cloud

pytestmark = pytest.mark.timeout(240)

SHARE = 24
"""One of so many requests of those that search for leaks everywhere is sent here."""
BODY_LIMIT = 64 * 1024
ACCOUNT, SETTING = Canary("account").text, Canary("setting").text
HEADER = f"{MARK}.header.for-the-collector"
CONFIGURED = ("account", "setting", "header")


@dataclass(frozen=True)
class Aftermath:
    """What there is after all requests."""

    collected: Collector
    server: Gateway
    statuses: set[int]
    memory: dict[str, Any]


@pytest.fixture(scope="module", name="aftermath")
def aftermath_fixture(deltacloudd: Deltacloudd, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aftermath]:
    folder = tmp_path_factory.mktemp("secrets")
    with wire_cloud() as cloud, collector() as collected:
        settings = folder / "settings.toml"
        settings.write_text(_settings(cloud.url("ok")), "utf-8")
        variables = {"PYTHONPATH": install(folder / "site"), "OTEL_EXPORTER_OTLP_HEADERS": f"x-key={HEADER}"}
        watched = WatchedServers(deltacloudd, collected)
        server = watched("-V", "-c", str(settings), "--extensions", "otel,leakprobe", **variables)
        statuses = set()
        todo = list(attempts(ACCOUNT, cloud.url, BODY_LIMIT))[::SHARE]

        def send(attempt: Attempt) -> bytes:
            return exchange(server.port, attempt.data)

        for _, answer in all_at_once(send, todo):
            statuses.add(int(answer[9:12] or b"0"))
        for broken in broken_heads(90_000):
            exchange(server.port, broken.data, ends=True)
        for broken in broken_off(80_000, "wire", cloud.url("delay,1")):
            break_off(server.port, broken.data)
        time.sleep(2)  # until the requests that wait for the cloud have ended as well
        with StrictClient(server.port) as client:
            last = client.ask("GET", "/healthz").headers["x-request-id"]
        collected.request(last)
        memory = ask(server.port, "/leakprobe/memory")
        server.stop()
        yield Aftermath(collected, server, statuses, memory)


def _settings(cloud: str) -> str:
    tables: dict[str, dict[str, object]] = {
        "server": {"workers": 1, "timeout": 2, "idle-timeout": 2, "json-limit": BODY_LIMIT},
        "extensions.leakprobe": {"debug": True},
        "drivers.mock.users": {"mockuser": ACCOUNT},
        "drivers.leaky": {"key": SETTING, "cloud": cloud},
    }
    lines = []
    for name, table in tables.items():
        lines += [f"[{name}]", *(f"{key} = {json.dumps(value)}" for key, value in table.items())]
    return "\n".join(lines)


def test_no_secret_gets_to_the_collector(aftermath: Aftermath) -> None:
    search = Search()
    for body in aftermath.collected.bodies:
        search.look("what was sent", body)
    assert search.searched > 100_000
    assert [str(hit) for hit in search.hits] == []
    assert {500, 502, 503, 504, 401, 403, 404, 405} <= aftermath.statuses


def test_no_name_of_a_user_gets_to_the_collector(aftermath: Aftermath) -> None:
    assert not any(b"mockuser" in body for body in aftermath.collected.bodies)


def test_every_kind_of_end_got_to_the_collector(aftermath: Aftermath) -> None:
    spans = aftermath.collected.spans
    errors = {one.attributes.get("error.type") for one in spans}
    assert errors >= {None, "500", "502", "504", "client_disconnected", "provider_error", "provider_timeout"} | {
        "backend_error",
        "RuntimeError",
    }
    assert {one.attributes.get("deltacloud.driver") for one in spans} == {None, "mock", "wire", "leaky"}
    assert len({one.name for one in spans}) > 100


def test_values_of_attributes_of_metrics_are_few(aftermath: Aftermath) -> None:
    """Whatever clients send: no series has anything of theirs."""
    texts = {str(value) for one in aftermath.collected.points.values() for value in one.attributes.values()}
    assert not [text for text in texts if "127.0.0.1" in text or len(text) > 60]


def test_the_log_holds_none_either(aftermath: Aftermath) -> None:
    search = Search()
    search.look("log", aftermath.server.log.read_bytes())
    assert [str(hit) for hit in search.hits] == []


def test_no_secret_is_kept_for_a_span(aftermath: Aftermath) -> None:
    held = [one for one in aftermath.memory["held"] if not any(f"{MARK}.{kind}." in one["text"] for kind in CONFIGURED)]
    assert aftermath.memory["texts"] > 10_000
    assert held == []


@pytest.mark.parametrize("name", ["tracestate", "baggage", "traceparent"])
def test_a_trace_that_cannot_be_read_is_not_repeated(server: Gateway, collected: Collector, name: str) -> None:
    secret = Canary("trace").text.encode("ascii", "replace").decode()
    headers = {"traceparent": f"00-{'c' * 32}-{'d' * 16}-01", name: f"{secret}={secret};{secret}, {secret * 20}"}
    with StrictClient(server.port) as client:
        own = client.ask("GET", "/api/realms", headers=headers).headers["x-request-id"]
    span = collected.request(own)
    assert span.state == ""
    search = Search()
    search.look("log", server.log.read_bytes())
    for body in collected.bodies:
        search.look("what was sent", body)
    assert [str(hit) for hit in search.hits] == []


def test_the_search_would_find_what_is_sent(collected: Collector, server: Gateway) -> None:
    path: Path = Path("/api/realms") / f"{MARK}.planted"
    with StrictClient(server.port) as client:
        own = client.ask("GET", str(path)).headers["x-request-id"]
    collected.request(own)
    search = Search()
    for body in collected.bodies:
        search.look("what was sent", body)
    assert search.hits
