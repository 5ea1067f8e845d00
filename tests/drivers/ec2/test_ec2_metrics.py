"""Measurements, by instance."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from awscloud.accounts import Accounts
from awscloud.calls import Hooks
from deltacloud.errors import NotFound
from deltacloud.inputs import Filters

pytestmark = pytest.mark.doubles


def put(moto: Accounts, instance: str, name: str, *values: float, namespace: str = "AWS/EC2", ago: int = 5) -> None:
    """Have values measured of an instance, one minute after the other, the first some minutes ago."""
    begin = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(minutes=ago)
    dimensions = [{"Name": "InstanceId", "Value": instance}]
    data = [
        {"MetricName": name, "Dimensions": dimensions, "Value": value, "Timestamp": begin + timedelta(minutes=minute)}
        for minute, value in enumerate(values)
    ]
    moto.client("cloudwatch").put_metric_data(Namespace=namespace, MetricData=data)


def test_a_metric_has_the_last_hours_samples_of_one_instance_alone(ec2: Hooks, moto: Accounts) -> None:
    put(moto, "i-0aa", "CPUUtilization", 1.0, 3.0)
    put(moto, "i-0aa", "NetworkIn", 512.0)
    put(moto, "i-0bb", "CPUUtilization", 99.0)
    put(moto, "i-0aa", "Requests", 50.0, namespace="Ours")
    put(moto, "i-0aa", "CPUUtilization", 77.0, ago=90)
    listed = {one.id: one for one in ec2.list("metrics")}
    assert {"i-0aa", "i-0bb"} <= set(listed)
    assert [(one.name, one.samples) for one in listed["i-0aa"].properties] == [
        ("CPUUtilization", None), ("NetworkIn", None),
    ]  # fmt: skip
    shown = ec2.call("get_metric", metric_id="i-0aa")
    assert (shown.id, shown.entity) == ("i-0aa", "InstanceId")
    processor, network = shown.properties
    assert [(one.minimum, one.maximum, one.average, one.unit) for one in processor.samples] == [
        (1.0, 1.0, 1.0, "Percent"), (3.0, 3.0, 3.0, "Percent"),
    ]  # fmt: skip
    assert processor.samples[1].timestamp - processor.samples[0].timestamp == 60
    assert abs(processor.samples[0].timestamp - datetime.now(UTC).timestamp()) < 3600
    assert [(one.average, one.unit) for one in network.samples] == [(512.0, "Bytes")]


def test_one_instance_is_asked_for_alone(ec2: Hooks, moto: Accounts) -> None:
    put(moto, "i-0cc", "DiskReadOps", 1.0)
    assert [one.id for one in ec2.list("metrics", Filters(id=("i-0cc",)))] == ["i-0cc"]
    assert ec2.list("metrics", Filters(id=("i-0dd",))) == []


def test_what_is_not_measured_is_not_found(ec2: Hooks) -> None:
    for unknown in ("i-0ee", "nothing"):
        with pytest.raises(NotFound):
            ec2.call("get_metric", metric_id=unknown)
