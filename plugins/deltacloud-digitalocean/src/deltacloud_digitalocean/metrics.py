"""What is measured of instances."""

from __future__ import annotations

import time
from collections.abc import Iterator

from deltacloud.context import Context
from deltacloud.models import Metric, MetricProperty
from deltacloud_digitalocean import operations as do
from deltacloud_digitalocean import records
from deltacloud_digitalocean.base import DigitalOceanBase
from deltacloud_digitalocean.client import Api
from deltacloud_digitalocean.mapping.metrics import (
    BYTES,
    COUNT,
    MEGABITS,
    properties_from,
    utilization_from,
)

_SPAN_SECONDS = 3600
_UTILIZATION = "cpu_utilization"
_MEASURED = (
    ("load_1", COUNT, do.MEASURED_LOAD_1),
    ("load_5", COUNT, do.MEASURED_LOAD_5),
    ("load_15", COUNT, do.MEASURED_LOAD_15),
    ("memory_total", BYTES, do.MEASURED_MEMORY_TOTAL),
    ("memory_free", BYTES, do.MEASURED_MEMORY_FREE),
    ("memory_available", BYTES, do.MEASURED_MEMORY_AVAILABLE),
    ("memory_cached", BYTES, do.MEASURED_MEMORY_CACHED),
    ("filesystem_size", BYTES, do.MEASURED_DISK_SIZE),
    ("filesystem_free", BYTES, do.MEASURED_DISK_FREE),
)
_TRAFFIC = tuple((interface, direction) for interface in ("public", "private") for direction in ("inbound", "outbound"))
_NAMES = (
    _UTILIZATION,
    *(f"{interface}_{direction}_bandwidth" for interface, direction in _TRAFFIC),
    *(name for name, _, _ in _MEASURED),
)


class MetricHooks(DigitalOceanBase):
    """The last hour of each droplet, by the droplet's id."""

    def list_metrics(self, context: Context) -> Iterator[Metric]:
        """What is measured, which is the same for all droplets, those with GPUs included."""
        for kind in ("droplets", "gpus"):
            for droplet in self._api(context).pages(
                do.DROPLETS_LIST, records.Droplet, "droplets", query={"type": kind}
            ):
                yield Metric(
                    id=str(droplet.id),
                    entity=droplet.name,
                    properties=tuple(MetricProperty(name) for name in _NAMES),
                )

    def get_metric(self, context: Context, metric_id: str) -> Metric:
        """One droplet's readings."""
        api = self._api(context)
        droplet = api.get(do.DROPLETS_GET, records.Droplet, "droplet", metric_id)
        return Metric(
            id=str(droplet.id), entity=droplet.name, properties=tuple(_read(api, str(droplet.id), int(time.time())))
        )


def _read(api: Api, droplet_id: str, now: int) -> Iterator[MetricProperty]:
    query = {"host_id": droplet_id, "start": str(now - _SPAN_SECONDS), "end": str(now)}
    yield utilization_from(_UTILIZATION, _ask(api, do.MEASURED_CPU, query))
    for interface, direction in _TRAFFIC:
        measured = _ask(api, do.MEASURED_BANDWIDTH, {**query, "interface": interface, "direction": direction})
        yield from properties_from(f"{interface}_{direction}_bandwidth", MEGABITS, measured)
    for name, unit, operation in _MEASURED:
        yield from properties_from(name, unit, _ask(api, operation, query))


def _ask(api: Api, operation: do.Operation, query: dict[str, str]) -> records.Measurements:
    return api.get(operation, records.Measurements, "data", query=query)
