"""Writing an answer: gunicorn's way, with our name, honest lengths, and a say in whether the connection stays."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from email.utils import formatdate
from enum import Enum
from functools import lru_cache
from typing import Any

from gunicorn.config import Config
from gunicorn.http.errors import InvalidResponseHeader, InvalidResponseHeaderName
from gunicorn.http.message import TOKEN_RE
from gunicorn.http.wsgi import Response
from gunicorn.util import is_hoppish

from deltacloud.kernel.request import ENVIRON_KEY
from deltacloud.server.body import RequestBody
from deltacloud.server.connection import Connection
from deltacloud.server.headers import SERVER

_BAD_VALUE = re.compile(r"[^\t\x20-\x7e\x80-\xff]")


class _Use(Enum):
    """What becomes of a header that an application sends."""

    SEND = 1
    LENGTH = 2
    NONE = 3


@lru_cache(maxsize=1024)
def _use(name: str) -> _Use:
    """Headers about the connection, and those we write ourselves, are not the application's."""
    if not TOKEN_RE.fullmatch(name):
        raise InvalidResponseHeaderName(name)
    lower = name.lower()
    return _Use.LENGTH if lower == "content-length" else _Use.NONE if is_hoppish(lower) else _Use.SEND


@lru_cache(maxsize=1)
def _date(second: int) -> str:
    return formatdate(second, usegmt=True)


class AnswerWriter(Response):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's response.

    Args:
        request: gunicorn's request.
        connection: Where the answer goes.
        configuration: gunicorn's configuration.
        body: The request's body; what is left of it decides whether the connection is kept.
    """

    status: str | None
    headers: list[tuple[str, str]]
    headers_sent: bool
    response_length: int | None
    sent: int

    def __init__(self, request: object, connection: Connection, configuration: Config, body: RequestBody) -> None:
        super().__init__(request, connection, configuration)
        self.environ: dict[str, Any] = {}
        self._body = body

    def start_response(
        self,
        status: str,
        headers: list[tuple[str, str]],
        exc_info: Any = None,  # noqa: ANN401 - WSGI's own
    ) -> Callable[[bytes], object]:
        """WSGI's; a second call, with ``exc_info``, replaces what was not sent yet."""
        if exc_info is not None and not self.headers_sent:
            self.status, self.response_length, exc_info = None, None, None
            self.headers.clear()
        record = self.environ.get(ENVIRON_KEY)
        if self._body.leave() or (record is not None and record.close):
            self.force_close()
        write: Callable[[bytes], object] = super().start_response(status, headers, exc_info)
        return write

    def process_headers(self, headers: list[tuple[str, str]]) -> None:
        """Check and keep headers; gunicorn's own does the same in four times the time."""
        for name, value in headers:
            use = _use(name)
            if _BAD_VALUE.search(value):
                raise InvalidResponseHeader(name)
            if use is _Use.LENGTH:
                self.response_length = int(value)
            if use is not _Use.NONE:
                self.headers.append((name, value))

    def send_headers(self) -> None:
        """Have the header go out together with the first block."""
        if self.headers_sent:
            return
        major, minor = self.req.version
        lines = [
            f"HTTP/{major}.{minor} {self.status}",
            f"Server: {SERVER}",
            f"Date: {_date(int(time.time()))}",
            f"Connection: {'close' if self.should_close() else 'keep-alive'}",
        ]
        if self.chunked:
            lines.append("Transfer-Encoding: chunked")
        lines += [f"{name}: {value}" for name, value in self.headers]
        self.sock.hold("\r\n".join([*lines, "\r\n"]).encode("latin-1"))
        self.headers_sent = True

    @property
    def cut_short(self) -> bool:
        """Whether the application sent less than the length it had announced."""
        return self.response_length is not None and not self._omits_body and self.sent < self.response_length
