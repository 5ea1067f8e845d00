"""What a request costs the server in processor time, and in time, beside a bare Falcon application.

Both run under gunicorn with gevent on this machine and take turns; figures are medians. Nothing is asserted about time.
"""

from __future__ import annotations

import statistics
import time
from math import inf
from pathlib import Path

import pytest
from falcon.testing import create_environ

from benchmarks.contenders import TYPES, Contender, bare, fields, header
from benchmarks.figures import Report
from deltacloud.kernel import GatewaySettings
from deltacloud.server import memory
from deltacloud.server.assembly import assemble

pytestmark = pytest.mark.timeout(600)

ROUNDS = 15
REQUESTS = 1000
"""A round."""
LONG_REQUESTS = 30
CONNECTIONS = 16
WARM_UP = 200
LONG = 1000


def _side_by_side(report: Report, key: str, ours: Contender, path: str, headers: dict[str, str], folder: Path) -> None:
    """The figure of what a request costs the bare side, divided by what it costs ours."""
    body = ours.read(path, headers)
    request, answer = header("GET", path, headers), f"200 {len(body)}"
    requests = report.sized(REQUESTS, 100)
    with bare(folder, body, headers["Accept"]) as raw:
        costs: dict[Contender, list[float]] = {ours: [], raw: []}
        for contender in costs:
            contender.ask(request, times=report.sized(WARM_UP, 20), connections=CONNECTIONS)
        for _ in range(report.sized(ROUNDS, 3)):
            for contender, spent in costs.items():
                spent.append(contender.cost(request, times=requests, connections=CONNECTIONS, answer=answer))
    mine, theirs = statistics.median(costs[ours]), statistics.median(costs[raw])
    report.reach(key, theirs / mine, f"{mine:.0f} us a request, bare {theirs:.0f} us, {len(body)} bytes")


@pytest.mark.parametrize("form", TYPES)
def test_a_list_of_instances_costs_little_more_than_a_bare_answer(
    bench: Contender, report: Report, tmp_path: Path, form: str
) -> None:
    _side_by_side(report, f"list-{form}", bench, "/api/instances", fields(form, "20"), tmp_path)


def test_the_entry_point_costs_little_more_than_a_bare_answer(mock: Contender, report: Report, tmp_path: Path) -> None:
    _side_by_side(report, "entry", mock, "/api", fields(), tmp_path)


@pytest.mark.parametrize("form", TYPES)
def test_an_instance_of_a_long_list_costs_microseconds(
    bench: Contender, bench_path: Path, report: Report, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = fields(form, str(LONG))
    body = bench.read("/api/instances", headers)
    request, answer = header("GET", "/api/instances", headers), f"200 {len(body)}"
    bench.ask(request, times=4)
    rounds = range(report.sized(ROUNDS, 3))
    times = report.sized(LONG_REQUESTS, 8)
    whole = min(bench.cost(request, times=times, connections=4, answer=answer) for _ in rounds) / LONG
    monkeypatch.syspath_prepend(str(bench_path))
    made, length = _made(headers, times)
    assert length == len(body)
    details = f"building, writing and all else but the socket; {whole:.2f} us with it, {len(body) // LONG} bytes"
    report.reach(f"long-{form}", made / LONG, details)


def _made(headers: dict[str, str], times: int) -> tuple[float, int]:
    """Microseconds of this process in which the application makes a list, the best of some; and the list's length."""
    service = assemble(GatewaySettings(driver="bench"))
    memory.settle()
    try:
        best, length = inf, 0
        for _ in range(times):
            environ = create_environ("/api/instances", headers=headers)
            began = time.thread_time()
            length = len(b"".join(service.application(environ, lambda *_: None)))
            best = min(best, time.thread_time() - began)
        return best * 1e6, length
    finally:
        service.kernel.close()


def test_a_request_is_answered_almost_as_soon_as_by_a_bare_server(
    bench: Contender, report: Report, tmp_path: Path
) -> None:
    headers = fields()
    body = bench.read("/api/realms", headers)
    request = header("GET", "/api/realms", headers)
    requests = report.sized(300, 20)
    with bare(tmp_path, body, TYPES["xml"]) as raw:
        times: dict[Contender, list[float]] = {bench: [], raw: []}
        for _ in range(report.sized(ROUNDS, 3)):
            for contender, seen in times.items():
                seen.append(contender.ask(request, times=requests).median * 1000)
    mine, theirs = statistics.median(times[bench]), statistics.median(times[raw])
    report.reach("added", mine - theirs, f"{mine:.2f} ms, bare {theirs:.2f} ms")
