"""The measurements of requests and of calls, as a collector gets them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from otlpcollector import Collector, Point
from strictclient import StrictClient
from watchedserver import WatchedClient, WatchedServers, of_process

RECOMMENDED = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10)
"""The bounds of the conventions, in seconds."""
REQUESTS, CALLS, ACTIVE = (
    "http.server.request.duration",
    "deltacloud.driver.call.duration",
    "http.server.active_requests",
)

Series = Callable[..., list[Point]]


@pytest.fixture(scope="module", name="settled")
def settled_fixture(watched: WatchedServers, collected: Collector) -> tuple[set[str], Series]:
    """A server that has answered, its traces, and a way to its measurements, which are all there."""
    server = watched("--workers", "1")
    with WatchedClient(server.port, collected) as ask:
        spans = [ask("GET", "/api/realms") for _ in range(5)]
        worker = spans[0].worker
        for target in ("/api/realms/nothing", "/api/realms/504", "/api/nowhere", "/api/another/nowhere"):
            ask("GET", target)

    def series(metric: str, **attributes: object) -> list[Point]:
        return of_process(collected.series(metric, **attributes), worker)

    collected.wait("all measurements", lambda: sum(one.count for one in series(REQUESTS)) == 10)
    return {one.trace for one in spans}, series


def test_requests_are_measured_as_the_conventions_say(settled: tuple[set[str], Series]) -> None:
    traces, series = settled
    (realms,) = series(REQUESTS, http_route="/api/realms")
    assert (realms.count, realms.unit, realms.bounds) == (5, "s", RECOMMENDED)
    assert 0 < realms.sum < 5
    assert realms.attributes == {
        "http.request.method": "GET", "http.route": "/api/realms", "http.response.status_code": 200,
        "url.scheme": "http", "network.protocol.version": "1.1",
    }  # fmt: skip
    assert realms.traces
    assert realms.traces <= traces, "an example of a measurement leads to its trace"


def test_what_failed_is_told_by_its_status(settled: tuple[set[str], Series]) -> None:
    _, series = settled
    found = {one.dotted["http.response.status.code"]: one for one in series(REQUESTS, http_route="/api/realms/{id}")}
    assert "error.type" not in found[404].attributes
    assert found[504].attributes["error.type"] == "504"


def test_what_clients_make_up_makes_no_series(settled: tuple[set[str], Series]) -> None:
    _, series = settled
    (unknown,) = series(REQUESTS, http_response_status_code=404, http_route=None)
    assert unknown.count == 2


def test_calls_are_measured_with_driver_hook_and_error(settled: tuple[set[str], Series]) -> None:
    _, series = settled
    found = {frozenset(one.attributes.items()): one for one in series(CALLS)}
    driver = ("deltacloud.driver", "mock")
    listed = found[frozenset({driver, ("deltacloud.hook", "list_realms")})]
    assert (listed.count, listed.unit, max(listed.bounds)) == (5, "s", 120)
    for error in ("not_found", "provider_timeout"):
        assert found[frozenset({driver, ("deltacloud.hook", "get_realm"), ("error.type", error)})].count == 1


def test_requests_in_progress_are_counted_and_none_is_left(
    watched: WatchedServers, collected: Collector, tmp_path: Path
) -> None:
    settings = tmp_path / "settings.toml"
    settings.write_text("[drivers.mock]\ndelay-seconds = 1.5\n", "utf-8")
    server = watched("-c", str(settings), "--workers", "1")
    with WatchedClient(server.port, collected) as ask:
        worker = ask("GET", "/healthz").worker

    def active() -> float:
        return sum(one.sum for one in of_process(collected.series(ACTIVE, http_request_method="GET"), worker))

    def get(_: int) -> int:
        with StrictClient(server.port) as client:
            return client.ask("GET", "/api/realms").status

    with ThreadPoolExecutor(3) as pool:
        answers = pool.map(get, range(3))
        collected.wait("three requests in progress", lambda: active() == 3)
        assert list(answers) == [200] * 3
    collected.wait("none in progress", lambda: active() == 0)
