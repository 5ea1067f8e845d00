"""What the operator wants, as the standard variables of OpenTelemetry say it; checked before the server starts.

The names and their meaning: https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/. What is
not read here (samplers, limits, batches, resources, endpoints) OpenTelemetry's own packages read themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from typing import NamedTuple

from deltacloud.kernel import Unloadable

OTLP, CONSOLE, NONE = "otlp", "console", "none"
_PROTOCOL = "http/protobuf"
_SIGNALS = ("TRACES", "METRICS")
_PROPAGATORS = frozenset({"tracecontext", "baggage", NONE})
"""Baggage is in OpenTelemetry's default, and nothing here has a use for it."""


class Choice(NamedTuple):
    """What is wanted.

    Attributes:
        traces: Where traces go: ``otlp``, ``console``, both or nowhere.
        metrics: Where metrics go.
        continues: Whether the trace of whoever sends a request goes on here.
    """

    traces: frozenset[str]
    metrics: frozenset[str]
    continues: bool

    @property
    def active(self) -> bool:
        """Whether anything is wanted at all."""
        return bool(self.traces or self.metrics)


def read_choice(environment: Mapping[str, str]) -> Choice:
    """The operator's choice.

    Args:
        environment: The environment variables. Empty ones count as absent.

    Raises:
        Unloadable: a variable asks for what there is not; the text names it, and shows no value that may be a secret.
    """
    if environment.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
        return Choice(frozenset(), frozenset(), continues=False)
    traces, metrics = (_exporters(environment, signal) for signal in _SIGNALS)
    if OTLP in traces | metrics:
        _check_otlp(environment)
    propagators = frozenset(_words(environment, "OTEL_PROPAGATORS", "tracecontext"))
    _refuse(propagators - _PROPAGATORS, "OTEL_PROPAGATORS", "tracecontext or none")
    return Choice(traces, metrics, continues="tracecontext" in propagators)


def _exporters(environment: Mapping[str, str], signal: str) -> frozenset[str]:
    variable = f"OTEL_{signal}_EXPORTER"
    wanted = frozenset(_words(environment, variable, OTLP))
    _refuse(wanted - {OTLP, CONSOLE, NONE}, variable, f"{OTLP}, {CONSOLE} or {NONE}")
    return wanted - {NONE}


def _check_otlp(environment: Mapping[str, str]) -> None:
    if not _is_installed("opentelemetry.exporter.otlp.proto.http"):
        raise Unloadable(
            "the exporter 'otlp' is not installed: pip install 'deltacloud-otel[otlp]', or set OTEL_TRACES_EXPORTER "
            "and OTEL_METRICS_EXPORTER to console or none"
        )
    for name in ("", *(f"{signal}_" for signal in _SIGNALS)):
        # gRPC brings a network stack of its own, which would block the server.
        variable = f"OTEL_EXPORTER_OTLP_{name}PROTOCOL"
        _refuse(set(_words(environment, variable, _PROTOCOL)) - {_PROTOCOL}, variable, _PROTOCOL)
        variable = f"OTEL_EXPORTER_OTLP_{name}HEADERS"
        if any("=" not in header for header in _words(environment, variable)):
            raise Unloadable(f"{variable} must be NAME=VALUE,...")


def _words(environment: Mapping[str, str], variable: str, default: str = "") -> Iterator[str]:
    text = environment.get(variable, "").strip() or default
    return (word.strip() for word in text.split(",") if word.strip())


def _refuse(wrong: frozenset[str] | set[str], variable: str, right: str) -> None:
    if wrong:
        raise Unloadable(f"{variable} must be {right}, and not '{min(wrong)}'")


def _is_installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False
