"""Decided differences in what the driver ``digitalocean`` declares."""

from __future__ import annotations

from changes import text
from deviation import Deviation, decided

_FINISH = "  <state name='finish'>\n  </state>\n"

DIGITALOCEAN: tuple[Deviation, ...] = (
    decided(
        "driver_select.header.instance_states.digitalocean.xml",
        "states that something leads out of come first, for every driver; nobody reads their order",
        text(_FINISH, ""),
        text("</states>", f"{_FINISH}</states>"),
    ),
)
