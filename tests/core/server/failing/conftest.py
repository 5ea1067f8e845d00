"""A cloud that fails as it is told, and servers before it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cloudfaults.ways import DEADLINE, Way, find_ways
from gateway import Deltacloudd, Gateway
from wirecloud import WireCloud, wire_cloud


@pytest.fixture(scope="package", name="cloud")
def cloud_fixture() -> Iterator[WireCloud]:
    """The cloud."""
    with wire_cloud() as cloud:
        yield cloud


@pytest.fixture(scope="package", name="servers")
def servers_fixture(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deltacloudd]:
    """Starts servers that stop when the tests of this folder are over."""
    servers = Deltacloudd(tmp_path_factory.mktemp("failing"))
    yield servers
    servers.stop()


@pytest.fixture(scope="package", name="gateway")
def gateway_fixture(servers: Deltacloudd) -> Gateway:
    """A server that has time."""
    return servers("-V", "-t", "30", "--idle-timeout", "30", "--workers", "1", driver="wire")


@pytest.fixture(scope="package", name="hasty")
def hasty_fixture(servers: Deltacloudd) -> Gateway:
    """One whose deadline tests can wait for."""
    return servers("-t", str(DEADLINE), "--idle-timeout", str(DEADLINE), "--workers", "1", driver="wire")


@pytest.fixture(scope="package", name="ways")
def ways_fixture(cloud: WireCloud, gateway: Gateway) -> list[Way]:
    """All the ways from a request to a hook."""
    return find_ways(cloud, gateway.port)
