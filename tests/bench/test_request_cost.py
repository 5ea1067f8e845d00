"""What a request costs the server in processor time, beside a bare Falcon application that answers the same bytes.

Both run under gunicorn with gevent on this machine, in turn; figures are medians. Processor time of the server is
steadier than requests per second, and does not depend on the client. ``DELTACLOUD_BENCH`` is the number of requests a
round.
"""

from __future__ import annotations

import base64
import contextlib
import http.client
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from gateway import HOST, START_SECONDS, Deltacloudd, Gateway, find_free_port
from processes import tied, usage

REQUESTS = int(os.environ.get("DELTACLOUD_BENCH") or 2000)
ROUNDS = 3
CONNECTIONS = 4
CREDENTIALS = ("mockuser", "mockpassword")
AUTHORIZATION = "Basic " + base64.b64encode(":".join(CREDENTIALS).encode()).decode()


@pytest.fixture(scope="module")
def gateway(deltacloudd: Deltacloudd) -> Gateway:
    return deltacloudd()


@contextlib.contextmanager
def _bare(body: bytes, content_type: str, folder: Path) -> Iterator[tuple[int, int]]:
    """A running bare application: its port and its process id."""
    port = find_free_port()
    (folder / "body").write_bytes(body)
    command = [sys.executable, "-m", "gunicorn", "-k", "gevent", "-b", f"{HOST}:{port}", "--no-control-socket", "bare"]
    command += ["--pythonpath", str(Path(__file__).parent), "--log-level", "error"]
    variables = os.environ | {"BARE_BODY": str(folder / "body"), "BARE_TYPE": content_type}
    process = subprocess.Popen(tied(command), env=variables, stdin=subprocess.DEVNULL, cwd=folder)
    try:
        _wait_for(port)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(15)


def _wait_for(port: int) -> None:
    end = time.monotonic() + START_SECONDS
    while True:
        try:
            _ask(port, "/", "*/*", 1)
        except OSError:
            assert time.monotonic() < end, "the bare application does not answer"
            time.sleep(0.05)
        else:
            return


def _ask(port: int, path: str, accept: str, times: int) -> set[tuple[int, int]]:
    """Asks again and again on one connection; returns the different (status, length of the body) that came back."""
    connection = http.client.HTTPConnection(HOST, port, timeout=60)
    with contextlib.closing(connection):
        seen = set()
        for _ in range(times):
            connection.request("GET", path, headers={"Accept": accept, "Authorization": AUTHORIZATION})
            answer = connection.getresponse()
            seen.add((answer.status, len(answer.read())))
        return seen


def _cost(port: int, pid: int, path: str, accept: str, length: int) -> float:
    """Microseconds of the server's processor time for one request."""
    before = usage(pid).cpu
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        asked = [pool.submit(_ask, port, path, accept, REQUESTS // CONNECTIONS) for _ in range(CONNECTIONS)]
        assert set().union(*(one.result() for one in asked)) == {(200, length)}
    return (usage(pid).cpu - before) / REQUESTS * 1e6


def _body(gateway: Gateway, path: str, accept: str) -> bytes:
    answer = requests.get(gateway.url + path, headers={"Accept": accept}, auth=CREDENTIALS, timeout=60)
    assert answer.status_code == 200
    return answer.content


def _fill(gateway: Gateway) -> None:
    """Starts instances until there are twenty."""
    for _ in range(20 - _body(gateway, "/api/instances", "application/xml").count(b"<instance ")):
        url = f"{gateway.url}/api/instances?format=xml"
        assert requests.post(url, data={"image_id": "img1"}, auth=CREDENTIALS, timeout=60).status_code == 201


def _show(what: str, ours: list[float], bare: list[float]) -> None:
    mine, raw = statistics.median(ours), statistics.median(bare)
    print(f"\n{what}: {mine:.0f} us a request, bare {raw:.0f} us, ratio {raw / mine:.2f}")  # noqa: T201


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("path", "accept"),
    [
        ("/api", "application/xml"),
        ("/api/realms", "application/json"),
        ("/api/instances", "application/xml"),
        ("/api/instances", "application/json"),
    ],
)
def test_what_a_request_costs_beside_the_raw_limit(gateway: Gateway, tmp_path: Path, path: str, accept: str) -> None:
    if path == "/api/instances":
        _fill(gateway)
    body = _body(gateway, path, accept)
    with _bare(body, accept, tmp_path) as (bare_port, bare_pid):
        ours, bare = [], []
        for _ in range(ROUNDS):
            ours.append(_cost(gateway.port, gateway.process.pid, path, accept, len(body)))
            bare.append(_cost(bare_port, bare_pid, "/", accept, len(body)))
    _show(f"{path} as {accept}, {len(body)} bytes", ours, bare)
