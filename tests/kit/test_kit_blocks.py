"""Things that clouds do not let overlap are made apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from deltacloud.hardware import fixed
from deltacloud.models import HardwareProfile
from deltacloud.testing.check import NotChecked
from deltacloud.testing.profiles import PROFILES
from deltacloud.testing.run import Run
from deltacloud.testing.shapes import faults
from mockbackend import mock_backend


def test_each_subnet_of_a_run_has_a_block_of_its_own_until_there_is_none_left(tmp_path: Path) -> None:
    run = Run(mock_backend(tmp_path, address_blocks=("10.91.0.0/23", "10.91.0.0/24")), PROFILES["quick"])
    assert [run.subnet_block(), run.subnet_block()] == ["10.91.0.0/24", "10.91.1.0/24"]
    with pytest.raises(NotChecked, match="address_blocks"):
        run.subnet_block()
    run.close()


def test_the_largest_machines_that_clouds_sell_are_believed() -> None:
    largest = HardwareProfile(id="u-24tb1.metal", properties=(fixed("cpu", 448), fixed("memory", 25165824)))
    bytes_for_megabytes = HardwareProfile(id="small", properties=(fixed("memory", 1 << 30),))
    assert faults(largest, HardwareProfile) == []
    assert faults(bytes_for_megabytes, HardwareProfile) != []
