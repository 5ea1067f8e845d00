"""The driver of Azure, called hook by hook as the gateway calls it, and over its API."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from apiclient import Client
from azureaccounts import Login
from deltacloud.kernel import GatewaySettings, Kernel
from deltacloud.testing import Backend
from deltacloud.testing.caller import Caller, Place


def azure_api(url: str, timeout: float = 60.0, **settings: object) -> Client:
    """The gateway's API in this process, with Azure for its driver.

    Args:
        url: The provider.
        timeout: Seconds until an answer begins.
        settings: The ``[drivers.azure]`` table; underscores are hyphens.
    """
    table = {name.replace("_", "-"): value for name, value in settings.items()}
    return Client(GatewaySettings(driver="azure", provider=url, timeout=timeout, drivers={"azure": table}))


@contextlib.contextmanager
def azure_hooks(url: str, login: Login, seconds: float = 60.0, **settings: object) -> Iterator[Caller]:
    """One caller of the driver's hooks.

    Args:
        url: The provider.
        login: Whose calls they are.
        seconds: How long a call may take.
        settings: The ``[drivers.azure]`` table; underscores are hyphens.
    """
    table = {name.replace("_", "-"): value for name, value in settings.items()}
    kernel = Kernel(GatewaySettings(driver="azure", drivers={"azure": table}))
    try:
        backend = Backend(driver="azure", credentials=login, provider=url)
        yield Caller(Place(kernel, backend, url), login, seconds)
    finally:
        kernel.close()
