"""The cloud behind the driver ``wire``: a process that answers every hook, or does what broken clouds do.

The first segment of the path says how it behaves, so each request chooses by its provider: ``cloud.url("ok")``,
``cloud.url("stall")``, ``cloud.url("status,429,2")``; :mod:`wirecloud.behaviour` lists them. What it was asked stands
in :meth:`WireCloud.records`.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from processes import tied

_FOLDER = Path(__file__).parent.parent


@dataclass(frozen=True)
class Record:
    """A request as the cloud got it.

    Attributes:
        behaviour: The first segment of its path.
        hook: The second.
        query: Its query, decoded.
        headers: Its headers by lower-cased names.
        body: Its body, if that is below 64 KiB, decoded loosely; None for what did not arrive whole.
        connection: The number of its connection.
    """

    method: str
    behaviour: str
    hook: str
    query: dict[str, str]
    headers: dict[str, str]
    body: str | None
    connection: int


class WireCloud:
    """A running cloud."""

    def __init__(self, port: int, log: Path, process: subprocess.Popen[str], scheme: str) -> None:
        self.port = port
        self.process = process
        self._log = log
        self._scheme = scheme

    def url(self, behaviour: str = "ok", host: str = "127.0.0.1", scheme: str | None = None) -> str:
        """A provider whose requests are answered in that way."""
        return f"{scheme or self._scheme}://{host}:{self.port}/{behaviour}"

    def records(self, behaviour: str | None = None) -> list[Record]:
        """What it was asked so far, in order."""
        lines = self._log.read_text(encoding="utf-8").splitlines()
        records = [Record(**json.loads(line)) for line in lines]
        return [record for record in records if behaviour in (None, record.behaviour)]

    def departures(self) -> list[str]:
        """The ids (``X-Request-Id`` of the gateway) of the requests that it let hang until the gateway left."""
        return Path(f"{self._log}-left").read_text(encoding="utf-8").split()

    def forget(self) -> None:
        """Forget what it was asked."""
        with self._log.open("w"):
            pass


@contextlib.contextmanager
def wire_cloud(certificate: Path | None = None) -> Iterator[WireCloud]:
    """Starts a cloud and ends it; over TLS with a PEM file of key and certificate."""
    with tempfile.TemporaryDirectory(prefix="wirecloud-") as folder:
        log = Path(folder, "asked")
        log.touch()
        command = [sys.executable, "-m", "wirecloud", str(log), *([str(certificate)] if certificate else [])]
        with subprocess.Popen(tied(command), cwd=_FOLDER, stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout is not None
                port = int(process.stdout.readline())
                yield WireCloud(port, log, process, "https" if certificate else "http")
            finally:
                process.terminate()
