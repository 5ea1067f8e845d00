"""The span of a driver's call, as a collector gets it; and that no cloud is told of any trace."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from canaries.sending import exchange
from docexamples import entry_points_of, installed
from gateway import Gateway
from otlpcollector import ERROR, INTERNAL, Collector, Span
from strictclient import StrictClient
from watchedserver import WatchedClient, WatchedServers, raw
from wirecloud import WireCloud, wire_cloud

TIMEOUT = 2
TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


@pytest.fixture(scope="module", name="cloud")
def cloud_fixture() -> Iterator[WireCloud]:
    with wire_cloud() as cloud:
        yield cloud


@pytest.fixture(scope="module", name="wired")
def wired_fixture(watched: WatchedServers) -> Gateway:
    """A server whose driver talks to a cloud over HTTP."""
    return watched("--workers", "1", "--timeout", str(TIMEOUT), driver="wire")


@pytest.fixture(name="through")
def through_fixture(wired: Gateway, cloud: WireCloud, collected: Collector) -> Iterator[Through]:
    with WatchedClient(wired.port, collected) as client:
        yield Through(client, cloud, collected)


class Through:
    """Sends a request on to the cloud, which behaves in some way; returns the request's span and those of its calls."""

    def __init__(self, client: WatchedClient, cloud: WireCloud, collected: Collector) -> None:
        self._client = client
        self._cloud = cloud
        self._collected = collected

    def __call__(
        self, behaviour: str, target: str, headers: Mapping[str, str] | None = None
    ) -> tuple[Span, list[Span]]:
        chosen = {"X-Deltacloud-Provider": self._cloud.url(behaviour)}
        span = self._client("GET", target, headers=chosen | dict(headers or {}))
        return span, self._collected.children(span)


def test_a_call_is_a_child_of_its_request(ask: WatchedClient, collected: Collector) -> None:
    span = ask("POST", "/api/instances/inst1/reboot")
    calls = collected.children(span)
    assert [one.name for one in calls] == ["mock.get_instance", "mock.reboot_instance"]
    for call in calls:
        hook = call.name.removeprefix("mock.")
        assert call.attributes == {"deltacloud.driver": "mock", "deltacloud.hook": hook}
        assert (call.kind, call.status, call.trace) == (INTERNAL, 0, span.trace)
        assert span.start <= call.start < call.end <= span.end


def test_no_cloud_is_told_of_a_trace(through: Through, cloud: WireCloud) -> None:
    told = {"traceparent": f"00-{TRACE}-{PARENT}-01", "tracestate": "own=secret", "baggage": "own=secret", "b3": "0"}
    cloud.forget()
    span, calls = through("ok", "/api/instances", told)
    assert (span.trace, len(calls)) == (TRACE, 1)
    through("ok", "/api/buckets/b/x/content", told)
    asked = cloud.records()
    assert {one.hook for one in asked} >= {"list_instances", "read_blob"}
    for one in asked:
        assert not set(told) & set(one.headers)
        sent = json.dumps([one.headers, one.query, one.body])
        assert not [word for word in (TRACE, PARENT, "own=secret", span.id, calls[0].id) if word in sent]


def test_a_lazy_list_belongs_to_its_call_to_the_end(through: Through) -> None:
    _, (call,) = through("delay,0.3", "/api/instances")
    assert call.end - call.start > 0.3e9


def test_a_list_that_fails_on_its_way_is_a_call_that_failed(through: Through) -> None:
    span, (call,) = through("paged,half", "/api/instances")
    assert (call.attributes["error.type"], call.status, call.message, call.events) == ("provider_error", ERROR, "", 0)
    assert (span.attributes["http.response.status_code"], span.attributes["error.type"]) == (502, "502")


def test_a_streamed_list_that_breaks_off_is_told_though_its_status_was_sent(
    wired: Gateway, cloud: WireCloud, collected: Collector
) -> None:
    headers = {"X-Request-Id": "broken-list", "X-Deltacloud-Provider": cloud.url("paged,half"), "Connection": "close"}
    exchange(wired.port, raw("GET", "/api/buckets/b", headers))
    span = collected.request("broken-list")
    assert (span.attributes["http.response.status_code"], span.attributes["error.type"]) == (200, "provider_error")
    assert span.status == ERROR
    failed = [one for one in collected.children(span) if one.status == ERROR]
    assert [(one.name, one.attributes["error.type"]) for one in failed] == [("wire.list_blobs", "provider_error")]


def test_a_streamed_list_is_one_request_with_all_its_calls(through: Through) -> None:
    span, calls = through("paged,ok", "/api/buckets/b")
    assert (span.status, {one.status for one in calls}) == (0, {0})
    (listing,) = [one for one in calls if one.name == "wire.list_blobs"]
    assert listing.end <= span.end


