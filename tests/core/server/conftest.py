"""Real ``deltacloudd`` processes with a front end that does what the tests ask of it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deltacloud.server.command import main
from probeserver import Server

Start = Callable[..., Server]


@pytest.fixture(scope="session")
def probe_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the Python path, in which the probe is an installed distribution."""
    folder = tmp_path_factory.mktemp("probe")
    shutil.copy(Path(__file__).parent / "probe" / "probe_gateway.py", folder)
    information = folder / "probe_gateway-1.5.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: probe-gateway\nVersion: 1.5\n")
    (information / "entry_points.txt").write_text(
        "[deltacloud.frontends]\nprobe = probe_gateway:FrontEnd\n"
        "[deltacloud.drivers]\nprobe = probe_gateway:ProbeDriver\nbroken = probe_missing:Driver\n"
    )
    return folder


@pytest.fixture(scope="session")
def variables(probe_path: Path) -> dict[str, str]:
    """The environment of the tests' servers: the probe, and none of the settings of whoever runs the tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("API_", "DELTACLOUD_"))}
    return kept | {"PYTHONPATH": str(probe_path)}


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory, variables: dict[str, str]) -> Iterator[Start]:
    """Starts servers that stop at the end of the module."""
    started: list[Server] = []

    def start_one(*arguments: str, **more: str) -> Server:
        server = Server(
            tmp_path_factory.mktemp("server"),
            ("-i", "probe", "-f", "probe", "--workers", "1", *arguments),
            variables | more,
        )
        started.append(server)
        return server

    yield start_one
    for server in started:
        server.process.terminate()
    for server in started:
        server.stop()


@pytest.fixture(name="run")
def run_fixture(
    probe_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """Runs ``deltacloudd`` with arguments that make it end: exit code, standard output, standard error."""
    for name in list(os.environ):
        if name.startswith(("API_", "DELTACLOUD_")):
            monkeypatch.delenv(name)
    monkeypatch.syspath_prepend(str(probe_path))

    def run(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as end:
            main(arguments)
        code = end.value.code
        assert isinstance(code, int)
        return code, *capsys.readouterr()

    return run


@pytest.fixture(scope="module", name="deltacloudd_with_probe")
def deltacloudd_with_probe_fixture(start: Start) -> Server:
    """A server with the usual settings."""
    return start()
