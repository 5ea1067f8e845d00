"""An extension for tests: it notes every marked request that a worker has begun to serve."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

import msgspec

from deltacloud.kernel import Application


class BegunSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The ``[extensions.begun]`` table."""

    file: str


class Begun:
    """Writes each request's ``X-Mark``, and the worker's process id, on a line: before anything is done about it."""

    settings = BegunSettings

    def __init__(self, settings: BegunSettings) -> None:
        self._descriptor = os.open(settings.file, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def wrap_application(self, application: Application) -> Application:
        """What the server calls with each request."""

        def noting(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            if mark := environ.get("HTTP_X_MARK"):
                os.write(self._descriptor, f"{mark} {os.getpid()}\n".encode())
            return application(environ, start_response)

        return noting
