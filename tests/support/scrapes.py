"""What Prometheus would read from a running server, and the processes that it comes from."""

from __future__ import annotations

import contextlib
import http.client
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from prometheus_client.parser import text_string_to_metric_families

from gateway import HOST

Labels = tuple[str, ...]


class Told(NamedTuple):
    """An HTTP answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def ask(port: int, path: str, method: str = "GET", **headers: str) -> Told:
    """One request on a connection of its own; underscores in header names are hyphens."""
    connection = http.client.HTTPConnection(HOST, port, timeout=30)
    with contextlib.closing(connection):
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return Told(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())


class Scrape:
    """One reading of the page.

    Attributes:
        text: The page.
        samples: Name of a sample to its values by the values of its labels, in the alphabetical order of their names.
    """

    def __init__(self, port: int) -> None:
        told = ask(port, "/metrics")
        assert told.status == 200, told
        self.text = told.body.decode()
        self.families = {family.name: family for family in text_string_to_metric_families(self.text)}
        self.samples: dict[str, dict[Labels, float]] = {}
        for family in self.families.values():
            for sample in family.samples:
                values = tuple(value for _, value in sorted(sample.labels.items()))
                assert values not in self.samples.setdefault(sample.name, {})
                self.samples[sample.name][values] = sample.value

    def requests(self) -> dict[Labels, float]:
        """(driver, method, operation, status) to the number of such requests; scrapes themselves left out."""
        counts = self.samples.get("deltacloud_http_requests_total", {})
        return {labels: count for labels, count in counts.items() if labels[2] != "server.metrics"}

    def calls(self) -> dict[Labels, float]:
        """(driver, hook, status) to the number of such calls."""
        return self.samples.get("deltacloud_driver_calls_total", {})

    def value(self, name: str, *labels: str) -> float:
        """One sample; 0 where there is none."""
        return self.samples.get(name, {}).get(labels, 0.0)


def workers(pid: int) -> list[int]:
    """The worker processes of a server."""
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]


def counting_files(pid: int) -> set[Path]:
    """The files that a worker counts in; five once it has begun to serve."""
    files = set()
    with contextlib.suppress(OSError):  # It has ended, or has closed one.
        for link in Path(f"/proc/{pid}/fd").iterdir():
            files.add(link.readlink())  # A mapped file is open twice.
    return {path for path in files if path.suffix == ".db" and path.parent.name.startswith("deltacloud-")}
