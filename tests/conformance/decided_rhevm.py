"""Decided differences in what the driver ``rhevm`` declares."""

from __future__ import annotations

from changes import text
from deviation import Deviation, decided

_STOPPED = "    <transition auto='true' to='stopped'></transition>\n"

RHEVM: tuple[Deviation, ...] = (
    decided(
        "driver_select.header.instance_states.rhevm.xml",
        "the life of a machine is as the engine shows it: it passes through PENDING when it is made and whenever it "
        "starts, can be rebooted, may fail, and comes to STOPPED without a second stop, which switches it off",
        text(
            "'start'>\n    <transition auto='true' to='pending'>",
            "'start'>\n    <transition action='create' to='pending'>",
        ),
        text(
            f"'pending'>\n{_STOPPED}",
            f"'pending'>\n{_STOPPED}"
            "    <transition auto='true' to='running'></transition>\n"
            "    <transition auto='true' to='error'></transition>\n",
        ),
        text("<transition action='start' to='running'>", "<transition action='start' to='pending'>"),
        text(
            "    <transition action='stop' to='stopping'></transition>\n",
            "    <transition action='stop' to='stopping'></transition>\n"
            "    <transition action='reboot' to='pending'></transition>\n",
        ),
        text(
            "    <transition action='stop' to='stopped'></transition>\n",
            f"    <transition action='stop' to='stopped'></transition>\n{_STOPPED}",
        ),
        text("  <state name='finish'>", "  <state name='error'>\n  </state>\n  <state name='finish'>"),
    ),
)
