"""Pages of what no driver's models hold: drivers, the life of an instance, a command's output."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from deltacloud.api.pages.engine import render
from deltacloud.api.pages.site import Link, site_of
from deltacloud.api.representations import DriverFacts, states_svg

if TYPE_CHECKING:
    from deltacloud.api.exchange import Exchange
    from deltacloud.models import CommandOutput
    from deltacloud.states import StateMachine


def drivers(exchange: Exchange, facts: Sequence[DriverFacts]) -> bytes:
    """The installed drivers, those that do not load with the reason."""
    return _render("drivers", exchange, "Drivers", {"drivers": facts})


def driver(exchange: Exchange, facts: DriverFacts) -> bytes:
    """One driver, with its providers and what it lacks; or why it does not load."""
    up = [Link(site_of(exchange.request).path("/drivers"), "Drivers")]
    return _render("driver", exchange, f"Driver {facts.title}", {"driver": facts, "up": up})


def states(exchange: Exchange, machine: StateMachine) -> bytes:
    """The life of an instance, as a picture and as a table."""
    content = {"drawing": diagram(machine), "transitions": machine.transitions}
    return _render("states", exchange, "Instance states", content)


def diagram(machine: StateMachine, current: str | None = None) -> Markup:
    """The life of an instance as a picture, with the state marked that one is in."""
    drawing = states_svg(machine, None if current is None else current.lower())
    return Markup(drawing.decode())  # noqa: S704 - our own drawing, of states that the contract knows


def command_output(exchange: Exchange, instance_id: str, command: str, output: CommandOutput) -> bytes:
    """What a command on an instance printed."""
    site = site_of(exchange.request)
    instance = Link(site.path(exchange.path("instances", instance_id)), f"Instance {instance_id}")
    up = [Link(site.path("/instances"), "Instances"), instance]
    content = {"up": up, "command": command, "output": output}
    return render("command_output", exchange.request, "Output of a command", content)


def _render(template: str, exchange: Exchange, title: str, content: Mapping[str, object]) -> bytes:
    return render(template, exchange.request, title, content, formats=True)
