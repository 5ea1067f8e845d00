"""Documents that are not made of one collection's models: entry point, drivers, states, command output."""

from __future__ import annotations

import functools
import shutil
import subprocess
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from deltacloud.api import pages
from deltacloud.api.answers import Document
from deltacloud.api.representations.command_output import command_output_json, command_output_xml
from deltacloud.api.representations.drivers import DriverFacts, driver_json, driver_xml, drivers_json, drivers_xml
from deltacloud.api.representations.entry_point import (
    AdvertisedFeatures,
    EntryPoint,
    entry_point_json,
    entry_point_xml,
)
from deltacloud.api.representations.states import states_gv, states_json, states_xml
from deltacloud.api.representations.states_svg import states_svg
from deltacloud.errors import (
    AuthenticationFailed,
    BackendError,
    DriverUnavailable,
    NotAcceptable,
    NotFound,
    ProviderBusy,
    ProviderError,
    ProviderTimeout,
)
from deltacloud.models import CommandOutput, Provider

if TYPE_CHECKING:
    from deltacloud.api.exchange import Exchange
    from deltacloud.api.operations import Collection
    from deltacloud.kernel import LoadedDriver

FAILING = (AuthenticationFailed, ProviderError, ProviderTimeout, ProviderBusy)
"""What makes the entry point and the drivers' pages show what is known without the cloud."""
_DOT_SECONDS = 10


def entry_point(exchange: Exchange, collections: Iterable[Collection]) -> Document:
    """What the driver of the request offers."""
    entry = EntryPoint(
        api=exchange.api,
        driver=exchange.driver.name,
        provider=exchange.provider.text,
        collections=[one.name for one in collections],
        features=_advertised(exchange.driver),
    )
    return Document(
        {
            "xml": lambda: entry_point_xml(entry),
            "json": lambda: entry_point_json(entry),
            "html": lambda: pages.entry_point(exchange, entry),
        }
    )


@functools.lru_cache(maxsize=64)
def _advertised(driver: LoadedDriver) -> AdvertisedFeatures:
    return AdvertisedFeatures(driver.kind.features)


def command_output(exchange: Exchange, instance_id: str, command: str, output: CommandOutput) -> Document:
    """What a command printed."""
    return Document(
        {
            "xml": lambda: command_output_xml(exchange.view, instance_id, command, output),
            "json": lambda: command_output_json(instance_id, command, output),
            "html": lambda: pages.command_output(exchange, instance_id, command, output),
        }
    )


def states(exchange: Exchange) -> Document:
    """The state machine of the driver's instances."""
    machine = exchange.driver.states
    if machine is None:
        raise NotFound
    writers: dict[str, Callable[[], bytes]] = {
        "xml": lambda: states_xml(machine),
        "json": lambda: states_json(machine),
        "html": lambda: pages.states(exchange, machine),
        "svg": lambda: states_svg(machine),
        "gv": lambda: states_gv(machine),
        "png": lambda: _drawn(states_gv(machine)),
    }
    return Document(writers)


def drawable() -> bool:
    """Whether Graphviz is installed, which draws PNG."""
    return shutil.which("dot") is not None


def _drawn(source: bytes) -> bytes:
    """A diagram drawn by Graphviz.

    Raises:
        NotAcceptable: Graphviz is not installed.
    """
    dot = shutil.which("dot")
    if dot is None:
        raise NotAcceptable("PNG needs Graphviz on the server; SVG needs nothing")
    try:
        drawn = subprocess.run(  # noqa: S603 - a fixed command, fed with our own text
            [dot, "-Tpng"], input=source, capture_output=True, timeout=_DOT_SECONDS, check=True
        )
    except (OSError, subprocess.SubprocessError):
        raise BackendError("Graphviz failed to draw the diagram") from None
    return drawn.stdout


def drivers(exchange: Exchange) -> Document:
    """All installed drivers, those that do not load included."""
    facts = [_facts(exchange, name) for name in exchange.kernel.known_drivers()]
    return Document(
        {
            "xml": lambda: drivers_xml(exchange.api, facts),
            "json": lambda: drivers_json(exchange.api, facts),
            "html": lambda: pages.drivers(exchange, facts),
        }
    )


def driver(exchange: Exchange, name: str) -> Document:
    """One driver, or why it does not load.

    Raises:
        NotFound: none is installed under that name.
    """
    if name not in exchange.kernel.known_drivers():
        raise NotFound
    facts = _facts(exchange, name, ask=name == exchange.driver.name)
    return Document(
        {
            "xml": lambda: driver_xml(exchange.api, facts),
            "json": lambda: driver_json(exchange.api, facts),
            "html": lambda: pages.driver(exchange, facts),
        }
    )


def _facts(exchange: Exchange, name: str, *, ask: bool = False) -> DriverFacts:
    """What is known of a driver. The one of the request is asked for the providers that its account really has."""
    try:
        loaded = exchange.kernel.drivers.get(name)
    except DriverUnavailable:
        return DriverFacts(id=name, title=name, error=exchange.kernel.check_driver(name))
    asked = _asked(exchange) if ask and "list_providers" in loaded.hooks else None
    return DriverFacts(
        id=name,
        title=loaded.kind.title,
        credentials=loaded.kind.credentials,
        providers=loaded.listed_providers if asked is None else asked,
        asked=asked is not None,
        limitations=loaded.kind.limitations,
    )


def _asked(exchange: Exchange) -> tuple[Provider, ...] | None:
    """The providers that the cloud names; None where those known without it do as well."""
    try:
        return tuple(exchange.call("list_providers"))
    except FAILING:
        if exchange.driver.listed_providers:
            return None
        raise
