"""Servers with the extension ``otel`` that send to a collector, and requests whose spans are looked for there."""

from __future__ import annotations

from collections.abc import Mapping

from gateway import Deltacloudd, Gateway
from otlpcollector import Collector, Point, Span
from strictclient import StrictClient

_QUICK = {
    "OTEL_BSP_SCHEDULE_DELAY": "100",
    "OTEL_METRIC_EXPORT_INTERVAL": "300",
    "OTEL_EXPORTER_OTLP_TIMEOUT": "5",
}
"""Variables with which spans and measurements come soon."""


class WatchedServers:
    """Starts them: ``watched("--workers", "2", OTEL_TRACES_SAMPLER="always_off")``.

    Args:
        start: Starts a server.
        collected: Where they send to.
    """

    def __init__(self, start: Deltacloudd, collected: Collector) -> None:
        self._start = start
        self._collected = collected

    def __call__(self, *options: str, driver: str = "mock", **variables: str) -> Gateway:
        environment = {**_QUICK, "OTEL_EXPORTER_OTLP_ENDPOINT": self._collected.url, **variables}
        return self._start("--extensions", "otel", *options, driver=driver, environment=environment)


class WatchedClient:
    """A client that looks for the spans of its requests.

    Args:
        port: The server's.
        collected: Where the server sends to.
    """

    def __init__(self, port: int, collected: Collector) -> None:
        self._client = StrictClient(port)
        self._collected = collected

    def __call__(
        self,
        method: str,
        target: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        pause: float = 0.0,
    ) -> Span:
        """The span of one request, which says what was answered; ``pause`` is between two blocks of the answer."""
        answer = self._client.ask(method, target, body, headers, pause)
        span = self._collected.request(answer.headers["x-request-id"])
        assert span.attributes["http.response.status_code"] == answer.status
        return span

    def __enter__(self) -> WatchedClient:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()


def request_id(answer: bytes) -> str:
    """The request's id in an answer as it came."""
    return answer.partition(b"X-Request-Id: ")[2].partition(b"\r\n")[0].decode("ascii")


def of_process(points: list[Point], pid: int) -> list[Point]:
    """The points that one process has sent."""
    return [one for one in points if one.resource["process.pid"] == pid]


def raw(method: str, target: str, headers: Mapping[str, str]) -> bytes:
    """The head of a request of the pretend cloud's user, whose id is as ``X-Request-Id`` says."""
    sent = {"Host": "localhost", "Authorization": "Basic bW9ja3VzZXI6bW9ja3Bhc3N3b3Jk", **headers}
    lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in sent.items())]
    return "\r\n".join([*lines, "", ""]).encode()
