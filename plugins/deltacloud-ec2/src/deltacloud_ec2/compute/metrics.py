"""Hooks of metrics."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from deltacloud.context import Context
from deltacloud.errors import NotFound
from deltacloud.inputs import Filters
from deltacloud.models import Metric
from deltacloud_ec2.client import Record, each
from deltacloud_ec2.compute.base import ComputeBase
from deltacloud_ec2.mapping.metrics import ENTITY, NAMESPACE, measured, metrics_from, queries_for

_SPAN = timedelta(hours=1)
_QUERIES_AT_ONCE = 500


class MetricHooks(ComputeBase):
    """What CloudWatch measures of instances, by the instance's id."""

    def list_metrics(self, context: Context, filters: Filters) -> list[Metric]:
        """What is measured. Amazon lists measurements in no order, so all of them are read."""
        if not filters.id:
            return metrics_from(self._listed(context, {}))
        return [metric for one in filters.id for metric in metrics_from(self._listed(context, _about(one)))]

    def get_metric(self, context: Context, metric_id: str) -> Metric:
        """The last hour of one instance, by minutes.

        Raises:
            NotFound: nothing is measured of it.
        """
        for metric in metrics_from(self._listed(context, _about(metric_id))):
            if metric.id == metric_id:
                return measured(metric, self._results(context, metric))
        raise NotFound

    def _listed(self, context: Context, about: dict[str, Any]) -> Iterator[Record]:
        client = self._client(context, "cloudwatch")
        return each(client, "list_metrics", "Metrics", Namespace=NAMESPACE, **about)

    def _results(self, context: Context, metric: Metric) -> Iterator[Record]:
        client = self._client(context, "cloudwatch")
        end = datetime.now(UTC)
        queries = queries_for(metric)
        for start in range(0, len(queries), _QUERIES_AT_ONCE):
            yield from each(
                client,
                "get_metric_data",
                "MetricDataResults",
                MetricDataQueries=queries[start : start + _QUERIES_AT_ONCE],
                StartTime=end - _SPAN,
                EndTime=end,
            )


def _about(instance_id: str) -> dict[str, Any]:
    return {"Dimensions": [{"Name": ENTITY, "Value": instance_id}]}
