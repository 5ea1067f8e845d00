"""Real ``deltacloudd`` processes for tests, each on a free port, with a mock cloud of its own."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from processes import tied

HOST = "127.0.0.1"
START_SECONDS = 30
"""How long a server may take to its first answer; it needs one, and the machine may be busy."""
STOP_SECONDS = 15
SETTINGS = ("API_", "DELTACLOUD_")
"""How the variables begin that are settings of a server."""


class NotStarted(Exception):
    """A server ended, or did not answer, before it could be used; the text holds its log."""


@dataclass(frozen=True)
class Gateway:
    """A running server.

    Attributes:
        url: Where it listens: ``http://127.0.0.1:PORT``, without a slash at the end; the API is below ``/api``.
        port: The port alone.
        storage: The folder of its mock cloud.
        log: The file with all that it wrote to standard output and standard error.
        process: The process; its ``pid`` is gunicorn's arbiter.
    """

    url: str
    port: int
    storage: Path
    log: Path
    process: subprocess.Popen[bytes]

    def stop(self) -> int:
        """Ends the server as an operator would, and returns its exit code; the hard way when it does not end."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            return self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)  # it leads a group of its own: its workers, nobody else
            return self.process.wait(STOP_SECONDS)

    def log_end(self, lines: int = 60) -> str:
        """The last lines of its log."""
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])


class Deltacloudd:
    """Starts servers: ``deltacloudd("-V").url`` is one with verbose logs, on the mock cloud."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.started: list[Gateway] = []

    def __call__(
        self,
        *options: str,
        driver: str | None = "mock",
        environment: Mapping[str, str] | None = None,
        python: Path | str = sys.executable,
    ) -> Gateway:
        """Starts one more server and waits for its first answer.

        Args:
            options: Further options of ``deltacloudd``.
            driver: The default driver; None leaves the choice to the server.
            environment: Variables beside those of this process, whose own settings of a server do not count.
            python: The interpreter, of an environment that has the server.

        Raises:
            NotStarted: the process ended or did not answer.
        """
        home = self._folder / str(len(self.started))
        storage = home / "mock"
        home.mkdir()
        port = find_free_port()
        command = [str(python), "-m", "deltacloud.cli", "-r", HOST, "-p", str(port), *options]
        command += ["-i", driver] if driver else []
        variables = {name: value for name, value in os.environ.items() if not name.startswith(SETTINGS)}
        variables |= {"DELTACLOUD_MOCK_STORAGE": str(storage), "PYTHONUNBUFFERED": "1", **(environment or {})}
        log = home / "log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                tied(command),
                cwd=home,
                env=variables,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        gateway = Gateway(f"http://{HOST}:{port}", port, storage, log, process)
        self.started.append(gateway)
        _wait_for_answer(gateway)
        return gateway

    def stop(self) -> None:
        """Stops every server that was started here."""
        for gateway in self.started:
            gateway.stop()


def find_free_port() -> int:
    """A port of the loopback interface on which nothing listens now."""
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        return int(listener.getsockname()[1])


def _wait_for_answer(gateway: Gateway) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if gateway.process.poll() is not None:
            raise NotStarted(f"deltacloudd ended with {gateway.process.returncode}:\n{gateway.log_end()}")
        if _answers(gateway.port):
            return
        time.sleep(0.05)
    gateway.stop()
    raise NotStarted(f"deltacloudd did not answer within {START_SECONDS} s:\n{gateway.log_end()}")


def _answers(port: int) -> bool:
    """Whether an HTTP answer comes, whatever it says."""
    connection = http.client.HTTPConnection(HOST, port, timeout=START_SECONDS)
    with contextlib.closing(connection):
        try:
            connection.request("HEAD", "/api", headers={"Accept": "application/xml"})
            connection.getresponse().read()
        except (OSError, http.client.HTTPException):
            return False
    return True
