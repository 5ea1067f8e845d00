"""What it costs to write a list of instances, beside what msgspec needs to encode the bare models.

Every instance has all that an instance usually has: 1.7 kB in XML. Figures are the best of several rounds, in
microseconds an instance. Nothing is asserted about time.
"""

from __future__ import annotations

import json
import timeit
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from lxml import etree

from deltacloud.api.representations import REPRESENTATIONS, View
from deltacloud.models import Instance, InstanceAddress
from deltacloud.states import StateMachine

ROUNDS = 9
WRITTEN = 6000
"""Instances written in each round."""
START = datetime(2026, 1, 1, tzinfo=UTC)
VIEW = View(
    "http://localhost:3001/api",
    frozenset({"start_instance", "stop_instance", "reboot_instance", "destroy_instance", "run_on_instance"}),
    frozenset({"authentication_key"}),
    StateMachine(
        ("running", "reboot", "running"),
        ("running", "stop", "stopped"),
        ("stopped", "start", "running"),
        ("stopped", "destroy", "finish"),
    ),
)


def _instance(number: int) -> Instance:
    return Instance(
        id=f"i-{number:08x}",
        name=f"web server number {number}",
        owner_id="mockuser",
        image_id="img1",
        realm_id="us",
        state="RUNNING",
        hardware_profile_id="m1-large",
        hardware_overrides=(("memory", "12288"),),
        launch_time=START + timedelta(seconds=number),
        public_addresses=(InstanceAddress(f"web{number}.example.com", "hostname"),),
        private_addresses=(InstanceAddress(f"10.0.{number // 256}.{number % 256}"),),
        firewall_ids=("default", "web"),
        storage_volumes=((f"vol{number}", "/dev/sdb"),),
        key_name="test-key",
        network_interface_ids=(),
        create_image=True,
    )


def _cost(write: Callable[[], bytes], count: int) -> float:
    """Microseconds an instance."""
    times = WRITTEN // count
    return min(timeit.repeat(write, number=times, repeat=ROUNDS)) / times / count * 1e6


@pytest.mark.parametrize("count", [20, 1000])
def test_the_cost_of_a_list_of_instances(count: int) -> None:
    instances = [_instance(number) for number in range(count)]
    representation = REPRESENTATIONS["instances"]
    xml, document = representation.xml_list(VIEW, instances), representation.json_list(VIEW, instances)
    assert len(etree.fromstring(xml)) == len(json.loads(document)["instances"]) == count
    in_xml = _cost(lambda: representation.xml_list(VIEW, instances), count)
    in_json = _cost(lambda: representation.json_list(VIEW, instances), count)
    bare = _cost(lambda: msgspec.json.encode(instances), count)
    print(  # noqa: T201
        f"\n{count} instances: XML {in_xml:.2f} us an instance ({len(xml) // count} bytes),"
        f" JSON {in_json:.2f} us ({len(document) // count} bytes), bare models {bare:.2f} us"
    )
