"""Servers that note which requests they have begun to serve, and in which worker."""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

from callers import DOWNLOAD, PLACE, SLOW_DRIVER
from gateway import Deltacloudd, Gateway
from strictclient import StrictClient

EXTENSION = Path(__file__).parents[1] / "soak" / "begun" / "begun_requests.py"


class MarkedServer:
    """A settings file, and the servers that are started with it; all of them have one storage and one list of requests.

    Attributes:
        file: The settings.

    Args:
        servers: Starts them.
        folder: For everything that belongs to them.
    """

    def __init__(self, servers: Deltacloudd, folder: Path) -> None:
        self.file = folder / "settings.toml"
        self._servers = servers
        self._begun = folder / "begun"
        packages = folder / "packages"
        information = packages / "begun_requests-1.dist-info"
        information.mkdir(parents=True)
        shutil.copy(EXTENSION, packages)
        (information / "METADATA").write_text("Metadata-Version: 2.1\nName: begun-requests\nVersion: 1\n")
        (information / "entry_points.txt").write_text("[deltacloud.extensions]\nbegun = begun_requests:Begun\n")
        path = [str(packages), *filter(None, [os.environ.get("PYTHONPATH")])]
        self._environment = {
            "PYTHONPATH": os.pathsep.join(path),
            "DELTACLOUD_MOCK_STORAGE": str(folder / "storage"),
        }
        self.write()

    def write(self, workers: int = 2, graceful_timeout: int = 30) -> None:
        """Write the file anew."""
        self.file.write_text(
            f"[server]\nworkers = {workers}\ngraceful-timeout = {graceful_timeout}\n"
            f'extensions = ["begun"]\n[extensions.begun]\nfile = "{self._begun}"\n'
            f"[drivers.{SLOW_DRIVER}]\ndelay-seconds = 0.7\n"
        )

    def start(self) -> Gateway:
        """Start one that has something to download."""
        gateway = self._servers("-c", str(self.file), environment=self._environment)
        with StrictClient(gateway.port) as client:
            assert client.ask("PUT", PLACE, random.Random(7).randbytes(DOWNLOAD)).status == 200  # noqa: S311
        return gateway

    def begun(self) -> dict[str, int]:
        """The marks of all requests that were begun, each with the process id of the worker."""
        lines = self._begun.read_text(encoding="utf-8").splitlines() if self._begun.exists() else []
        return {mark: int(process) for mark, process in map(str.split, lines)}
