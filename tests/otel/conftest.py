"""A collector, and servers that send to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gateway import Deltacloudd, Gateway
from otlpcollector import Collector, collector
from watchedserver import WatchedClient, WatchedServers


@pytest.fixture(scope="session", name="collected")
def collected_fixture() -> Iterator[Collector]:
    """A collector for all tests of a process: what it has is told apart by requests."""
    with collector() as running:
        yield running


@pytest.fixture(scope="session", name="watched")
def watched_fixture(deltacloudd: Deltacloudd, collected: Collector) -> WatchedServers:
    """Starts servers with the extension."""
    return WatchedServers(deltacloudd, collected)


@pytest.fixture(scope="session", name="server")
def server_fixture(watched: WatchedServers) -> Gateway:
    """One of them, with one worker and the pretend cloud."""
    return watched("--workers", "1")


@pytest.fixture(name="ask")
def ask_fixture(server: Gateway, collected: Collector) -> Iterator[WatchedClient]:
    """Sends requests to it, and returns their spans."""
    with WatchedClient(server.port, collected) as client:
        yield client
