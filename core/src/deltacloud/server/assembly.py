"""Putting kernel, front ends and extensions together into one application."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from deltacloud.errors import DeltacloudError
from deltacloud.kernel import Application, GatewaySettings, Kernel
from deltacloud.server.application import Frame, dispatch
from deltacloud.server.logs import AccessLog, LogFile
from deltacloud.server.pages import Pages
from deltacloud.server.settings import ServerSettings, read_settings

USUAL_DRIVER = "mock"
"""The default driver when none is named and this one is installed."""


class Service(NamedTuple):
    """A gateway that is ready to serve; who stops using it calls ``kernel.close()``."""

    application: Application
    kernel: Kernel


def assemble(settings: ServerSettings | GatewaySettings | None = None, log_file: LogFile | None = None) -> Service:
    """A gateway.

    Args:
        settings: What the operator decided; read from environment and file if None.
        log_file: Where lines about requests go; opened from the settings if None.

    Raises:
        SettingsError: a setting is wrong.
        Unloadable: a front end or an extension cannot be used.
    """
    settings = settings or read_settings()
    if isinstance(settings, ServerSettings):
        gateway = settings.gateway
        file = log_file or LogFile(settings.log)
        access_log = AccessLog(file, settings.log_format, verbose=gateway.verbose)
    else:
        gateway, access_log = settings, None
    kernel = open_kernel(gateway)
    front_ends = kernel.front_ends()
    mounts = {one.mount.strip("/"): one.create(kernel, kernel.settings) for one in front_ends}
    pages = Pages([(one.name, one.mount) for one in front_ends], lambda: _trouble(kernel))
    application = kernel.wrap_application(dispatch(mounts, pages))
    return Service(Frame(application, kernel.settings, access_log), kernel)


def open_kernel(gateway: GatewaySettings) -> Kernel:
    """A kernel with a default driver: the named one, else the usual one if it is installed."""
    kernel = Kernel(gateway)
    if gateway.driver is None and USUAL_DRIVER in kernel.known_drivers():
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
