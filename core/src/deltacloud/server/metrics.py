"""What is counted about requests and driver calls, and the page that Prometheus reads.

Labels take few values: nothing that a client sends becomes one, unless it is one of a closed set.
"""

from __future__ import annotations

import os
import platform
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

import deltacloud
from deltacloud.kernel import DriverCall, RequestRecord
from deltacloud.server.metrics_folder import FOLDER

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0)
"""Seconds: from what the gateway needs itself to what slow clouds need."""

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_OTHER = "other"

_Count: TypeAlias = tuple[Callable[[], None], Callable[[float], None]]
"""Counts one more, and for how many seconds it took."""


class Metrics:
    """The metrics of one process, and the page about all that share its folder.

    What counts with certain labels is kept here by their values: looking it up in its family costs as much as counting.

    Args:
        drivers: The names of the installed drivers.
        calls_in_progress: Tells how many calls of each driver have not ended.

    Raises:
        OSError: the files that the processes share cannot be used.
    """

    def __init__(self, drivers: Iterable[str], calls_in_progress: Callable[[], Mapping[str, int]]) -> None:
        self._drivers = frozenset(drivers)
        self._calls_in_progress = calls_in_progress
        self._open = 0
        self._ended: deque[tuple[tuple[str, str, str], float]] = deque()
        self._of_requests: dict[tuple[str, str, str, int], _Count] = {}
        self._of_calls: dict[tuple[str, str, str], _Count] = {}
        self._registry = registry = CollectorRegistry()
        self._requests = Counter(
            "deltacloud_http_requests_total", "Requests answered, or given up by their clients (499)",
            ("method", "operation", "driver", "status"), registry=registry,
        )  # fmt: skip
        self._request_seconds = Histogram(
            "deltacloud_http_request_duration_seconds", "From the header of a request to the last byte of its answer",
            ("operation",), buckets=BUCKETS, registry=registry,
        )  # fmt: skip
        self._requests_open = Gauge(
            "deltacloud_http_requests_in_progress", "Requests that are not answered yet",
            multiprocess_mode="livesum", registry=registry,
        )  # fmt: skip
        self._calls = Counter(
            "deltacloud_driver_calls_total", "Calls of drivers that have ended",
            ("driver", "operation", "status"), registry=registry,
        )  # fmt: skip
        self._call_seconds = Histogram(
            "deltacloud_driver_call_duration_seconds", "From a call of a driver to the end of its result",
            ("driver", "operation"), buckets=BUCKETS, registry=registry,
        )  # fmt: skip
        self._calls_open = Gauge(
            "deltacloud_driver_calls_in_progress", "Calls of drivers that have not ended",
            ("driver",), multiprocess_mode="livesum", registry=registry,
        )  # fmt: skip
        self._calls_refused = Counter(
            "deltacloud_driver_calls_refused_total", "Calls not made, because too many of the driver were in progress",
            ("driver",), registry=registry,
        )  # fmt: skip
        self._connections: Gauge | None = None
        Gauge(
            "deltacloud_build_info", "Always 1; the labels say what runs",
            ("version", "python"), multiprocess_mode="livemax", registry=registry,
        ).labels(deltacloud.__version__, platform.python_version()).set(1)  # fmt: skip
        # Now all files are made: what goes wrong with them does so here, and not while a request is served.
        self._request_seconds.labels("")
        for driver in self._drivers:
            self._calls_refused.labels(driver)

    # Requests

    def began(self) -> None:
        """A request has come."""
        self._open += 1

    def answered(self, method: str, record: RequestRecord, status: int, seconds: float) -> None:
        """Its answer is finished, or nobody waits for it any more."""
        self._open -= 1
        count, observe = self._of_request(method, record, status)
        count()
        observe(seconds)
        self._settle()

    def refused_request(self, method: str, record: RequestRecord, status: int) -> None:
        """Something that never became a request was answered."""
        self._of_request(method, record, status)[0]()

    def _of_request(self, method: str, record: RequestRecord, status: int) -> _Count:
        driver = record.driver if record.driver is not None and record.driver in self._drivers else ""
        key = (method if method in _METHODS else _OTHER, record.operation, driver, status)
        found = self._of_requests.get(key)
        if found is None:
            found = self._requests.labels(*key).inc, self._request_seconds.labels(record.operation).observe
            self._of_requests[key] = found
        return found

    # Calls of drivers

    def ended(self, call: DriverCall) -> None:
        """A call has ended. It is only noted here: counting may take a lock, and this may come out of a finalizer."""
        self._ended.append(((call.driver.name, call.hook, call.status), time.perf_counter() - call.began))

    def refused(self, call: DriverCall) -> None:
        """A call was not made, because too many of its driver were in progress."""
        self._calls_refused.labels(call.driver.name).inc()

    def _settle(self) -> None:
        """Count the calls that have ended."""
        while self._ended:
            try:
                key, seconds = self._ended.popleft()
            except IndexError:
                return  # Another thread was faster.
            count, observe = self._of_calls.get(key) or self._of_call(*key)
            count()
            observe(seconds)

    def _of_call(self, driver: str, hook: str, status: str) -> _Count:
        found = self._calls.labels(driver, hook, status).inc, self._call_seconds.labels(driver, hook).observe
        self._of_calls[driver, hook, status] = found
        return found

    # What is now

    def refresh(self, connections: int | None = None) -> None:
        """Tell the other processes what is in progress in this one: it costs less now and then than at each change.

        Args:
            connections: How many clients are connected, where that is known.
        """
        self._settle()
        self._requests_open.set(self._open)
        for driver, number in self._calls_in_progress().items():
            self._calls_open.labels(driver).set(number)
        if connections is not None:
            if self._connections is None:
                self._connections = Gauge(
                    "deltacloud_connections", "Connections of clients, by worker",
                    multiprocess_mode="liveall", registry=self._registry,
                )  # fmt: skip
            self._connections.set(connections)

    def page(self, accept: str | None) -> tuple[bytes, str]:
        """All metrics of all processes.

        Args:
            accept: The ``Accept`` header.

        Returns:
            The page, and its media type: OpenMetrics for who asks for it, else the text format of Prometheus.
        """
        self.refresh()
        try:
            encode, content_type = choose_encoder(accept or "")
        except TypeError:  # It asks for a version that is no version.
            encode, content_type = choose_encoder("")
        return encode(self._everything()), content_type

    def _everything(self) -> CollectorRegistry:
        registry = CollectorRegistry()
        if FOLDER in os.environ:
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        else:
            registry.register(_Alone(self._registry))
        return registry


class _Alone(Collector):
    """One process's metrics as those of several are shown: without the times at which each series began."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry

    def collect(self) -> Iterator[Metric]:
        """All families."""
        for family in self._registry.collect():
            family.samples = [sample for sample in family.samples if not sample.name.endswith("_created")]
            yield family
