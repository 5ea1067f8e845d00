"""Pages of what no driver's models hold: the entry point, drivers, the life of an instance, a command's output."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from deltacloud import API_VERSION
from deltacloud.api.pages.engine import render
from deltacloud.api.pages.site import Link, alternates, site_of

if TYPE_CHECKING:
    from deltacloud.api.exchange import Exchange
    from deltacloud.api.operations import Collection
    from deltacloud.kernel import DriverReport
    from deltacloud.models import CommandOutput, Provider


def entry_point(exchange: Exchange, collections: Sequence[Collection]) -> bytes:
    """What the driver offers, and the switch to another driver or provider."""
    content = {
        "collections": collections,
        "drivers": exchange.kernel.drivers.names(),
        "providers": [one.value or one.id for one in exchange.driver.listed_providers],
    }
    return _render("entry_point", exchange, f"Deltacloud API {API_VERSION}", content)


def drivers(exchange: Exchange, reports: Sequence[DriverReport]) -> bytes:
    """The installed drivers, those that do not load with the reason."""
    return _render("drivers", exchange, "Drivers", {"reports": reports})


def driver(exchange: Exchange, report: DriverReport, providers: Sequence[Provider], limitations: Sequence[str]) -> bytes:
    """One driver, with its providers and what it lacks."""
    content = {"report": report, "providers": providers, "limitations": limitations}
    return _render("driver", exchange, f"Driver {report.title}", content)


def states(exchange: Exchange, drawing: bytes) -> bytes:
    """The life of an instance.

    Args:
        exchange: The request; its driver declares a state machine.
        drawing: The state machine as SVG, made by this server.
    """
    machine = exchange.driver.kind.states
    _, start, svg = drawing.decode().partition("<svg")
    content = {
        "drawing": Markup(start + svg),  # noqa: S704 - our own drawing of the states that the contract knows
        "transitions": () if machine is None else machine.transitions,
    }
    return _render("states", exchange, "Instance states", content)


def command_output(exchange: Exchange, instance_id: str, command: str, output: CommandOutput) -> bytes:
    """What a command on an instance printed."""
    site = site_of(exchange.request)
    instance = Link(site.path(exchange.path("instances", instance_id)), f"Instance {instance_id}")
    content = {"instance": instance, "command": command, "output": output}
    return render("command_output", site, "Output of a command", content)


def _render(template: str, exchange: Exchange, title: str, content: dict[str, object]) -> bytes:
    request = exchange.request
    return render(template, site_of(request), title, content, alternates=alternates(request))
