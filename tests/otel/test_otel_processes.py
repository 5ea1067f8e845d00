"""Workers that begin, end and are replaced; and collectors that are not there."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from canaries.places import children
from gateway import HOST, STOP_SECONDS, Gateway, find_free_port
from otlpcollector import PATIENCE, Collector, collector
from strictclient import StrictClient
from waiting import wait_until
from watchedserver import WatchedServers, of_process

NEVER = {"OTEL_BSP_SCHEDULE_DELAY": "600000", "OTEL_METRIC_EXPORT_INTERVAL": "600000"}
"""Nothing is sent but at the end of a process."""
EXPORT_TIMEOUT = 5


def ask(server: Gateway, times: int) -> list[str]:
    """Send requests on as many connections, so that every worker gets some; returns their ids."""

    def get(_: int) -> str:
        with StrictClient(server.port) as client:
            answer = client.ask("GET", "/api/realms")
            assert answer.status == 200
            return answer.headers["x-request-id"]

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(get, range(times)))


def test_every_worker_sends_what_it_has_served(watched: WatchedServers, collected: Collector) -> None:
    server = watched("--workers", "3", OTEL_SERVICE_NAME="three-workers")
    workers = set(children(server.process.pid))
    ids: list[str] = []

    def everyone_served() -> bool:
        ids.extend(ask(server, 60))
        return {collected.request(one).worker for one in ids} == workers

    wait_until(everyone_served, "each worker serves some, if only enough is asked", PATIENCE)
    spans = [collected.request(one) for one in ids]
    assert len({one.resource["service.instance.id"] for one in spans}) == 3
    assert all(len(collected.children(one)) == 1 for one in spans)

    def counted() -> int:
        found = collected.series("http.server.request.duration", http_route="/api/realms")
        return sum(one.count for pid in workers for one in of_process(found, pid))

    wait_until(lambda: counted() == len(ids), "each request is counted once, by the worker that served it", PATIENCE)


def test_a_worker_sends_the_rest_when_it_ends(watched: WatchedServers, collected: Collector) -> None:
    server = watched("--workers", "2", OTEL_SERVICE_NAME="at-the-end", **NEVER)
    ids = ask(server, 40)
    assert "at-the-end" not in str(collected.spans)
    assert server.stop() == 0
    seen = {one.attributes.get("deltacloud.request.id") for one in collected.spans}
    assert set(ids) <= seen
    counted = [
        one.count
        for one in collected.series("http.server.request.duration", http_route="/api/realms")
        if one.resource["service.name"] == "at-the-end"
    ]
    assert sum(counted) == 40


@pytest.mark.parametrize(("variables", "most"), [({}, 128), ({"OTEL_BSP_MAX_QUEUE_SIZE": "50"}, 50)])
def test_spans_go_out_in_small_batches(watched: WatchedServers, variables: dict[str, str], most: int) -> None:
    """Writing them takes the processor, and a worker has one thread for everything."""
    with collector() as own:
        server = watched("--workers", "1", **NEVER, OTEL_EXPORTER_OTLP_ENDPOINT=own.url, **variables)
        ask(server, 100)
        server.stop()
        assert 0 < max(own.batches) <= most
        assert len(own.spans) > most


def test_a_reload_loses_nothing_and_begins_anew(watched: WatchedServers, collected: Collector) -> None:
    server = watched("--workers", "2", **NEVER)
    old = set(children(server.process.pid))
    before = ask(server, 20)
    server.process.send_signal(signal.SIGHUP)
    wait_until(lambda: len(set(children(server.process.pid)) - old) == 2, "new workers", PATIENCE)
    wait_until(lambda: not set(children(server.process.pid)) & old, "old workers end", PATIENCE)
    after = ask(server, 20)
    server.stop()
    assert {collected.request(one).worker for one in before} <= old
    assert {collected.request(one).worker for one in after}.isdisjoint(old)


def test_a_killed_worker_is_replaced_by_one_that_sends(watched: WatchedServers, collected: Collector) -> None:
    server = watched("--workers", "1")
    (first,) = children(server.process.pid)
    collected.request(ask(server, 1)[0])
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: children(server.process.pid) not in ([first], []), "a new worker", PATIENCE)
    assert collected.request(ask(server, 1)[0]).worker != first


# Collectors that are not there


@contextmanager
def hanging() -> Iterator[str]:
    """The URL of a collector that takes connections and never answers."""
    with socket.create_server((HOST, 0), backlog=64) as listening:
        held: list[socket.socket] = []

        def accept() -> None:
            while True:
                try:
                    held.append(listening.accept()[0])
                except OSError:
                    return

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield f"http://{HOST}:{listening.getsockname()[1]}"
        listening.shutdown(socket.SHUT_RDWR)
        thread.join()
        for one in held:
            one.close()


@pytest.fixture(params=["dead", "hanging"], name="absent")
def absent_fixture(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a collector that is of no use."""
    if request.param == "dead":
        yield f"http://user:canary-in-url@{HOST}:{find_free_port()}"
        return
    with hanging() as url:
        yield url


def test_the_server_is_well_while_its_collector_is_not(watched: WatchedServers, absent: str) -> None:
    variables = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": absent,
        "OTEL_EXPORTER_OTLP_HEADERS": "authorization=Bearer%20canary-in-header",
        "OTEL_EXPORTER_OTLP_TIMEOUT": str(EXPORT_TIMEOUT),
        "OTEL_BSP_MAX_QUEUE_SIZE": "64",
        "OTEL_BSP_MAX_EXPORT_BATCH_SIZE": "32",
    }
    server = watched("--workers", "1", **variables)
    (worker,) = children(server.process.pid)
    seconds: list[float] = []
    with StrictClient(server.port) as client:
        for _ in range(600):
            began = time.perf_counter()
            assert client.ask("GET", "/api/realms").status == 200
            seconds.append(time.perf_counter() - began)
    assert max(seconds) < EXPORT_TIMEOUT, "nobody waits for an attempt of the exporter"
    assert children(server.process.pid) == [worker]
    began = time.monotonic()
    assert server.stop() == 0
    assert time.monotonic() - began < STOP_SECONDS
    log = server.log.read_text("utf-8")
    lines = [line for line in log.splitlines() if "opentelemetry" in line]
    assert 0 < len(lines) <= 3, "one a minute of each kind"
    assert "canary" not in log
    assert "Traceback" not in log


def test_a_collector_that_comes_back_gets_what_is_new(watched: WatchedServers) -> None:
    port = find_free_port()
    server = watched("--workers", "1", OTEL_EXPORTER_OTLP_ENDPOINT=f"http://{HOST}:{port}")
    ask(server, 5)
    time.sleep(0.5)  # until it has found nobody there
    with collector(port) as own:
        own.request(ask(server, 1)[0])
