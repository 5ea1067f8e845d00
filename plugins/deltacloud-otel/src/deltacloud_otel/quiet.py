"""What OpenTelemetry's own packages may say in the server's log."""

from __future__ import annotations

import logging
import time

_REPEATING = ("opentelemetry.trace.span", "opentelemetry.trace.propagation.tracecontext", "opentelemetry.util.re")
"""These repeat what a client, or the operator, has sent them, and that may be a secret."""
_COMPLAINING = (
    "opentelemetry.exporter.otlp.proto.http.metric_exporter",
    "opentelemetry.exporter.otlp.proto.http.trace_exporter",
    "opentelemetry.sdk._shared_internal",
)
"""These complain at each attempt, for as long as a collector is down."""
_SECONDS = 60.0


class _Never(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:  # noqa: ARG002 - all are alike
        """Lets nothing pass."""
        return False


class _Seldom(logging.Filter):
    def __init__(self) -> None:
        super().__init__()
        self._last: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Lets one line of each logger pass in a minute."""
        now = time.monotonic()
        if now < self._last.get(record.name, float("-inf")) + _SECONDS:
            return False
        self._last[record.name] = now
        return True


_NEVER, _SELDOM = _Never(), _Seldom()


def hold() -> None:
    """Keep them quiet from now on."""
    for names, what in ((_REPEATING, _NEVER), (_COMPLAINING, _SELDOM)):
        for name in names:
            logging.getLogger(name).addFilter(what)
