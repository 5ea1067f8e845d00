"""What all tests share: the recorded data, free ports and real server processes."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from awscloud import recorder
from gateway import Deltacloudd, find_free_port
from recordings import GOLDEN, RECORDED

pytest_configure = recorder.start
pytest_sessionfinish = recorder.finish


@pytest.fixture(scope="session")
def recorded() -> Path:
    """The folder of recorded exchanges, with ``golden/`` (the original server) and ``recorded/`` (real clouds)."""
    if not GOLDEN.is_dir():
        pytest.skip(f"no recorded exchanges at {RECORDED} (DELTACLOUD_RECORDED names their folder)")
    return RECORDED.resolve()


@pytest.fixture
def free_port() -> int:
    """A port of the loopback interface on which nothing listens now."""
    return find_free_port()


@pytest.fixture(scope="session")
def deltacloudd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deltacloudd]:
    """Starts real servers with a fresh mock cloud: ``deltacloudd().url``. They stop when the run ends."""
    servers = Deltacloudd(tmp_path_factory.mktemp("deltacloudd"))
    yield servers
    servers.stop()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Adds the servers' logs to the report of a failed test that used them."""
    report = yield
    servers = getattr(item, "funcargs", {}).get("deltacloudd")
    if report.failed and isinstance(servers, Deltacloudd):
        for gateway in servers.started:
            report.sections.append((f"log of {gateway.url}", gateway.log_end()))
    return report
