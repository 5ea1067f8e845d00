"""Clean environments with wheels in them, and servers out of those."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from environments import Environment, Installing, wheel
from gateway import Deltacloudd


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installing:
    """Makes a clean environment with wheels of ``installed("core", "mock")`` and the like, once for each."""
    there: dict[tuple[str, ...], Environment] = {}

    def installed(*names: str) -> Environment:
        if names not in there:
            wheels = [wheel(f"deltacloud_{name}") for name in names]
            there[names] = Environment(tmp_path_factory.mktemp("_and_".join(names)), *wheels)
            there[names].run("python", "-m", "pip", "check")
        return there[names]

    return installed


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[Deltacloudd]:
    servers = Deltacloudd(tmp_path)
    yield servers
    servers.stop()
