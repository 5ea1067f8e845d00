"""Calls of drivers: a span and a measurement of each, from the question to the end of its result."""

from __future__ import annotations

import time
from collections import deque
from contextvars import ContextVar
from typing import TYPE_CHECKING, NamedTuple

from opentelemetry.context import Context
from opentelemetry.trace import Span, StatusCode, Tracer, set_span_in_context

from deltacloud.errors import ClientDisconnected, DeltacloudError

if TYPE_CHECKING:
    from opentelemetry.metrics import Meter

    from deltacloud.kernel import DriverCall

PARENT: ContextVar[Context] = ContextVar("deltacloud_otel_parent")
"""The context of the request that is served here.

It is ours alone, and never OpenTelemetry's current one: from there an SDK of a cloud may take the trace, and tell the
cloud of it.
"""
NO_CONTEXT = Context()
CLIENT_DISCONNECTED = "client_disconnected"
"""What the core calls it, too, when the client went away."""
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0)
"""Seconds, as the server's own metrics have them: clouds may be slow."""


class Ended(NamedTuple):
    """What there is to be noted of a call that has ended."""

    call: WatchedCall
    time: int
    seconds: float
    error: str | None


class Calls:
    """Watches calls.

    Args:
        tracer: Makes their spans.
        meter: Makes the histogram of their durations.
    """

    def __init__(self, tracer: Tracer, meter: Meter) -> None:
        self._tracer = tracer
        self._duration = meter.create_histogram(
            "deltacloud.driver.call.duration",
            unit="s",
            description="Duration of calls of drivers, from the question to the end of the result.",
            explicit_bucket_boundaries_advisory=_BUCKETS,
        )
        self._providers: dict[str, frozenset[str]] = {}
        self._ended: deque[Ended] = deque()

    def begin(self, call: DriverCall) -> WatchedCall:
        """The driver is about to be asked; from here on the call is watched until its result has ended."""
        attributes = {"deltacloud.driver": call.driver.name, "deltacloud.hook": call.hook}
        provider = call.context.provider.name
        if provider is not None and provider in self._declared(call):
            attributes["deltacloud.provider"] = provider
        parent = PARENT.get(NO_CONTEXT)
        span = self._tracer.start_span(f"{call.driver.name}.{call.hook}", parent, attributes=attributes)
        watched = WatchedCall(span, attributes, self._ended)
        call.on_end(watched.end)
        return watched

    def settle(self) -> None:
        """Count the calls that have ended, and let their spans go."""
        while self._ended:
            try:
                ended = self._ended.popleft()
            except IndexError:
                return  # Another thread was faster.
            self._settle(ended)

    def _settle(self, ended: Ended) -> None:
        span, attributes = ended.call.span, ended.call.attributes
        if ended.error is not None:
            attributes["error.type"] = ended.error
            span.set_attribute("error.type", ended.error)
            span.set_status(StatusCode.ERROR)
        self._duration.record(ended.seconds, attributes, set_span_in_context(span, NO_CONTEXT))
        span.end(ended.time)

    def _declared(self, call: DriverCall) -> frozenset[str]:
        """The providers that a driver names. Other names, and endpoints, are of the clients' making."""
        declared = self._providers.get(call.driver.name)
        if declared is None:
            declared = frozenset(one.id for one in call.driver.listed_providers)
            self._providers[call.driver.name] = declared
        return declared


class WatchedCall:
    """One call while it is watched.

    Attributes:
        span: Its span.
        attributes: What is said of it, in its span and in the metric.
    """

    __slots__ = ("_began", "_ended", "_error", "attributes", "span")

    def __init__(self, span: Span, attributes: dict[str, str], ended: deque[Ended]) -> None:
        self.span = span
        self.attributes = attributes
        self._ended = ended
        self._error: str | None = None
        self._began = time.perf_counter()

    def raised(self, error: Exception) -> None:
        """An exception came instead of a result; it counts where the call knows of none: it is another extension's."""
        self._error = error_type(error)

    def end(self, call: DriverCall) -> None:
        """The result has ended. It is only noted: this may come out of a finalizer, and all else may take a lock."""
        error = self._error if call.error is None else error_type(call.error)
        if error is None and call.error is None and call.status != "ok":
            error = call.status
        self._ended.append(Ended(self, time.time_ns(), time.perf_counter() - self._began, error))


def error_type(error: BaseException) -> str | None:
    """The value of ``error.type``: a word out of a closed set, or the name of a class.

    Returns:
        None when it is no failure: what takes longer is not completed yet.
    """
    if isinstance(error, DeltacloudError):
        return None if error.status < 400 else error.code  # noqa: PLR2004 - as HTTP has it
    if isinstance(error, ClientDisconnected):
        return CLIENT_DISCONNECTED
    return type(error).__qualname__
