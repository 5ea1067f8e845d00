"""Writing an answer: gunicorn's way, with our name, honest lengths, and a say in whether the connection stays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gunicorn.config import Config
from gunicorn.http.wsgi import Response

from deltacloud.kernel.request import ENVIRON_KEY
from deltacloud.server.body import RequestBody
from deltacloud.server.connection import Connection
from deltacloud.server.headers import SERVER


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
        self.version = SERVER
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

    def send_headers(self) -> None:
        """Have the header go out together with the first block."""
        if not self.headers_sent:
            lines = [*self.default_headers(), *(f"{name}: {value}\r\n" for name, value in self.headers), "\r\n"]
            self.sock.hold("".join(lines).encode("latin-1"))
            self.headers_sent = True

    @property
    def cut_short(self) -> bool:
        """Whether the application sent less than the length it had announced."""
        return self.response_length is not None and not self._omits_body and self.sent < self.response_length
