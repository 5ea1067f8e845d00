"""Metrics. Lists name what is measured; the readings are in single documents.

The layout matters here: a widely used reader steps over white space and elements by count, so ``entity`` comes first,
``properties`` second, each on a line of its own.
"""

from __future__ import annotations

from collections.abc import Callable

from deltacloud.api.parsing.percent import segment
from deltacloud.api.representations.markup import attribute, element_name, number, text
from deltacloud.api.representations.representation import Representation
from deltacloud.api.representations.view import View, located
from deltacloud.models import Metric, MetricProperty, MetricSample


def metric_xml(view: View, indent: str) -> Callable[[Metric], str]:
    """Makes the writer of a single metric, with its samples."""
    return _writer(view, indent, with_samples=True)


def listed_metric_xml(view: View, indent: str) -> Callable[[Metric], str]:
    """Makes the writer of a list's metrics, without samples."""
    return _writer(view, indent, with_samples=False)


def _writer(view: View, indent: str, *, with_samples: bool) -> Callable[[Metric], str]:
    inner = f"{indent}  "
    metrics = view.collection("metrics")

    def write(metric: Metric) -> str:
        properties = "".join([_property(one, inner, with_samples=with_samples) for one in metric.properties])
        return (
            f"{indent}<metric {located(metrics, metric.id)}>\n"
            f"{inner}<entity>{text(metric.id if metric.entity is None else metric.entity)}</entity>\n"
            f"{inner}<properties>\n{properties}{inner}</properties>\n"
            f"{indent}</metric>\n"
        )

    return write


def _property(one: MetricProperty, indent: str, *, with_samples: bool) -> str:
    name = element_name(one.name)
    samples = one.samples or () if with_samples else ()
    written = f"\n{indent}  ".join([_sample(sample, indent) for sample in samples])
    return f"{indent}  <{name}>{written}</{name}>\n"


def _sample(sample: MetricSample, indent: str) -> str:
    lines = "".join(
        f"{indent}    <property name='{name}' value='{attribute(str(value))}'></property>\n"
        for name, value in _readings(sample).items()
    )
    return f"<sample>\n{lines}{indent}  </sample>"


def _readings(sample: MetricSample) -> dict[str, int | float | str]:
    """What is known of a sample, in the order shown."""
    numbers = {
        "minimum": sample.minimum,
        "maximum": sample.maximum,
        "average": sample.average,
        "samples": sample.samples,
        "timestamp": sample.timestamp,
    }
    readings: dict[str, int | float | str] = {name: number(one) for name, one in numbers.items() if one is not None}
    if sample.unit is not None:
        readings["unit"] = sample.unit
    return readings


def metric_json(view: View) -> Callable[[Metric], dict[str, object]]:
    """Makes the builder of a single metric, with its samples."""
    return _builder(view, with_samples=True)


def listed_metric_json(view: View) -> Callable[[Metric], dict[str, object]]:
    """Makes the builder of a list's metrics, without samples."""
    return _builder(view, with_samples=False)


def _builder(view: View, *, with_samples: bool) -> Callable[[Metric], dict[str, object]]:
    def build(metric: Metric) -> dict[str, object]:
        return {
            "id": metric.id,
            "href": f"{view.api}/metrics/{segment(metric.id)}",
            "entity": metric.id if metric.entity is None else metric.entity,
            "properties": [
                {"name": one.name, "values": _values(one) if with_samples else None} for one in metric.properties
            ],
        }

    return build


def _values(one: MetricProperty) -> list[dict[str, int | float | str]] | None:
    return None if one.samples is None else [_readings(sample) for sample in one.samples]


METRICS = Representation(
    "metrics", "metric", metric_xml, metric_json, listed_xml=listed_metric_xml, listed_json=listed_metric_json
)
