"""Where spans and measurements go: providers and exporters of OpenTelemetry's SDK, made for this process alone.

None of them becomes OpenTelemetry's global one: an SDK of a cloud would find it there, and tell of what it does and to
whom.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from opentelemetry import metrics, trace
from opentelemetry.sdk.environment_variables import OTEL_BSP_MAX_EXPORT_BATCH_SIZE, OTEL_BSP_MAX_QUEUE_SIZE
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import ConsoleMetricExporter, MetricExporter, PeriodicExportingMetricReader
from opentelemetry.sdk.resources import PROCESS_PID, SERVICE_NAME, SERVICE_VERSION, OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter, SpanExporter

import deltacloud
from deltacloud_otel import quiet
from deltacloud_otel.choice import CONSOLE

if TYPE_CHECKING:
    from deltacloud_otel.choice import Choice

_log = logging.getLogger("deltacloud.otel")
_LAST_WORDS = 3.0
"""Seconds for sending the rest when the process ends; the server allows it five for everything."""


_BATCH = 128
"""Spans that are written at once. OpenTelemetry's default is 512, for which a worker would serve nobody for 20 ms."""


class Pipelines:
    """The providers.

    Attributes:
        tracers: Gives tracers; those that record nothing where traces are not wanted.
        meters: Gives meters, likewise.

    Args:
        choice: What the operator wants.
    """

    def __init__(self, choice: Choice) -> None:
        quiet.hold()
        self.tracers: trace.TracerProvider = trace.NoOpTracerProvider()
        self.meters: metrics.MeterProvider = metrics.NoOpMeterProvider()
        self._shutdowns: list[Callable[[], object]] = []
        resource = _resource()
        if choice.metrics:
            readers = [PeriodicExportingMetricReader(_metric_exporter(name)) for name in sorted(choice.metrics)]
            meters = MeterProvider(readers, resource, shutdown_on_exit=False)
            self.meters = meters
            self._shutdowns.append(meters.shutdown)
        if choice.traces:
            tracers = TracerProvider(resource=resource, shutdown_on_exit=False)
            for name in sorted(choice.traces):
                exporter = _span_exporter(name)
                tracers.add_span_processor(BatchSpanProcessor(exporter, max_export_batch_size=_batch_size()))
            self.tracers = tracers
            self._shutdowns.append(tracers.shutdown)

    def close(self) -> None:
        """Send what is not sent yet, as far as that takes no longer than a few seconds."""
        threads = [threading.Thread(target=shutdown, daemon=True) for shutdown in self._shutdowns]
        end = time.monotonic() + _LAST_WORDS
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(max(0.0, end - time.monotonic()))
        if any(thread.is_alive() for thread in threads):
            _log.warning("what could not be sent within %.0f seconds is lost", _LAST_WORDS)


def _batch_size() -> int | None:
    """How many spans go out at once; None leaves it to the operator's variable."""
    if os.environ.get(OTEL_BSP_MAX_EXPORT_BATCH_SIZE):
        return None
    queue = os.environ.get(OTEL_BSP_MAX_QUEUE_SIZE, "")
    return min(_BATCH, int(queue)) if queue.isdecimal() else _BATCH


def _resource() -> Resource:
    """What sends: this process of this service. What the operator's variables say of it stands."""
    own = {SERVICE_NAME: "deltacloud", SERVICE_VERSION: deltacloud.__version__}
    told = OTELResourceDetector().detect().attributes
    fresh = {name: value for name, value in own.items() if name not in told}
    return Resource.create({**fresh, PROCESS_PID: os.getpid()})


def _span_exporter(name: str) -> SpanExporter:
    if name == CONSOLE:
        return ConsoleSpanExporter()
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415 - an extra

    return OTLPSpanExporter()


def _metric_exporter(name: str) -> MetricExporter:
    if name == CONSOLE:
        return ConsoleMetricExporter()
    from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter  # noqa: PLC0415 - an extra

    return OTLPMetricExporter()
