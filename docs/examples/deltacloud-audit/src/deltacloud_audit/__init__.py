"""An audit log: who changed what, and how it ended."""

import json
import time
from collections.abc import Generator
from pathlib import Path

import msgspec

from deltacloud.kernel import DriverCall, reads


class AuditSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The ``[extensions.audit]`` table."""

    file: str


class Audit:
    """Writes a line of JSON when a call that may change something has ended."""

    settings = AuditSettings

    def __init__(self, settings: AuditSettings) -> None:
        self._file = Path(settings.file)

    def perform_call(self, call: DriverCall) -> Generator[None, object, object]:
        """Sees every call of every driver; ``yield`` makes it."""
        if not reads(call.hook):
            call.on_end(self._write)
        return (yield)

    def _write(self, call: DriverCall) -> None:
        line = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "request": call.context.request_id,
            "user": call.context.credentials.username if call.context.has_credentials else None,
            "driver": call.driver.name,
            "call": call.hook,
            "outcome": "done" if call.error is None else call.error.code,
        }
        with self._file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
