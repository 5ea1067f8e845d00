"""How long it takes until the server answers, and what it holds then."""

from __future__ import annotations

import http.client
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable
from http import HTTPStatus
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from benchmarks.contenders import MIB, Contender, fields
from benchmarks.figures import Report
from gateway import HOST, START_SECONDS, find_free_port
from processes import tied

pytestmark = pytest.mark.timeout(600)

STARTS = 7
IMPORT = """
import sys, time
began = time.perf_counter()
import deltacloud.server, deltacloud.server.process, deltacloud.api.application
print(time.perf_counter() - began)
print(*{name.partition(".")[0] for name in sys.modules})
"""
"""Imports what a worker runs: the server and its front end. Prints the seconds, and all that is loaded then."""
OPTIONAL = {"typing-extensions"}
"""What libraries of the core take where it is installed: msgspec this, which other drivers require."""


def _start(folder: Path) -> float:
    """Starts a server, and returns the seconds until its first answer."""
    port = find_free_port()
    command = [sys.executable, "-m", "deltacloud.cli", "-r", HOST, "-p", str(port), "-i", "mock"]
    command += ["-L", str(folder / "log"), "--workers", "1"]
    began = time.perf_counter()
    process = subprocess.Popen(tied(command), cwd=folder, stdin=subprocess.DEVNULL)
    try:
        while not _answers(port):
            assert time.perf_counter() - began < START_SECONDS, "the server does not answer"
            time.sleep(0.01)
        return time.perf_counter() - began
    finally:
        process.terminate()
        process.wait(START_SECONDS)


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=START_SECONDS)
    try:
        connection.request("GET", "/api", headers={"Accept": "application/xml"})
        return connection.getresponse().status == HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


def test_a_server_answers_soon_after_its_start(report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DELTACLOUD_MOCK_STORAGE", str(tmp_path / "mock"))
    times = [_start(tmp_path) for _ in range(report.sized(STARTS, 2))]
    report.reach("start", statistics.median(times), f"{min(times):.2f} to {max(times):.2f} s")


def _required_by(distributions: Iterable[str]) -> set[str]:
    """Distributions, and all that they require here, by their normalised names."""
    known: set[str] = set()
    waiting = [(name, "") for name in distributions]
    while waiting:
        name, extra = waiting.pop()
        known.add(canonicalize_name(name))
        for text in _requirements(name):
            one = Requirement(text)
            if one.marker is None or one.marker.evaluate({"extra": extra}):
                waiting += [(one.name, also) for also in ("", *one.extras) if canonicalize_name(one.name) not in known]
    return known


def _requirements(name: str) -> list[str]:
    try:
        return metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        return []


def test_the_server_is_imported_soon_and_brings_no_driver_and_nothing_that_only_drivers_need(report: Report) -> None:
    times, loaded = [], set()
    for _ in range(report.sized(STARTS, 2)):
        done = subprocess.run([sys.executable, "-c", IMPORT], capture_output=True, text=True, check=True)
        seconds, modules = done.stdout.splitlines()
        times.append(float(seconds))
        loaded |= set(modules.split())
    report.reach("import", statistics.median(times), f"{min(times):.2f} to {max(times):.2f} s")
    drivers = metadata.entry_points(group="deltacloud.drivers")
    assert drivers
    assert not loaded & {one.module.partition(".")[0] for one in drivers}
    theirs = _required_by(one.dist.name for one in drivers if one.dist) - _required_by(["deltacloud-core"]) - OPTIONAL
    brought = metadata.packages_distributions()
    assert not theirs & {canonicalize_name(one) for name in loaded for one in brought.get(name, ())}


def test_an_idle_worker_is_small(mock: Contender, report: Report) -> None:
    mock.read("/api/realms", fields())
    report.reach("idle", mock.worker.memory / MIB, "after its first answers, the mock driver loaded")
