"""Measurements of instances.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from deltacloud.models import Metric, MetricProperty, MetricSample
from deltacloud_ec2.client import Record

NAMESPACE = "AWS/EC2"
ENTITY = "InstanceId"
PERIOD_SECONDS = 60
STATISTICS = ("Minimum", "Maximum", "Average")
_UNITS = (("Bytes", "Bytes"), ("Ops", "Count"), ("Count", "Count"), ("Utilization", "Percent"), ("Network", "Bytes"))
"""What a word in a metric's name says of its unit; the first that is there counts."""


def metrics_from(records: Iterable[Record]) -> list[Metric]:
    """What is measured, by instance; metrics that are not about one instance alone are left out."""
    names: dict[str, set[str]] = {}
    for record in records:
        dimensions: Sequence[Record] = record.get("Dimensions") or ()
        if len(dimensions) == 1 and dimensions[0]["Name"] == ENTITY:
            names.setdefault(dimensions[0]["Value"], set()).add(record["MetricName"])
    return [
        Metric(id=entity, entity=ENTITY, properties=tuple(map(MetricProperty, sorted(found))))
        for entity, found in names.items()
    ]


def unit_of(name: str) -> str:
    """The unit of a metric, by its name."""
    return next((unit for word, unit in _UNITS if word in name), "None")


def queries_for(metric: Metric) -> list[dict[str, Any]]:
    """What asks for all statistics of all that is measured of an instance; see :func:`measured`."""
    return [
        {"Id": f"m{number}s{index}", "MetricStat": _statistic(metric.id, one.name, statistic)}
        for number, one in enumerate(metric.properties)
        for index, statistic in enumerate(STATISTICS)
    ]


def _statistic(instance_id: str, name: str, statistic: str) -> dict[str, Any]:
    dimensions = [{"Name": ENTITY, "Value": instance_id}]
    metric = {"Namespace": NAMESPACE, "MetricName": name, "Dimensions": dimensions}
    return {"Metric": metric, "Period": PERIOD_SECONDS, "Stat": statistic}


def measured(metric: Metric, results: Iterable[Record]) -> Metric:
    """A metric with its samples, the oldest first.

    Args:
        metric: What is measured.
        results: The answers to :func:`queries_for`; one query may have several.
    """
    values: dict[str, dict[datetime, float]] = {}
    for result in results:
        samples = zip(result.get("Timestamps") or (), result.get("Values") or (), strict=True)
        values.setdefault(result["Id"], {}).update(samples)
    properties: list[MetricProperty] = []
    for number, one in enumerate(metric.properties):
        read = [values.get(f"m{number}s{index}", {}) for index in range(len(STATISTICS))]
        properties.append(MetricProperty(one.name, _samples(unit_of(one.name), read)))
    return Metric(id=metric.id, entity=metric.entity, properties=tuple(properties))


def _samples(unit: str, statistics: Sequence[Mapping[datetime, float]]) -> tuple[MetricSample, ...]:
    lowest, highest, average = statistics
    moments = sorted({moment for one in statistics for moment in one})
    return tuple(
        MetricSample(
            minimum=lowest.get(moment),
            maximum=highest.get(moment),
            average=average.get(moment),
            timestamp=int(moment.timestamp()),
            unit=unit,
        )
        for moment in moments
    )
