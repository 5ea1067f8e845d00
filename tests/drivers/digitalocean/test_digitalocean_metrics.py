"""What is measured of instances: units, rates, disks, and what is not measured."""

from __future__ import annotations

import time

import pytest

from deltacloud.errors import ProviderError
from deltacloud.models import MetricSample
from deltacloud_digitalocean.mapping.metrics import BYTES, PERCENT, properties_from, utilization_from
from deltacloud_digitalocean.records import Measurements, Series
from digitaloceancloud import TOKEN
from digitaloceancloud.asking import Gateway
from digitaloceancloud.monitoring import MOUNTED, STEP

GIB = 1024**3


def cpu(**modes: list[tuple[int, str]]) -> Measurements:
    """Seconds in each mode."""
    return Measurements(result=tuple(Series({"mode": mode}, tuple(values)) for mode, values in modes.items()))


def test_the_last_hour_of_an_instance_is_shown(api: Gateway) -> None:
    instance = api.launch(name="web-1", metrics="true")
    (listed,) = api.get("/metrics")["metrics"]
    assert (listed["id"], listed["entity"]) == (instance, "web-1")
    shown = api.get(f"/metrics/{instance}")["metric"]
    found = {one["name"]: one["values"] for one in shown["properties"]}
    assert {one["name"] for one in listed["properties"]} <= set(found)
    newest = {name: (samples[-1]["average"], samples[-1]["unit"]) for name, samples in found.items()}
    assert newest == {
        "cpu_utilization": (25, PERCENT),
        "public_inbound_bandwidth": (0.5, "Megabits/Second"),
        "public_outbound_bandwidth": (0.5, "Megabits/Second"),
        "private_inbound_bandwidth": (0, "Megabits/Second"),
        "private_outbound_bandwidth": (0, "Megabits/Second"),
        "load_1": (0.25, "Count"),
        "load_5": (0.5, "Count"),
        "load_15": (1, "Count"),
        "memory_total": (GIB, BYTES),
        "memory_free": (GIB // 4, BYTES),
        "memory_available": (GIB // 2, BYTES),
        "memory_cached": (GIB // 8, BYTES),
        "filesystem_size": (MOUNTED["/"], BYTES),
        "filesystem_size /mnt/data": (MOUNTED["/mnt/data"], BYTES),
        "filesystem_free": (MOUNTED["/"] // 2, BYTES),
        "filesystem_free /mnt/data": (MOUNTED["/mnt/data"] // 2, BYTES),
    }
    moments = [sample["timestamp"] for sample in found["load_1"]]
    assert moments == sorted(moments)
    assert len(moments) == 3600 // STEP
    assert time.time() - 3700 < moments[0] < moments[-1] <= time.time()


def test_an_instance_of_which_nothing_is_measured_has_metrics_without_samples(api: Gateway) -> None:
    instance = api.launch()
    api.cloud.main.droplets[int(instance)]["status"] = "off"
    shown = api.get(f"/metrics/{instance}")["metric"]
    assert len(shown["properties"]) == 14
    assert [one["values"] for one in shown["properties"]] == [[]] * 14


def test_metrics_of_what_is_not_there_are_not_found_and_nothing_else_is_asked(api: Gateway) -> None:
    assert api.ask("GET", "/metrics/999999999").status == 404
    assert api.cloud.seen == ["droplets_get"]


def test_a_token_that_may_not_monitor_is_told_so(api: Gateway) -> None:
    instance = api.launch()
    api.cloud.missing_scopes[TOKEN] = {"monitoring:read"}
    assert api.ask("GET", f"/metrics/{instance}").status == 403
    assert api.ask("GET", "/metrics").status == 200


def test_processors_are_as_busy_as_they_were_from_one_reading_to_the_next() -> None:
    measured = cpu(idle=[(0, "100"), (60, "130"), (120, "190")], user=[(0, "10"), (60, "40"), (120, "40")])
    assert utilization_from("cpu", measured).samples == (
        MetricSample(average=50.0, timestamp=60, unit=PERCENT),
        MetricSample(average=0.0, timestamp=120, unit=PERCENT),
    )


def test_a_droplet_that_was_started_anew_has_a_gap_and_no_nonsense() -> None:
    measured = cpu(idle=[(0, "100"), (60, "5"), (120, "35")], user=[(0, "10"), (60, "15"), (120, "45")])
    assert utilization_from("cpu", measured).samples == (MetricSample(average=50.0, timestamp=120, unit=PERCENT),)


def test_nothing_measured_is_nothing_shown() -> None:
    assert utilization_from("cpu", cpu()).samples == ()
    assert utilization_from("cpu", cpu(idle=[(60, "1")])).samples == ()
    (only,) = properties_from("load_1", "Count", cpu())
    assert (only.name, only.samples) == ("load_1", ())


def test_what_is_no_number_was_not_read() -> None:
    measured = Measurements(result=(Series({}, ((60, "NaN"), (120, "+Inf"), (180, "2.5"))),))
    (only,) = properties_from("load_1", "Count", measured)
    assert only.samples == (MetricSample(average=2.5, timestamp=180, unit="Count"),)
    with pytest.raises(ProviderError):
        list(properties_from("load_1", "Count", Measurements(result=(Series({}, ((60, "much"),)),))))
