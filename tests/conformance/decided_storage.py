"""Decided differences in what drivers with storage alone lack."""

from __future__ import annotations

from changes import error
from deviation import Deviation, decided

STORAGE: tuple[Deviation, ...] = (
    decided(
        "driver_select.header.instance_states.azure.xml driver_select.header.hardware_profiles.azure.xml "
        "driver_select.header.instance_states.google.xml driver_select.header.hardware_profiles.google.xml",
        "a missing capability is told by an error document in the format asked for; status, sentence and Expect stay",
        error(412),
    ),
)
