"""What the extension ``otel`` adds to a request, in processor time of the worker: with it, and without, in turns.

The collector is a process of its own, so it takes nothing of the worker's time.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.contenders import Contender, fields, header, ours
from benchmarks.figures import Report
from gateway import Deltacloudd
from processes import tied

pytestmark = pytest.mark.timeout(600)

ROUNDS = 15
REQUESTS = 1000
"""A round."""
CONNECTIONS = 16
WARM_UP = 200
_COLLECTOR = """
from otlpcollector import collector
with collector() as one:
    print(one.url, flush=True)
    input()
"""


@pytest.fixture(name="collector")
def collector_fixture() -> Iterator[str]:
    """The URL of a collector."""
    command = tied([sys.executable, "-c", _COLLECTOR])
    variables = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1] / "support")}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=variables, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.terminate()


def test_telemetry_of_a_request_costs_microseconds(
    deltacloudd: Deltacloudd, bench_path: Path, bench: Contender, collector: str, report: Report
) -> None:
    variables = {"PYTHONPATH": os.pathsep.join([str(bench_path), os.environ.get("PYTHONPATH", "")])}
    sending = variables | {"OTEL_EXPORTER_OTLP_ENDPOINT": collector, "OTEL_BSP_SCHEDULE_DELAY": "1000"}

    def watched(**more: str) -> Contender:
        return ours(deltacloudd("--workers", "1", "--extensions", "otel", driver="bench", environment=sending | more))

    contenders = {
        "without": bench,
        "with": watched(),
        "metrics": watched(OTEL_TRACES_EXPORTER="none"),
        "sampled": watched(OTEL_TRACES_SAMPLER="traceidratio", OTEL_TRACES_SAMPLER_ARG="0.01"),
    }
    headers = fields("json", "20")
    request, answer = header("GET", "/api/instances", headers), f"200 {len(bench.read('/api/instances', headers))}"
    times = report.sized(REQUESTS, 100)
    costs: dict[str, list[float]] = {name: [] for name in contenders}
    for contender in contenders.values():
        contender.ask(request, times=report.sized(WARM_UP, 20), connections=CONNECTIONS)
    for _ in range(report.sized(ROUNDS, 3)):
        for name, contender in contenders.items():
            costs[name].append(contender.cost(request, times=times, connections=CONNECTIONS, answer=answer))
    spent = {name: statistics.median(values) for name, values in costs.items()}
    details = ", ".join(f"{name} {value:.0f} us" for name, value in spent.items())
    ratio = spent["with"] / spent["without"]
    report.reach("otel", ratio, f"a request: {details}; of `sampled` one in a hundred is traced")
