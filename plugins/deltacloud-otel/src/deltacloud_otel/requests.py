"""HTTP requests: a span and measurements of each, from its header to the last byte of its answer.

Names and attributes are those of the stable conventions: https://opentelemetry.io/docs/specs/semconv/http/http-spans/
and https://opentelemetry.io/docs/specs/semconv/http/http-metrics/.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from opentelemetry.metrics import CallbackOptions, Observation
from opentelemetry.propagators.textmap import Getter
from opentelemetry.trace import Span, SpanKind, StatusCode, Tracer, format_trace_id, set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from deltacloud.kernel import ENVIRON_KEY, RequestRecord
from deltacloud_otel.attributes import Attributes, of_kind, of_request, span_name
from deltacloud_otel.calls import NO_CONTEXT

if TYPE_CHECKING:
    from opentelemetry.metrics import Meter

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0)
"""Seconds, as the conventions recommend them."""
_FAULT = 500
_PROPAGATOR = TraceContextTextMapPropagator()


class WatchedRequest:
    """One request while it is watched.

    Attributes:
        context: Holds its span: the parent of the calls of drivers that it leads to.
        status: The status of its answer; 0 before there is one.
    """

    __slots__ = ("began", "context", "kind", "protocol", "record", "span", "status")

    def __init__(self, record: RequestRecord, kind: Attributes, protocol: str, span: Span) -> None:
        self.record = record
        self.kind = kind
        self.protocol = protocol
        self.span = span
        self.context = set_span_in_context(span, NO_CONTEXT)
        self.status = 0
        self.began = time.perf_counter()


class Requests:
    """Watches requests.

    Args:
        tracer: Makes their spans.
        meter: Makes their metrics.
        continues: Whether the trace of whoever sends a request goes on here.
    """

    def __init__(self, tracer: Tracer, meter: Meter, *, continues: bool) -> None:
        self._tracer = tracer
        self._continues = continues
        self._open: set[WatchedRequest] = set()
        self._kinds: dict[tuple[str | int, ...], Attributes] = {}
        self._duration = meter.create_histogram(
            "http.server.request.duration",
            unit="s",
            description="Duration of HTTP server requests.",
            explicit_bucket_boundaries_advisory=BUCKETS,
        )
        meter.create_observable_up_down_counter(
            "http.server.active_requests",
            [self._active],
            unit="{request}",
            description="Number of active HTTP server requests.",
        )

    def begin(self, environ: dict[str, Any]) -> WatchedRequest:
        """A request has come."""
        record: RequestRecord = environ[ENVIRON_KEY]
        kind = of_kind(environ, record)
        parent = NO_CONTEXT
        if self._continues and "HTTP_TRACEPARENT" in environ:
            parent = _PROPAGATOR.extract(environ, NO_CONTEXT, _HEADERS)
        protocol = environ.get("SERVER_PROTOCOL", "").partition("/")[2]
        attributes = kind | of_request(record) | {"network.protocol.version": protocol}
        span = self._tracer.start_span(span_name(kind), parent, SpanKind.SERVER, attributes)
        trace = span.get_span_context()
        if trace.is_valid:
            record.trace_id = format_trace_id(trace.trace_id)
        request = WatchedRequest(record, kind, protocol, span)
        self._kinds.setdefault(tuple(kind.values()), kind)
        self._open.add(request)
        return request

    def end(self, request: WatchedRequest, error: str | None) -> None:
        """Its answer was sent, or is not sent any further; told once or more.

        Args:
            request: The request.
            error: What went wrong with it, other than what its status says.
        """
        if request not in self._open:
            return
        self._open.discard(request)
        seconds = time.perf_counter() - request.began
        outcome = _outcome(request, error)
        counted = request.kind | outcome | {"network.protocol.version": request.protocol}
        self._duration.record(seconds, counted, request.context)
        span, record = request.span, request.record
        if span.is_recording():
            if record.route:
                span.update_name(span_name(request.kind, record.route))
            if record.operation:
                outcome["deltacloud.operation"] = record.operation
            span.set_attributes(outcome)
            if "error.type" in outcome:
                span.set_status(StatusCode.ERROR)
        span.end()

    def _active(self, _options: CallbackOptions) -> Iterator[Observation]:
        """How many requests are not answered yet, of each kind that there ever was."""
        counts = Counter(tuple(one.kind.values()) for one in tuple(self._open))
        for key, kind in tuple(self._kinds.items()):
            yield Observation(counts[key], kind)


def _outcome(request: WatchedRequest, error: str | None) -> Attributes:
    outcome: Attributes = {}
    if request.record.route:
        outcome["http.route"] = request.record.route
    if request.status:
        outcome["http.response.status_code"] = request.status
    if error is None and request.status >= _FAULT:
        error = str(request.status)
    if error is not None:
        outcome["error.type"] = error
    return outcome


class _Headers(Getter[dict[str, Any]]):
    """Reads headers out of the WSGI environment."""

    def get(self, carrier: dict[str, Any], key: str) -> list[str] | None:
        """The values of a header; what came more than once is joined by commas there."""
        value = carrier.get(f"HTTP_{key.upper().replace('-', '_')}")
        return None if value is None else [value]

    def keys(self, carrier: dict[str, Any]) -> list[str]:
        """The names of all headers."""
        return [key[5:].replace("_", "-").lower() for key in carrier if key.startswith("HTTP_")]


_HEADERS = _Headers()