@pytest.mark.parametrize(
    ("behaviour", "error", "status"),
    [
        ("stall", "provider_timeout", 504),
        ("reset", "provider_error", 502),
        ("status,503", "provider_busy", 503),
        ("echo,404", "not_found", 404),
        ("echo,401", "authentication_failed", 401),
    ],
)
def test_how_a_call_failed_is_one_of_a_few_words(through: Through, behaviour: str, error: str, status: int) -> None:
    span, calls = through(behaviour, "/api/keys/k")
    assert {(one.attributes["error.type"], one.status, one.message) for one in calls} == {(error, ERROR, "")}
    assert span.attributes["http.response.status_code"] == status
    assert (span.status == ERROR) == (status >= 500)


def test_the_content_that_a_cloud_does_not_finish_is_told(
    wired: Gateway, cloud: WireCloud, collected: Collector
) -> None:
    headers = {"X-Request-Id": "half-content", "X-Deltacloud-Provider": cloud.url("half"), "Connection": "close"}
    exchange(wired.port, raw("GET", "/api/buckets/b/x/content", headers))
    span = collected.request("half-content")
    (call,) = [one for one in collected.children(span) if one.name == "wire.read_blob"]
    assert call.attributes["error.type"] == "provider_error"
    assert span.attributes["error.type"] in {"provider_error", "502"}


def test_a_list_that_is_left_when_the_one_was_found_has_ended(
    watched: WatchedServers, collected: Collector, tmp_path: Path
) -> None:
    """Nobody closes such a list: a finalizer ends its call."""
    server = watched("--workers", "1", driver="tiny", **installed(tmp_path, "deltacloud-tiny"))
    with WatchedClient(server.port, collected) as client:
        span = client("GET", "/api/instances/web", headers={"Authorization": "Basic YW5uOnNlY3JldA=="})
    (call,) = collected.children(span)
    assert (span.attributes["http.response.status_code"], call.name, call.status) == (200, "tiny.list_instances", 0)


def test_a_call_that_another_extension_refuses_is_told(
    watched: WatchedServers, collected: Collector, tmp_path: Path
) -> None:
    server = watched("--workers", "1", "--extensions", "otel,readonly", **installed(tmp_path, "deltacloud-readonly"))
    with WatchedClient(server.port, collected) as client:
        span = client("DELETE", "/api/keys/nothing")
    refused = [one for one in collected.children(span) if one.status == ERROR]
    assert [(one.name, one.attributes["error.type"]) for one in refused] == [("mock.destroy_key", "forbidden")]
    assert span.status == 0


def test_an_endpoint_is_no_name_of_a_provider(through: Through, cloud: WireCloud) -> None:
    span, (call,) = through("ok", "/api/realms")
    assert call.attributes == {"deltacloud.driver": "wire", "deltacloud.hook": "list_realms"}
    assert str(cloud.port) not in str((call.attributes, {**span.attributes, "deltacloud.request.id": ""}))


@pytest.fixture(scope="module", name="regions")
def regions_fixture(watched: WatchedServers, tmp_path_factory: pytest.TempPathFactory) -> Gateway:
    """A server with a driver made for these tests."""
    return watched("--workers", "1", driver="mock", PYTHONPATH=regional(tmp_path_factory.mktemp("regional")))


def test_an_sdk_of_a_cloud_finds_no_trace_to_send_on(regions: Gateway) -> None:
    """Were the span OpenTelemetry's current one, any library that knows OpenTelemetry would tell the cloud of it."""
    with StrictClient(regions.port) as client:
        answer = client.ask("GET", "/api/keys", headers={"X-Deltacloud-Driver": "regional"})
    assert [one["id"] for one in answer.json["keys"]] == ["nothing", "ProxyTracerProvider"]


def test_a_declared_provider_is_named_in_its_canonical_form(regions: Gateway, collected: Collector) -> None:
    with WatchedClient(regions.port, collected) as client:

        def provider(name: str, driver: str = "regional") -> object:
            chosen = {"X-Deltacloud-Driver": driver, "X-Deltacloud-Provider": name}
            (call,) = collected.children(client("GET", "/api/realms", headers=chosen))
            return call.attributes.get("deltacloud.provider")

        assert provider("EU-1") == "eu-1"
        assert provider("") == "eu-1", "the driver's own default"
        assert provider("zone-17") is None, "a client may make up any number of these"
        assert provider("tenant-4711", driver="mock") is None


REGIONAL = """
from deltacloud.driver import Driver
from deltacloud.models import Key, Realm
from deltacloud.providers import Providers

class Regional(Driver):
    name, title, contract = "regional", "Regional", 1
    providers = Providers(names=("eu-1", "us-1"), pattern="zone-[0-9]+", default="eu-1")

    def list_realms(self, context):
        return [Realm(id="here")]

    def list_keys(self, context):
        from opentelemetry import propagate, trace

        headers = {}
        propagate.inject(headers)
        return [Key(id=",".join(headers) or "nothing"), Key(id=type(trace.get_tracer_provider()).__name__)]
"""


def regional(folder: Path) -> str:
    """A Python path with a driver that has providers of its own, and takes others that look alike."""
    entry_points_of(folder, "deltacloud-regional", {"deltacloud.drivers": {"regional": "regional_driver:Regional"}})
    (folder / "regional_driver.py").write_text(REGIONAL, "utf-8")
    return str(folder)
