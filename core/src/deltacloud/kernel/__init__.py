"""Finding drivers, loading them, and calling them: the only place that knows stevedore and pluggy."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from deltacloud.kernel.calls import Caller, CallObserver, DriverCall, read_all, reads
from deltacloud.kernel.discovery import FRONT_ENDS, Catalogue, Unloadable
from deltacloud.kernel.drivers import DriverReport, Drivers, LoadedDriver
from deltacloud.kernel.extensions import Application, FrontEnd, load_extensions, load_front_ends
from deltacloud.kernel.lists import Lister
from deltacloud.kernel.plugins import HOOKS, CallPlugins
from deltacloud.kernel.request import ENVIRON_KEY, RequestRecord
from deltacloud.kernel.settings import GatewaySettings
from deltacloud.redaction import described

__all__ = [
    "ENVIRON_KEY", "HOOKS", "Application", "CallObserver", "DriverCall", "DriverReport", "FrontEnd", "GatewaySettings",
    "Kernel", "Lister", "LoadedDriver", "RequestRecord", "Unloadable", "known_front_ends", "read_all", "reads",
]  # fmt: skip

_log = logging.getLogger("deltacloud.kernel")


class Kernel:
    """Everything that is installed, and the way to call it; one in each worker process, made after the fork.

    Args:
        settings: What the operator decided.

    Raises:
        Unloadable: an extension that the operator lists cannot be used.
    """

    def __init__(self, settings: GatewaySettings) -> None:
        self.settings = settings
        self.drivers = Drivers(settings)
        self._extensions = load_extensions(settings)
        around = [one for one in self._extensions if hasattr(one, "perform_call")]
        self._caller = Caller(settings.driver_calls)
        self._plugins = CallPlugins(around, self._caller.perform) if around else None

    def observe_calls(self, observer: CallObserver) -> None:
        """Have an observer told about all calls from now on."""
        self._caller.observer = observer

    def calls_in_progress(self) -> dict[str, int]:
        """How many calls of each driver have not ended; drivers that were never used are left out."""
        return {driver.name: len(driver.calls) for driver in self.drivers.loaded()}

    def call(self, call: DriverCall) -> Any:  # noqa: ANN401 - each hook has a type of its own
        """Call a driver's hook: the one place through which every call goes.

        Returns:
            What the hook returned; lazy results are still part of the call.

        Raises:
            DeltacloudError: what the driver raised, or what its exception means; ``ProviderBusy`` when too many of its
                calls are in progress.
            ClientDisconnected: the client broke off while the driver read its body.
        """
        if self._plugins is None:
            return self._caller.perform(call)
        try:
            return self._plugins.perform(call)
        except BaseException:
            call.end()  # It was an extension perhaps, after the driver had answered; nobody will read that result.
            raise

    def known_drivers(self) -> tuple[str, ...]:
        """The names of all installed drivers."""
        return self.drivers.names()

    def check_driver(self, name: str) -> str | None:
        """Why an installed driver does not load, its settings included; None when it does."""
        return self.drivers.reason(name)

    def driver_reports(self) -> Sequence[DriverReport]:
        """All installed drivers; imports them, and none of their SDKs."""
        return [self.drivers.report(name) for name in self.drivers.names()]

    def front_ends(self) -> Sequence[FrontEnd]:
        """The active front ends.

        Raises:
            Unloadable: one is not installed or cannot be imported.
        """
        return load_front_ends(self.settings)

    def wrap_application(self, application: Application) -> Application:
        """The application inside what active extensions put around it."""
        for extension in reversed(self._extensions):
            wrap = getattr(extension, "wrap_application", None)
            if wrap is not None:
                application = wrap(application)
        return application

    def close(self) -> None:
        """Let go of everything; called once, when the process ends. Extensions go last: they saw all that was done."""
        try:
            self.drivers.close()
        finally:
            for extension in self._extensions:
                _close(extension)


def known_front_ends() -> tuple[str, ...]:
    """The names of all installed front ends."""
    return Catalogue(FRONT_ENDS).names()


def _close(extension: object) -> None:
    """Let an extension end what it has begun; one that fails keeps no other from it."""
    close = getattr(extension, "close", None)
    if close is None:
        return
    try:
        close()
    except Exception as error:  # noqa: BLE001 - whatever it was, the others have to be closed as well
        _log.error("closing %s failed: %s", type(extension).__qualname__, described(error))
