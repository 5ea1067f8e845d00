"""Decided differences in what the driver ``azure`` lacks."""

from __future__ import annotations

from changes import error
from deviation import Deviation, decided

AZURE: tuple[Deviation, ...] = (
    decided(
        "driver_select.header.instance_states.azure.xml driver_select.header.hardware_profiles.azure.xml",
        "a missing capability is told by an error document in the format asked for; status, sentence and Expect stay",
        error(412),
    ),
)
