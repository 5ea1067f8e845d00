"""Measurements as charts: SVG of our own, with the span between the smallest and the largest value behind the average.

The numbers themselves stand in a table beside it, so the picture is for the eyes only.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias

from markupsafe import Markup

from deltacloud.api.pages.values import measure, plain, size

Sample: TypeAlias = Mapping[str, object]

_WIDTH, _HEIGHT = 340, 170
_LEFT, _RIGHT, _TOP, _BOTTOM = 66, 8, 10, 28
_RULES = 4
_STEPS = (1, 2, 5, 10)


@dataclass(frozen=True, slots=True)
class Reading:
    """A sample as a row of a table: when, in two forms, and the values as text."""

    moment: str
    exact: str
    minimum: str
    average: str
    maximum: str


@dataclass(frozen=True, slots=True)
class Chart:
    """One thing measured: its name, its unit, a picture (none with fewer than two samples), and a table."""

    title: str
    unit: str
    latest: str
    drawing: Markup | None
    readings: tuple[Reading, ...]


def chart(name: str, samples: Sequence[Sample]) -> Chart:
    """The chart of a property's samples, in whatever order they come."""
    ordered = sorted(samples, key=_when)
    unit = next((str(one["unit"]) for one in ordered if one.get("unit")), "")
    readings = tuple(_reading(one, unit) for one in reversed(ordered))
    latest = next((one.average for one in readings if one.average), "")
    points = [(_when(one), *_values(one)) for one in ordered if _values(one)[1] is not None]
    known = [(when, low, middle, high) for when, low, middle, high in points if middle is not None]
    return Chart(
        measure(name),
        unit,
        latest,
        _drawn(known, unit) if len({one[0] for one in known}) > 1 else None,
        readings,
    )


def _when(sample: Sample) -> float:
    moment = sample.get("timestamp")
    return float(moment) if isinstance(moment, int | float) else 0.0


def _values(sample: Sample) -> tuple[float | None, float | None, float | None]:
    """Smallest, average and largest value; what is not known is told by the others as far as that goes."""
    low, middle, high = (_number(sample.get(name)) for name in ("minimum", "average", "maximum"))
    if middle is None:
        ends = [one for one in (low, high) if one is not None]
        middle = sum(ends) / len(ends) if ends else None
    return low, middle, high


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else None


def _reading(sample: Sample, unit: str) -> Reading:
    low, middle, high = (_shown(_number(sample.get(name)), unit) for name in ("minimum", "average", "maximum"))
    moment = _when(sample)
    if not moment:
        return Reading("", "", low, middle, high)
    exact = _moment(moment)
    return Reading(exact.strftime("%Y-%m-%d %H:%M:%S UTC"), exact.strftime("%Y-%m-%dT%H:%M:%SZ"), low, middle, high)


def _moment(seconds: float) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return datetime.fromtimestamp(0, UTC)


def _shown(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    if unit.lower() == "bytes" and value >= 0:
        return size(value)
    if unit.lower() == "percent":
        return f"{plain(value)} %"
    return plain(value)


def _drawn(points: Sequence[tuple[float, float | None, float, float | None]], unit: str) -> Markup:
    first, last = points[0][0], points[-1][0]
    lows = [middle if low is None else low for _, low, middle, _ in points]
    highs = [middle if high is None else high for _, _, middle, high in points]
    bottom, top, step = _scale(min(0.0, *lows), max(*highs, *lows))

    def across(moment: float) -> str:
        return f"{_LEFT + (moment - first) / (last - first) * (_WIDTH - _LEFT - _RIGHT):.1f}"

    def up(value: float) -> str:
        return f"{_HEIGHT - _BOTTOM - (value - bottom) / (top - bottom) * (_HEIGHT - _TOP - _BOTTOM):.1f}"

    rules = "".join(
        _rule(up(bottom + step * count), _shown(bottom + step * count, unit)) for count in _counts(bottom, top, step)
    )
    times = [one[0] for one in points]
    edge = [f"{across(time)} {up(value)}" for time, value in zip(times, highs, strict=True)]
    edge += [f"{across(time)} {up(value)}" for time, value in reversed(list(zip(times, lows, strict=True)))]
    line = [f"{across(time)} {up(middle)}" for time, _, middle, _ in points]
    dots = "".join(
        f"<circle class='dot' r='3' cx='{across(time)}' cy='{up(middle)}'/>" for time, _, middle, _ in points
    )
    clock = "%H:%M:%S" if last - first < 24 * 3600 else "%Y-%m-%d"
    ends = (
        f"<text x='{_LEFT}' y='{_HEIGHT - 8}'>{_moment(first).strftime(clock)}</text>"
        f"<text x='{_WIDTH - _RIGHT}' y='{_HEIGHT - 8}' text-anchor='end'>{_moment(last).strftime(clock)} UTC</text>"
    )
    return Markup(  # noqa: S704 - numbers and times only
        f"<svg class='chart' viewBox='0 0 {_WIDTH} {_HEIGHT}' aria-hidden='true'>{rules}"
        f"<path class='span' d='M{'L'.join(edge)}z'/><path class='line' d='M{'L'.join(line)}'/>{dots}{ends}</svg>"
    )


def _scale(low: float, high: float) -> tuple[float, float, float]:
    """The ends of the axis and the distance of its rules: round numbers around all values."""
    span = (high - low) or abs(high) or 1.0
    power = 10.0 ** math.floor(math.log10(span / _RULES))
    step = next(one * power for one in _STEPS if one * power * _RULES >= span)
    bottom = math.floor(low / step) * step
    return bottom, max(math.ceil(high / step) * step, bottom + step), step


def _counts(bottom: float, top: float, step: float) -> range:
    return range(round((top - bottom) / step) + 1)


def _rule(y: str, label: str) -> str:
    return (
        f"<path class='rule' d='M{_LEFT} {y}H{_WIDTH - _RIGHT}'/>"
        f"<text x='{_LEFT - 8}' y='{float(y) + 4:.1f}' text-anchor='end'>{label}</text>"
    )
