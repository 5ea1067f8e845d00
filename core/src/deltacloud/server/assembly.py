"""Putting kernel, front ends and extensions together into one application."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from deltacloud.errors import DeltacloudError
from deltacloud.kernel import Application, GatewaySettings, Kernel
from deltacloud.server.application import Frame, dispatch
from deltacloud.server.kinds import OFF
from deltacloud.server.logs import AccessLog, LogFile
from deltacloud.server.pages import Pages, health_pages, metrics_pages, site_pages
from deltacloud.server.settings import ServerSettings, read_settings

if TYPE_CHECKING:
    from deltacloud.server.metrics import Metrics

_log = logging.getLogger("deltacloud.server")

USUAL_DRIVER = "mock"
"""The default driver when none is named and this one is installed."""


class Service(NamedTuple):
    """A gateway that is ready to serve; who stops using it calls ``kernel.close()``. ``metrics`` may be off."""

    application: Application
    kernel: Kernel
    metrics: Metrics | None = None


def assemble(settings: ServerSettings | GatewaySettings | None = None, log_file: LogFile | None = None) -> Service:
    """A gateway.

    Args:
        settings: What the operator decided; read from environment and file if None.
        log_file: Where lines about requests go; opened from the settings if None. With a ``GatewaySettings`` there
            are none, and no metrics.

    Raises:
        SettingsError: a setting is wrong.
        Unloadable: a front end or an extension cannot be used.
    """
    settings = settings or read_settings()
    access_log, metrics, apart = None, None, False
    gateway = settings.gateway if isinstance(settings, ServerSettings) else settings
    kernel = open_kernel(gateway)
    if isinstance(settings, ServerSettings):
        access_log = AccessLog(log_file or LogFile(settings.log), settings.log_format, verbose=gateway.verbose)
        metrics = None if settings.metrics == OFF else _metrics(kernel)
        apart = settings.metrics_address is not None
    front_ends = kernel.front_ends()
    mounts = {one.mount.strip("/"): one.create(kernel, kernel.settings) for one in front_ends}
    health = health_pages(lambda: _trouble(kernel))
    monitoring = health if metrics is None else health | metrics_pages(metrics)
    site = site_pages(kernel, [(one.name, one.mount) for one in front_ends])
    pages = site | (health if apart else monitoring)
    application = kernel.wrap_application(dispatch(mounts, Pages(pages), Pages(monitoring)))
    return Service(Frame(application, kernel.settings, access_log, metrics), kernel, metrics)


def _metrics(kernel: Kernel) -> Metrics | None:
    """The metrics, told about all calls of drivers; None if they cannot be kept, which is no reason not to serve."""
    from deltacloud.server.metrics import Metrics  # noqa: PLC0415 - who does without them need not load them

    try:
        metrics = Metrics(kernel.known_drivers(), kernel.calls_in_progress)
    except OSError as error:
        _log.error("process %d keeps no metrics: %s", os.getpid(), error.strerror)
        return None
    kernel.observe_calls(metrics)
    return metrics


def open_kernel(gateway: GatewaySettings) -> Kernel:
    """A kernel with a default driver: the named one, else the usual one if it is installed."""
    kernel = Kernel(gateway)
    if gateway.driver is None and USUAL_DRIVER in kernel.known_drivers():
        kernel.close()
        kernel = Kernel(msgspec.structs.replace(gateway, driver=USUAL_DRIVER))
    return kernel


def _trouble(kernel: Kernel) -> str | None:
    """Why requests that name no driver cannot be served."""
    name = kernel.settings.driver
    if name is None:
        return None
    try:
        reason = kernel.check_driver(name)
    except DeltacloudError as error:
        reason = error.message
    return None if reason is None else f"driver {name}: {reason}"
