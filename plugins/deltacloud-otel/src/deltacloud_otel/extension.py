"""What the kernel loads. OpenTelemetry itself is imported in worker processes alone, where requests are served."""

from __future__ import annotations

import os
from collections.abc import Generator
from typing import TYPE_CHECKING

import msgspec

from deltacloud.kernel import Application, DriverCall
from deltacloud_otel.choice import read_choice

if TYPE_CHECKING:
    from deltacloud_otel.telemetry import Telemetry


class OtelSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The ``[extensions.otel]`` table. There is nothing to set in it: OpenTelemetry's own variables say everything."""


class OpenTelemetry:
    """Entry point ``otel`` of the group ``deltacloud.extensions``.

    Args:
        settings: Its table.

    Raises:
        Unloadable: the environment asks for something that cannot be done.
    """

    settings = OtelSettings

    def __init__(self, settings: OtelSettings) -> None:  # noqa: ARG002 - so that a table with something in it is refused
        self._choice = read_choice(os.environ)
        self._telemetry: Telemetry | None = None

    def wrap_application(self, application: Application) -> Application:
        """The application, watched; called where requests are served, so what follows never goes through a fork."""
        if not self._choice.active:
            return application
        from deltacloud_otel.telemetry import Telemetry  # noqa: PLC0415 - see above

        self._telemetry = Telemetry(self._choice)
        return self._telemetry.watched(application)

    def perform_call(self, call: DriverCall) -> Generator[None, object, object]:
        """Watches a call of a driver."""
        if self._telemetry is None:
            return (yield)
        watched = self._telemetry.calls.begin(call)
        try:
            return (yield)
        except Exception as error:
            watched.raised(error)
            raise

    def close(self) -> None:
        """Send what is not sent yet."""
        if self._telemetry is not None:
            self._telemetry.close()
