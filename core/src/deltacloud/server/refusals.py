"""Answers to what never became a request, written without WSGI."""

from __future__ import annotations

import os
import re
import time
from email.utils import formatdate
from typing import TYPE_CHECKING

from deltacloud.errors import DeltacloudError, InvalidRequest, NotSupported, RequestTooLarge
from deltacloud.kernel.request import RequestRecord
from deltacloud.kernel.settings import GatewaySettings
from deltacloud.server.documents import error_reply
from deltacloud.server.headers import complete
from deltacloud.server.logs import AccessLog

if TYPE_CHECKING:
    from deltacloud.server.metrics import Metrics

_ACCEPT = re.compile(rb"\r\naccept:[ \t]*([^\r\n]*)\r\n", re.IGNORECASE)
_CLASSES: dict[int, type[DeltacloudError]] = {414: RequestTooLarge, 431: RequestTooLarge, 501: NotSupported}


class Refusals:
    """Writes them, and their lines in the log.

    Args:
        settings: What error documents name.
        access_log: Where the lines go.

    Attributes:
        metrics: What counts them; None for nothing.
    """

    def __init__(self, settings: GatewaySettings, access_log: AccessLog) -> None:
        self._settings = settings
        self._access_log = access_log
        self.metrics: Metrics | None = None

    def answer(self, head: bytes, peer: str, status: int, message: str) -> bytes:
        """The bytes to send; the connection is to be closed after them.

        Args:
            head: What was read of the request; only its method and its ``Accept`` are looked at.
            peer: Who sent it.
            status: The status.
            message: A sentence for the client.
        """
        record = RequestRecord(id=os.urandom(12).hex(), raw_path="", base_url="", peer=peer, local=False)
        accept = _ACCEPT.search(head)
        reply = error_reply(
            _CLASSES.get(status, InvalidRequest)(message),
            accept=accept[1].decode("latin-1") if accept else None,
            path="",
            request_id=record.id,
            settings=self._settings,
            status=status,
        )
        began = [("Date", formatdate(time.time(), usegmt=True)), ("Connection", "close"), *reply.all_headers]
        lines = [f"HTTP/1.1 {reply.status_line}", *(f"{name}: {value}" for name, value in complete(began, record.id))]
        if self.metrics is not None:
            self.metrics.refused_request(head.partition(b" ")[0].decode("latin-1"), record, status)
        self._access_log.write(record, "-", status=status, length=len(reply.body), seconds=0.0)
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + reply.body
