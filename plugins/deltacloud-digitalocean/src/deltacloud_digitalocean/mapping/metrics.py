"""What DigitalOcean measures of droplets, as metrics: pure functions, record in, model out."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator

from deltacloud.errors import ProviderError
from deltacloud.models import MetricProperty, MetricSample
from deltacloud_digitalocean import records

BYTES, COUNT, MEGABITS, PERCENT = "Bytes", "Count", "Megabits/Second", "Percent"
_IDLE = frozenset({"idle", "iowait"})
_ROOT = "/"


def properties_from(name: str, unit: str, measured: records.Measurements) -> Iterator[MetricProperty]:
    """What was measured under one name; a disk's readings are one property for each place that it is mounted at.

    The root's has the name alone. Where nothing was measured there is one property without samples.

    Args:
        name: What the metric is called.
        unit: Its unit.
        measured: The answer.
    """
    found = {_name(name, one): _samples(one, unit) for one in measured.result}
    yield from (MetricProperty(each, samples) for each, samples in sorted((found or {name: ()}).items()))


def utilization_from(name: str, measured: records.Measurements) -> MetricProperty:
    """How busy the processors were, in percent, from one reading to the next.

    DigitalOcean tells how many seconds all processors together have spent in each mode since the droplet was started.
    """
    modes = {one.metric.get("mode", ""): dict(_readings(one)) for one in measured.result}
    moments = sorted({moment for readings in modes.values() for moment in readings})
    samples = []
    for before, moment in itertools.pairwise(moments):
        spent = {
            mode: readings[moment] - readings[before]
            for mode, readings in modes.items()
            if before in readings and moment in readings
        }
        total = sum(spent.values())
        if total > 0 and min(spent.values()) >= 0:  # else it was started anew in between
            idle = sum(seconds for mode, seconds in spent.items() if mode in _IDLE)
            samples.append(MetricSample(average=round(100 * (1 - idle / total), 3), timestamp=moment, unit=PERCENT))
    return MetricProperty(name, tuple(samples))


def _name(name: str, series: records.Series) -> str:
    place = series.metric.get("mountpoint", _ROOT)
    return name if place == _ROOT else f"{name} {place}"


def _samples(series: records.Series, unit: str) -> tuple[MetricSample, ...]:
    return tuple(MetricSample(average=value, timestamp=moment, unit=unit) for moment, value in _readings(series))


def _readings(series: records.Series) -> Iterator[tuple[int, int | float]]:
    """Moments in Unix seconds and what was read then; what is no number was not read.

    Raises:
        ProviderError: it is written in another way.
    """
    try:
        for moment, text in series.values:
            value = float(text)
            if math.isfinite(value):
                yield int(moment), int(value) if value.is_integer() else value
    except ValueError:
        raise ProviderError("DigitalOcean's answer makes no sense") from None
