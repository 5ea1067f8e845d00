"""Pages of what no driver's models hold: the entry point, drivers, the life of an instance, a command's output."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from deltacloud import API_VERSION
from deltacloud.api import collections
from deltacloud.api.pages.engine import render
from deltacloud.api.pages.site import Link, alternates, site_of
from deltacloud.api.representations import DriverFacts, EntryPoint, states_svg

if TYPE_CHECKING:
    from deltacloud.api.exchange import Exchange
    from deltacloud.models import CommandOutput
    from deltacloud.states import StateMachine


def entry_point(exchange: Exchange, entry: EntryPoint) -> bytes:
    """What the driver offers, and the switch to another driver or provider."""
    content = {
        "collections": [collections.BY_NAME[name] for name in sorted(entry.collections)],
        "drivers": exchange.kernel.known_drivers(),
        "providers": [one.value or one.id for one in exchange.driver.listed_providers],
    }
    return _render("entry_point", exchange, f"Deltacloud API {API_VERSION}", content)


def drivers(exchange: Exchange, facts: Sequence[DriverFacts]) -> bytes:
    """The installed drivers, those that do not load with the reason."""
    return _render("drivers", exchange, "Drivers", {"drivers": facts})


def driver(exchange: Exchange, facts: DriverFacts) -> bytes:
    """One driver, with its providers and what it lacks; or why it does not load."""
    return _render("driver", exchange, f"Driver {facts.title}", {"driver": facts})


def states(exchange: Exchange, machine: StateMachine) -> bytes:
    """The life of an instance, as a picture and as a table."""
    drawing = Markup(states_svg(machine).decode())  # noqa: S704 - our own drawing, of states that the contract knows
    return _render("states", exchange, "Instance states", {"drawing": drawing, "transitions": machine.transitions})


def command_output(exchange: Exchange, instance_id: str, command: str, output: CommandOutput) -> bytes:
    """What a command on an instance printed."""
    site = site_of(exchange.request)
    instance = Link(site.path(exchange.path("instances", instance_id)), f"Instance {instance_id}")
    content = {"instance": instance, "command": command, "output": output}
    return render("command_output", site, "Output of a command", content)


def _render(template: str, exchange: Exchange, title: str, content: Mapping[str, object]) -> bytes:
    request = exchange.request
    return render(template, site_of(request), title, content, alternates=alternates(request))
