"""The servers that are measured, ours and the bare one: how they are asked, and what their workers use."""

from __future__ import annotations

import base64
import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import requests

from benchmarks.loadgenerator import Job, Outcome, run
from gateway import HOST, START_SECONDS, Gateway, find_free_port
from processes import tied

MIB = 1024 * 1024
TYPES = {"xml": "application/xml", "json": "application/json"}
_HERE = Path(__file__).parent
_RESET_PEAK = "5"
_PATIENCE = 300


class Worker:
    """The one worker process of a gunicorn.

    Args:
        master: The process id of its master.
    """

    def __init__(self, master: int) -> None:
        children = Path(f"/proc/{master}/task/{master}/children").read_text(encoding="ascii").split()
        assert len(children) == 1, f"one worker is measured, and there are {len(children)}"
        self._status = Path(f"/proc/{children[0]}/status")
        self._clock = (~int(children[0]) << 3) | 2

    @property
    def cpu(self) -> float:
        """Seconds of processor time so far, of all threads, user and system: Linux's clock of another process."""
        return time.clock_gettime(self._clock)

    @property
    def memory(self) -> int:
        """Resident memory in bytes."""
        return self._kilobytes("VmRSS") * 1024

    @property
    def peak(self) -> int:
        """The most resident memory since :meth:`forget_peak`, in bytes."""
        return self._kilobytes("VmHWM") * 1024

    def forget_peak(self) -> None:
        """From here on the peak counts anew."""
        self._status.with_name("clear_refs").write_text(_RESET_PEAK, encoding="ascii")

    def _kilobytes(self, name: str) -> int:
        lines = self._status.read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


@dataclass(frozen=True)
class Contender:
    """A running server with one worker."""

    port: int
    worker: Worker

    def ask(self, request: str, *, times: int = 1, connections: int = 1, upload: int = 0) -> Outcome:
        """Send a request again and again.

        Args:
            request: Its header, as :func:`header` makes it.
            times: How often.
            connections: On how many connections.
            upload: Bytes of its body.
        """
        job = Job(port=self.port, head=request, requests=times, connections=connections, upload=upload)
        return run(job)

    def cost(self, request: str, *, times: int, connections: int, answer: str) -> float:
        """Microseconds of the worker's processor time for one request; every answer must be that one."""
        before = self.worker.cpu
        outcome = self.ask(request, times=times, connections=connections)
        spent = self.worker.cpu - before
        assert outcome.answers == {answer: times}
        return spent / times * 1e6

    def read(self, path: str, headers: Mapping[str, str]) -> bytes:
        """Our answer to GET, which must be a good one."""
        return b"".join(self.stream(path, headers))

    def stream(self, path: str, headers: Mapping[str, str]) -> Iterator[bytes]:
        """The same in blocks, as they come."""
        with requests.get(self._url(path), headers=headers, stream=True, timeout=_PATIENCE) as answer:
            answer.raise_for_status()
            yield from answer.iter_content(256 * 1024)

    def post(self, path: str, form: Mapping[str, str], headers: Mapping[str, str] | None = None) -> None:
        """Create something."""
        requests.post(self._url(path), form, headers=headers or fields(), timeout=_PATIENCE).raise_for_status()

    @contextlib.contextmanager
    def growth(self, growths: list[float]) -> Iterator[None]:
        """Adds to the list by how many MiB the worker's peak memory grows inside, over what it uses before."""
        self.worker.forget_peak()
        before = self.worker.memory
        yield
        growths.append(max(self.worker.peak - before, 0) / MIB)

    def _url(self, path: str) -> str:
        return f"http://{HOST}:{self.port}{path}"


def ours(gateway: Gateway) -> Contender:
    """A running ``deltacloudd --workers 1``."""
    return Contender(gateway.port, Worker(gateway.process.pid))


@contextlib.contextmanager
def bare(
    folder: Path, body: bytes = b"", content_type: str = "text/plain", application: str = "bare"
) -> Iterator[Contender]:
    """A running bare application, under a gunicorn that is set up as ours is, as far as its settings go.

    Args:
        folder: Where it keeps its files.
        body: What it answers.
        content_type: The type of that.
        application: The module that it is.
    """
    (folder / "body").write_bytes(body)
    port = find_free_port()
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "-k",
        "gevent",
        "-b",
        f"{HOST}:{port}",
        "--no-control-socket",
        application,
    ]
    command += ["--worker-connections", "2048", "--pythonpath", str(_HERE), "--log-level", "error"]
    variables = os.environ | {"BARE_FOLDER": str(folder), "BARE_TYPE": content_type}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            tied(command), env=variables, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
    try:
        _wait_for(port)
        yield Contender(port, Worker(process.pid))
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(START_SECONDS)


def header(method: str, path: str, headers: Mapping[str, str]) -> str:
    """The header of a request, as text."""
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()), "\r\n"]
    return "\r\n".join(lines)


def fields(form: str = "xml", user: str = "mockuser") -> dict[str, str]:
    """The header fields that a caller sends, by default a user of the mock cloud.

    The host is always the same, so that the links in answers are.
    """
    credentials = base64.b64encode(f"{user}:mockpassword".encode()).decode()
    return {
        "Host": f"{HOST}:3001",
        "User-Agent": "bench",
        "Accept": TYPES[form],
        "Authorization": f"Basic {credentials}",
    }


def _wait_for(port: int) -> None:
    end = time.monotonic() + START_SECONDS
    while True:
        try:
            with socket.create_connection((HOST, port)) as connection:
                connection.settimeout(START_SECONDS)
                connection.sendall(b"HEAD / HTTP/1.1\r\nHost: bare\r\n\r\n")
                assert connection.recv(1)
                return
        except OSError:
            assert time.monotonic() < end, "the bare application does not answer"
            time.sleep(0.05)
