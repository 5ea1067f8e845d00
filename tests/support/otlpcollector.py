"""A collector of OpenTelemetry, as a sender sees it: OTLP over HTTP, read with the official protobuf classes."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
    ExportMetricsServiceResponse,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

HOST = "127.0.0.1"
PATIENCE = 10.0
"""Seconds after which a test gives up on what should come within a moment."""
SERVER, INTERNAL = 2, 1
"""Kinds of spans."""
ERROR = 2
"""The status of a span that failed; 0 is none."""

Attributes = dict[str, Any]


@dataclass(frozen=True)
class Span:
    """A span as it came; ids in hexadecimal, no parent is empty, times in nanoseconds."""

    name: str
    kind: int
    trace: str
    id: str
    parent: str
    state: str
    attributes: Attributes
    start: int
    end: int
    status: int
    message: str
    events: int
    resource: Attributes

    @property
    def worker(self) -> int:
        """The process that sent it."""
        return int(self.resource["process.pid"])


@dataclass(frozen=True)
class Point:
    """A point of a metric; ``sum`` is the value where it is no histogram, ``traces`` are those of its examples."""

    metric: str
    unit: str
    attributes: Attributes
    count: int
    sum: float
    bounds: tuple[float, ...]
    traces: frozenset[str]
    resource: Attributes

    @property
    def dotted(self) -> Attributes:
        """The attributes, with dots for the underscores in their names, too."""
        return {name.replace("_", "."): value for name, value in self.attributes.items()}


@dataclass
class Collector:
    """What was received.

    Attributes:
        url: For ``OTEL_EXPORTER_OTLP_ENDPOINT``.
        spans: All spans, as they came.
        points: The latest point of each series of each process, with all examples that ever came with it.
        batches: How many spans came at once.
        bodies: The requests' bodies, decompressed.
        headers: The requests' headers, with names in lower case.
    """

    url: str
    spans: list[Span] = field(default_factory=list)
    points: dict[tuple[object, ...], Point] = field(default_factory=dict)
    batches: list[int] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)

    def take_in(self, path: str, headers: Mapping[str, str], body: bytes) -> bytes:
        """Note a request, and return the body of its answer."""
        if headers.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        self.headers.append(headers)
        self.bodies.append(body)
        if path == "/v1/traces":
            fresh = list(_spans(ExportTraceServiceRequest.FromString(body)))
            self.batches.append(len(fresh))
            self.spans += fresh
            return bytes(ExportTraceServiceResponse().SerializeToString())
        for point in _points(ExportMetricsServiceRequest.FromString(body)):
            key = (point.metric, _frozen(point.attributes), _frozen(point.resource))
            before = self.points.get(key)
            self.points[key] = point if before is None else replace(point, traces=before.traces | point.traces)
        return bytes(ExportMetricsServiceResponse().SerializeToString())

    def wait(self, what: str, ready: Callable[[], Any]) -> Any:
        """What ``ready`` returns, once that is true."""
        end = time.monotonic() + PATIENCE
        while not (found := ready()):
            assert time.monotonic() < end, f"{what} has not come; these have: {[one.name for one in self.spans][-50:]}"
            time.sleep(0.02)
        return found

    def request(self, request_id: str) -> Span:
        """The span of the request that was answered with this ``X-Request-Id``, once it is there."""
        found: list[Span] = self.wait(
            f"the span of request {request_id}",
            lambda: [one for one in tuple(self.spans) if one.attributes.get("deltacloud.request.id") == request_id],
        )
        (span,) = found
        return span

    def children(self, span: Span) -> list[Span]:
        """The spans below one. A request's own span is made after those of its calls, so they are there with it."""
        found = [one for one in tuple(self.spans) if one.parent == span.id and one.trace == span.trace]
        return sorted(found, key=lambda one: one.start)

    def series(self, metric: str, **attributes: object) -> list[Point]:
        """The latest points of a metric that have these attributes; underscores stand for the dots in their names."""
        wanted = {name.replace("_", "."): value for name, value in attributes.items()}
        return [
            one
            for one in tuple(self.points.values())
            if one.metric == metric and all(one.dotted.get(name) == value for name, value in wanted.items())
        ]


@contextmanager
def collector(port: int = 0) -> Iterator[Collector]:
    """A collector that listens, at any free port or at this one."""
    listening = _Listening((HOST, port), _Handler)
    listening.collector = Collector(f"http://{HOST}:{listening.server_address[1]}")
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield listening.collector
    finally:
        listening.shutdown()
        listening.server_close()
        thread.join()


class _Listening(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    collector: Collector


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Listening

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        answer = self.server.collector.take_in(
            self.path, {name.lower(): value for name, value in self.headers.items()}, body
        )
        self.send_response(200)
        self.send_header("Content-Type", "application/x-protobuf")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Nothing."""


def _spans(request: ExportTraceServiceRequest) -> Iterator[Span]:
    for group in request.resource_spans:
        resource = _attributes(group.resource.attributes)
        for scope in group.scope_spans:
            for one in scope.spans:
                yield Span(
                    one.name, one.kind, one.trace_id.hex(), one.span_id.hex(), one.parent_span_id.hex(),
                    one.trace_state, _attributes(one.attributes), one.start_time_unix_nano, one.end_time_unix_nano,
                    one.status.code, one.status.message, len(one.events) + len(one.links), resource,
                )  # fmt: skip


def _points(request: ExportMetricsServiceRequest) -> Iterator[Point]:
    for group in request.resource_metrics:
        resource = _attributes(group.resource.attributes)
        for metric in (one for scope in group.scope_metrics for one in scope.metrics):
            for point in metric.histogram.data_points:
                traces = frozenset(one.trace_id.hex() for one in point.exemplars)
                attributes, bounds = _attributes(point.attributes), tuple(point.explicit_bounds)
                yield Point(metric.name, metric.unit, attributes, point.count, point.sum, bounds, traces, resource)
            for point in metric.sum.data_points:
                value = point.as_int or point.as_double
                yield Point(
                    metric.name, metric.unit, _attributes(point.attributes), 1, value, (), frozenset(), resource
                )


def _attributes(pairs: Iterable[Any]) -> Attributes:
    return {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in pairs}


def _frozen(attributes: Attributes) -> frozenset[tuple[str, object]]:
    return frozenset(attributes.items())
