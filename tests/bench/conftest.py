"""The run: its size, the servers that it measures, and the table at its end."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import benchmarks.benchdriver
from benchmarks.contenders import Contender, ours
from benchmarks.figures import Report
from benchmarks.performance import write_page
from gateway import Deltacloudd, Gateway

_REPORT = pytest.StashKey[Report]()
_ROOT = Path(__file__).parents[2]
_PAGE = _ROOT / "docs" / "performance.md"
_PART = _ROOT / "build" / "performance.md"


@pytest.fixture(scope="session")
def report(request: pytest.FixtureRequest) -> Report:
    """Where the figures go. ``DELTACLOUD_BENCH`` is the size of the run, as a part of the full one."""
    made = Report(float(os.environ.get("DELTACLOUD_BENCH") or 1))
    request.config.stash[_REPORT] = made
    return made


@pytest.fixture(scope="session")
def bench_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the Python path, in which the driver ``bench`` is an installed distribution."""
    folder = tmp_path_factory.mktemp("benchdriver")
    shutil.copy(benchmarks.benchdriver.__file__, folder)
    information = folder / "deltacloud_bench-0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: deltacloud-bench\nVersion: 0\n")
    (information / "entry_points.txt").write_text("[deltacloud.drivers]\nbench = benchdriver:BenchDriver\n")
    return folder


@pytest.fixture(scope="session")
def bench(deltacloudd: Deltacloudd, bench_path: Path) -> Contender:
    """Our server with the driver ``bench``."""
    path = os.pathsep.join([str(bench_path), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
    return ours(deltacloudd("--workers", "1", driver="bench", environment={"PYTHONPATH": path}))


@pytest.fixture(scope="module")
def mock_gateway(deltacloudd: Deltacloudd) -> Iterator[Gateway]:
    """Our server with a mock cloud, which is removed at the end: it may hold much."""
    gateway = deltacloudd("--workers", "1")
    yield gateway
    gateway.stop()
    shutil.rmtree(gateway.storage, ignore_errors=True)


@pytest.fixture(scope="module")
def mock(mock_gateway: Gateway) -> Contender:
    """The same, to be measured."""
    return ours(mock_gateway)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, exitstatus: int, config: pytest.Config) -> None:
    """Shows the figures, and writes the page about them if all are there."""
    report = config.stash.get(_REPORT, None)
    if report is None:
        return
    terminalreporter.section(f"figures of a run of size {report.share:g}")
    for title, wanted, reached, verdict, details in report.rows():
        terminalreporter.line(f"{verdict:>22}  {reached:>9}  {title}: {wanted} ({details})")
    for title in report.missed:
        terminalreporter.line(f"MISSED: {title}", red=True, bold=True)
    if exitstatus == pytest.ExitCode.OK:
        path = _PAGE if report.complete else _PART
        write_page(path, report)
        terminalreporter.line(f"written: {path.relative_to(_ROOT)}")
