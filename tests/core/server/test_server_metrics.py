"""Metrics: what is counted is what happened, whatever becomes of the processes that count."""

from __future__ import annotations

import base64
import contextlib
import http.client
import json
import os
import random
import signal
import socket
import string
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from deltacloud.api.collections import COLLECTIONS
from gateway import HOST, Deltacloudd, Gateway
from scrapes import Labels, Scrape, ask, counting_files, workers
from waiting import wait_until

pytestmark = pytest.mark.thorough

AUTHORIZATION = "Basic " + base64.b64encode(b"mockuser:mockpassword").decode()
SLOW_SECONDS = 1.0
OPERATIONS = {f"{collection.name}.{row.name}" for collection in COLLECTIONS for row in collection.operations}

Start = Callable[..., Gateway]


@pytest.fixture(scope="module", name="start")
def start_fixture(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """Starts servers with two workers, and what a file says; they stop at the end of the module."""
    servers = Deltacloudd(tmp_path_factory.mktemp("metrics"))

    def start(*options: str, file: str = "") -> Gateway:
        path = tmp_path_factory.mktemp("settings") / "settings.toml"
        path.write_text(f"[drivers.lean]\nstorage = '{path.parent}'\n{file}")
        return servers("--workers", "2", "-c", str(path), *options)

    yield start
    servers.stop()


@pytest.fixture(scope="module")
def gateway(start: Start) -> Gateway:
    """A server as usual."""
    return start()


def api(gateway: Gateway, path: str, method: str = "GET", **headers: str) -> int:
    headers = {"Authorization": AUTHORIZATION, "Accept": "application/xml", "Content_Length": "0"} | headers
    return ask(gateway.port, f"/api{path}", method, **headers).status


def raw(gateway: Gateway, request: bytes) -> int:
    """The status of what is answered to these bytes."""
    with socket.create_connection((HOST, gateway.port), timeout=20) as connection:
        connection.sendall(request)
        return int(connection.makefile("rb").readline().split()[1])


def settled(gateway: Gateway) -> dict[Labels, float]:
    """What has been counted, once nothing is in progress but the scrape."""
    seen: list[dict[Labels, float]] = []

    def quiet() -> bool:
        scrape = Scrape(gateway.port)
        seen.append(scrape.requests())
        return scrape.value("deltacloud_http_requests_in_progress") == 1 and seen[-2:-1] == seen[-1:]

    wait_until(quiet)
    return seen[-1]


def difference(after: dict[Labels, float], before: dict[Labels, float]) -> dict[Labels, float]:
    return {labels: count - before.get(labels, 0) for labels, count in after.items() if count != before.get(labels, 0)}


SENT: dict[Labels, Callable[[Gateway], int]] = {
    ("mock", "GET", "instances.index", "200"): lambda one: api(one, "/instances"),
    ("mock", "GET", "instances.show", "404"): lambda one: api(one, "/instances/nowhere"),
    ("mock", "HEAD", "instances.index", "200"): lambda one: api(one, "/instances", "HEAD"),
    ("mock", "POST", "instances.create", "400"): lambda one: api(one, "/instances", "POST"),
    ("mock", "POST", "instances.reboot", "403"): lambda one: api(one, "/instances/nowhere/reboot", "POST"),
    ("mock", "GET", "realms.index", "401"): lambda one: api(one, "/realms", Authorization="Basic x"),
    ("mock", "GET", "realms.index", "406"): lambda one: api(one, "/realms", Accept="image/gif"),
    ("lean", "GET", "realms.index", "200"): lambda one: api(one, "/realms", X_Deltacloud_Driver="lean"),
    ("lean", "GET", "firewalls.index", "412"): lambda one: api(one, "/firewalls", X_Deltacloud_Driver="lean"),
    ("", "GET", "realms.index", "400"): lambda one: api(one, "/realms", X_Deltacloud_Driver="nosuch"),
    ("mock", "GET", "", "404"): lambda one: api(one, "/nothing"),
    ("mock", "OPTIONS", "", "200"): lambda one: api(one, "/realms", "OPTIONS"),
    ("mock", "DELETE", "", "405"): lambda one: api(one, "/realms", "DELETE"),
    ("", "GET", "server.healthz", "200"): lambda one: ask(one.port, "/healthz").status,
    ("", "GET", "server.readyz", "200"): lambda one: ask(one.port, "/readyz").status,
    ("", "GET", "server.index", "200"): lambda one: ask(one.port, "/").status,
    ("", "POST", "server.healthz", "405"): lambda one: ask(one.port, "/healthz", "POST").status,
    ("", "GET", "", "404"): lambda one: ask(one.port, "/elsewhere").status,
    ("", "GET", "", "400"): lambda one: raw(one, b"GET /api HTTP/1.1\r\nno colon\r\n\r\n"),
    ("", "GET", "", "414"): lambda one: raw(one, b"GET /api?" + b"x" * 70_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n"),
    ("", "POST", "", "431"): lambda one: raw(one, b"POST /api HTTP/1.1\r\nX: " + b"x" * 140_000 + b"\r\n\r\n"),
    ("", "PUT", "", "501"): lambda one: raw(one, b"PUT /api HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: x\r\n\r\n"),
    ("", "other", "", "400"): lambda one: raw(one, b"\x16\x03\x01\x02\x00\r\n\r\n"),
}
"""(driver, method, operation, status) and a request that must be counted so."""


def test_what_is_counted_is_what_was_sent(gateway: Gateway) -> None:
    before = settled(gateway)
    rounds = random.Random(4).choices(list(SENT), k=120) + list(SENT)  # noqa: S311 - a mixture, no secret
    with ThreadPoolExecutor(4) as pool:
        statuses = list(pool.map(lambda labels: SENT[labels](gateway), rounds))
    assert [str(status) for status in statuses] == [labels[3] for labels in rounds]
    assert difference(settled(gateway), before) == Counter(rounds)


def test_a_histogram_has_as_many_requests_as_their_counter(gateway: Gateway) -> None:
    for _ in range(10):
        api(gateway, "/images")
    settled(gateway)
    scrape = Scrape(gateway.port)
    counted = sum(count for labels, count in scrape.requests().items() if labels[2] == "images.index")
    assert scrape.value("deltacloud_http_request_duration_seconds_count", "images.index") == counted >= 10
    assert scrape.value("deltacloud_http_request_duration_seconds_bucket", "+Inf", "images.index") == counted
    assert 0 < scrape.value("deltacloud_http_request_duration_seconds_sum", "images.index") < 10 * counted


def test_calls_of_drivers_are_counted_by_how_they_ended(start: Start) -> None:
    failing = "[drivers.mock]\nfail = { list_images = 'provider_busy', list_keys = 'crash', get_realm = 'not_found' }\n"
    gateway = start(file=failing)
    statuses = [api(gateway, path) for path in ("/images", "/keys", "/realms/us", "/realms", "/realms", "/instances")]
    assert statuses == [503, 500, 404, 200, 200, 200]
    settled(gateway)
    scrape = Scrape(gateway.port)
    assert scrape.calls() == {
        ("mock", "list_images", "provider_busy"): 1,
        ("mock", "list_keys", "backend_error"): 1,
        ("mock", "get_realm", "not_found"): 1,
        ("mock", "list_realms", "ok"): 2,
        ("mock", "list_instances", "ok"): 1,
    }
    assert scrape.samples["deltacloud_driver_call_duration_seconds_count"] == {
        ("mock", hook): sum(count for labels, count in scrape.calls().items() if labels[1] == hook)
        for hook in ("list_images", "list_keys", "get_realm", "list_realms", "list_instances")
    }


def test_in_progress_goes_up_and_down(start: Start) -> None:
    gateway = start(file=f"[drivers.mock]\ndelay-seconds = {3 * SLOW_SECONDS}\n")
    settled(gateway)
    with ThreadPoolExecutor(5) as pool:
        asked = [pool.submit(api, gateway, "/realms") for _ in range(5)]
        wait_until(lambda: Scrape(gateway.port).value("deltacloud_driver_calls_in_progress", "mock") == 5)
        wait_until(lambda: Scrape(gateway.port).value("deltacloud_http_requests_in_progress") == 6)
        wait_until(lambda: sum(Scrape(gateway.port).samples["deltacloud_connections"].values()) >= 5)
        assert {one.result() for one in asked} == {200}
    wait_until(lambda: Scrape(gateway.port).value("deltacloud_driver_calls_in_progress", "mock") == 0)
    wait_until(lambda: Scrape(gateway.port).value("deltacloud_http_requests_in_progress") == 1)
    assert set(Scrape(gateway.port).samples["deltacloud_connections"]) == {("0",), ("1",)}


def test_a_client_that_goes_away_is_counted_as_499(start: Start) -> None:
    gateway = start(file=f"[drivers.mock]\ndelay-seconds = {3 * SLOW_SECONDS}\n")
    request = f"GET /api/realms HTTP/1.1\r\nHost: x\r\nAuthorization: {AUTHORIZATION}\r\n\r\n"
    with socket.create_connection((HOST, gateway.port), timeout=20) as connection:
        connection.sendall(request.encode())
        wait_until(lambda: Scrape(gateway.port).value("deltacloud_driver_calls_in_progress", "mock") == 1)
    wait_until(lambda: Scrape(gateway.port).requests().get(("mock", "GET", "realms.index", "499")) == 1)
    assert settled(gateway)["mock", "GET", "realms.index", "499"] == 1
    assert Scrape(gateway.port).calls()["mock", "list_realms", "client_disconnected"] == 1


def test_a_download_that_the_client_breaks_off_is_counted_as_499(gateway: Gateway) -> None:
    connection = http.client.HTTPConnection(HOST, gateway.port, timeout=30)
    with contextlib.closing(connection):
        headers = {"Authorization": AUTHORIZATION, "Content-Type": "application/octet-stream"}
        connection.request("PUT", "/api/buckets/bucket1/large", bytes(24 * 1024 * 1024), headers)
        assert connection.getresponse().read() is not None
        before = settled(gateway)
        connection.request("GET", "/api/buckets/bucket1/large/content", headers=headers)
        answer = connection.getresponse()
        assert answer.status == 200
        answer.read(100_000)
    broken = ("mock", "GET", "blobs.content", "499")
    wait_until(lambda: broken in difference(Scrape(gateway.port).requests(), before))
    assert difference(settled(gateway), before) == {broken: 1}
    assert Scrape(gateway.port).value("deltacloud_driver_calls_in_progress", "mock") == 0


def _junk(rng: random.Random) -> tuple[str, str, dict[str, str]]:
    def word(letters: str = string.ascii_letters + string.digits, length: int = 12) -> str:
        return "".join(rng.choices(letters, k=rng.randint(1, length)))

    method = rng.choice(["GET", "POST", "DELETE", word(string.ascii_uppercase), word(string.ascii_letters)])
    places = [
        f"/{word()}",
        f"/api/{word()}",
        f"/api/instances/{word()}",
        f"/api;driver={word()}/realms",
        f"/api/buckets/{word()}/{word()}/{word()}",
        f"/api/images?{word()}={word()}",
        f"/metrics/{word()}",
    ]
    headers = {"X_Deltacloud_Driver": word(), "Authorization": AUTHORIZATION, "Content_Length": "0"}
    if rng.random() < 0.7:
        del headers["X_Deltacloud_Driver"]
    return method, rng.choice(places), headers


def test_clients_cannot_make_up_labels(gateway: Gateway) -> None:
    rng = random.Random(11)  # noqa: S311 - junk, no secret
    before = settled(gateway)
    for _ in range(500):
        method, path, headers = _junk(rng)
        ask(gateway.port, path, method, **headers)
    counted = difference(settled(gateway), before)
    assert sum(counted.values()) == 500
    assert {labels[0] for labels in counted} <= {"", "mock", "lean", "mockplus", "bench"}
    assert {labels[1] for labels in counted} <= {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "other"}
    assert {labels[2] for labels in counted} - {""} <= OPERATIONS
    assert len(counted) < 40


# Processes come and go


def test_counts_outlive_a_worker_that_is_killed(start: Start) -> None:
    gateway = start()
    before = settled(gateway)
    sent = 0
    for _ in range(3):
        for _ in range(40):
            assert api(gateway, "/realms") == 200
        sent += 40
        settled(gateway)
        old = workers(gateway.process.pid)
        os.kill(old[0], signal.SIGKILL)
        wait_until(lambda old=old: _all_new(gateway, {old[0]}))  # type: ignore[misc]
        assert difference(settled(gateway), before) == {("mock", "GET", "realms.index", "200"): sent}


def test_counts_never_go_down_and_miss_nothing_that_was_answered_while_workers_are_killed(start: Start) -> None:
    gateway = start()
    before = settled(gateway)
    clients = 3
    stop = time.monotonic() + 4
    outcomes: Counter[int] = Counter()

    def client(_: int) -> None:
        while time.monotonic() < stop:
            try:
                outcomes[api(gateway, "/realms")] += 1
            except (OSError, http.client.HTTPException):
                outcomes[0] += 1

    seen: list[float] = []
    killed = 0
    with ThreadPoolExecutor(clients) as pool:
        running = [pool.submit(client, number) for number in range(clients)]
        while time.monotonic() < stop:
            with contextlib.suppress(OSError, http.client.HTTPException):
                seen.append(sum(difference(Scrape(gateway.port).requests(), before).values()))
            if len(seen) % 20 == 10 and len(workers(gateway.process.pid)) == 2:
                os.kill(workers(gateway.process.pid)[0], signal.SIGKILL)
                killed += 1
                time.sleep(0.3)
        assert [one.result() for one in running] == [None] * clients
    wait_until(lambda: len(workers(gateway.process.pid)) == 2)
    counted = difference(settled(gateway), before)["mock", "GET", "realms.index", "200"]
    assert killed > 1
    assert seen == sorted(seen)
    assert set(outcomes) <= {0, 200}
    # A killed worker may have sent an answer, or received a request, that it had no time to count: one a client each.
    assert outcomes[200] - killed * clients <= counted <= outcomes[200] + outcomes[0]


def test_a_reload_keeps_the_counts_and_files_do_not_pile_up(start: Start) -> None:
    gateway = start()
    before = settled(gateway)
    for rounds in range(1, 4):
        for _ in range(10):
            assert api(gateway, "/realms") == 200
        settled(gateway)
        old = set(workers(gateway.process.pid))
        gateway.process.send_signal(signal.SIGHUP)
        wait_until(lambda old=old: _all_new(gateway, old))  # type: ignore[misc]
        assert difference(settled(gateway), before) == {("mock", "GET", "realms.index", "200"): 10 * rounds}
    folder = counting_files(workers(gateway.process.pid)[0]).pop().parent
    assert len(list(folder.glob("counter_*.db"))) <= 4
    assert {path.name for path in folder.glob("gauge_live*_*.db")} == {
        path.name for pid in workers(gateway.process.pid) for path in counting_files(pid) if "gauge" in path.name
    }
    assert gateway.stop() == 0
    assert not folder.exists()


def _all_new(gateway: Gateway, old: set[int]) -> bool:
    """Whether there are two workers that serve, and none of the old ones."""
    now = set(workers(gateway.process.pid))
    return len(now) == 2 and not now & old and all(len(counting_files(pid)) == 5 for pid in now)


# The limit on calls in progress


def test_a_slow_cloud_gets_so_many_calls_and_others_are_served_all_the_time(start: Start) -> None:
    slow = f"[drivers.mock]\ndelay-seconds = {3 * SLOW_SECONDS}\n"
    gateway = start("--workers", "1", "--driver-calls", "3", file=slow)
    with ThreadPoolExecutor(3) as pool:
        asked = [pool.submit(api, gateway, "/realms") for _ in range(3)]
        wait_until(lambda: Scrape(gateway.port).value("deltacloud_driver_calls_in_progress", "mock") == 3)
        told = ask(gateway.port, "/api/realms", Authorization=AUTHORIZATION, Accept="application/json")
        assert told.status == 503
        assert int(told.headers["retry-after"]) >= 1
        assert json.loads(told.body)["error_code"] == "provider_busy"
        assert api(gateway, "/realms", X_Deltacloud_Driver="lean") == 200
        assert ask(gateway.port, "/healthz").status == 200
        assert not any(one.done() for one in asked)
        assert [one.result() for one in asked] == [200, 200, 200]
    assert api(gateway, "/realms") == 200
    settled(gateway)
    scrape = Scrape(gateway.port)
    refused = scrape.samples["deltacloud_driver_calls_refused_total"]
    assert {driver for driver, count in refused.items() if count} == {("mock",)}
    assert refused["mock",] == 1
    assert scrape.calls() == {("mock", "list_realms", "ok"): 4, ("lean", "list_realms", "ok"): 1}
    assert Path(gateway.log).read_text(encoding="utf-8").count("Traceback") == 0
