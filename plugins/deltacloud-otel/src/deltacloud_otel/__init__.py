"""OpenTelemetry for Deltacloud: traces and metrics of every request and of every call of a driver."""

from deltacloud_otel.extension import OpenTelemetry, OtelSettings

__all__ = ["OpenTelemetry", "OtelSettings"]

__version__ = "2.0.0"
