"""Many requests at once: none gets into another's trace."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from gateway import Gateway
from otlpcollector import Collector, Span
from strictclient import StrictClient
from watchedserver import WatchedServers
from wirecloud import WireCloud, wire_cloud

AT_ONCE = 256
SAME_ID = "the-same-id-for-all"


@pytest.fixture(scope="module", name="cloud")
def cloud_fixture() -> Iterator[WireCloud]:
    with wire_cloud() as cloud:
        yield cloud


def trace_of(number: int) -> str:
    return f"{number:032x}"


def span_of(number: int) -> str:
    return f"{number:016x}"


def test_no_call_gets_the_parent_of_another_request(
    watched: WatchedServers, collected: Collector, cloud: WireCloud
) -> None:
    server = watched("--workers", "1", driver="wire")
    barrier = Barrier(AT_ONCE)
    targets = ("/api/instances", "/api/keys/k", "/api/buckets/b/x/content", "/api/buckets/b")

    def ask(number: int) -> int:
        with StrictClient(server.port) as client:
            headers = {
                "X-Deltacloud-Provider": cloud.url("delay,0.7"),
                "X-Request-Id": SAME_ID,
                "traceparent": f"00-{trace_of(number)}-{span_of(number)}-01",
            }
            barrier.wait(60)
            return client.ask("GET", targets[number % len(targets)], headers=headers).status

    with ThreadPoolExecutor(AT_ONCE) as pool:
        assert set(pool.map(ask, range(1, AT_ONCE + 1))) == {200}
    spans = _spans(collected)
    assert _most_at_once(spans) > AT_ONCE / 2, "they were meant to be in flight together"
    for number in range(1, AT_ONCE + 1):
        own = [one for one in spans if one.trace == trace_of(number)]
        (request,) = [one for one in own if one.parent == span_of(number)]
        calls = [one for one in own if one is not request]
        assert calls
        assert {one.parent for one in calls} == {request.id}
        hooks = {one.attributes["deltacloud.hook"] for one in calls}
        assert hooks <= HOOKS[targets[number % len(targets)]]


HOOKS = {
    "/api/instances": {"list_instances"},
    "/api/keys/k": {"get_key"},
    "/api/buckets/b/x/content": {"read_blob"},
    "/api/buckets/b": {"get_bucket", "list_blobs"},
}


def test_one_connection_has_a_trace_for_each_of_its_requests(server: Gateway, collected: Collector) -> None:
    with StrictClient(server.port) as client:
        ids = [client.ask("GET", "/api/realms").headers["x-request-id"] for _ in range(20)]
    spans = [collected.request(one) for one in ids]
    assert len({one.trace for one in spans}) == 20
    assert {one.parent for one in spans} == {""}
    assert [len(collected.children(one)) for one in spans] == [1] * 20


def _spans(collected: Collector) -> list[Span]:
    """All spans of the requests of this test."""

    def requests() -> list[Span]:
        return [one for one in tuple(collected.spans) if one.attributes.get("deltacloud.request.id") == SAME_ID]

    collected.wait("every span", lambda: len(requests()) == AT_ONCE)
    traces = {one.trace for one in requests()}
    return [one for one in tuple(collected.spans) if one.trace in traces]


def _most_at_once(spans: list[Span]) -> int:
    events = sorted([(one.start, 1) for one in spans if one.parent] + [(one.end, -1) for one in spans if one.parent])
    most = now = 0
    for _, change in events:
        now += change
        most = max(most, now)
    return most
