"""An HTTP client that never tries again by itself, and knows exactly how far a request came that got no answer."""

from __future__ import annotations

import base64
import contextlib
import http.client
import select
import socket
import time
from collections.abc import Iterable, Mapping
from typing import Any

from deltacloud.testing.wsgi import Answer

HOST = "127.0.0.1"
PATIENCE = 60
"""Seconds after which a client gives up; no server may be so slow."""
BLOCK = 64 * 1024


class NoAnswer(Exception):
    """A request that got no whole answer."""


class Refused(NoAnswer):
    """Nobody listens."""


class Closed(NoAnswer):
    """The connection ended before the first byte of an answer.

    Attributes:
        reused: Whether an earlier request on it was answered: the server may then close it at any time, and a client
            that sends at the same moment learns so (RFC 9112, 9.3.1).
        begun: Whether it was still open a while after the first bytes of this request had reached the server.
    """

    def __init__(self, text: str, *, reused: bool, begun: bool) -> None:
        super().__init__(text)
        self.reused = reused
        self.begun = begun


class Torn(NoAnswer):
    """The answer began and did not end."""


class StrictClient:
    """A client with one connection, which it keeps as long as the server does.

    Args:
        port: The server's, on the loopback interface.
        user: User name and password.
        dribble: Seconds between the pieces in which it sends the header of a request; 0 for all at once.
    """

    def __init__(self, port: int, user: tuple[str, str] = ("mockuser", "mockpassword"), dribble: float = 0.0) -> None:
        self._http = _Connection(HOST, port, timeout=PATIENCE)
        self._http.dribble = dribble
        self._authorization = f"Basic {base64.b64encode(':'.join(user).encode()).decode()}"

    def close(self) -> None:
        """Let go of the connection; the next request makes a new one."""
        self._http.close()

    def __enter__(self) -> StrictClient:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def ask(
        self,
        method: str,
        target: str,
        body: bytes | Iterable[bytes] | None = None,
        headers: Mapping[str, str] | None = None,
        pause: float = 0.0,
    ) -> Answer:
        """One request, sent once.

        Args:
            method: Its method.
            target: Its path and query.
            body: Its body; one that comes in pieces, and has no Content-Length among the headers, is sent chunked.
            headers: Further header fields; JSON is asked for unless they say otherwise.
            pause: Seconds to wait after each block of the answer.

        Raises:
            NoAnswer: no whole answer came.
        """
        reused = self._http.sock is not None
        if not reused:
            self._connect()
        fields = {"Authorization": self._authorization, "Accept": "application/json", **(headers or {})}
        chunked = body is not None and not isinstance(body, bytes) and "Content-Length" not in fields
        if chunked:
            fields["Transfer-Encoding"] = "chunked"
        # What cannot be sent may still have an answer, so that is looked for whatever became of the sending.
        with contextlib.suppress(OSError):
            self._http.request(method, target, body, fields, encode_chunked=chunked)
        self._wait_for_answer(f"{method} {target}", reused=reused)
        try:
            response = self._http.getresponse()
            content = _read(response, pause)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise Torn(f"{method} {target}: {error!r}") from None
        return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, content)

    def _connect(self) -> None:
        try:
            self._http.connect()
        except ConnectionRefusedError as error:
            raise Refused(str(error)) from None
        except OSError as error:
            raise Closed(f"connect: {error!r}", reused=False, begun=False) from None

    def _wait_for_answer(self, what: str, *, reused: bool) -> None:
        """Returns when the first byte of an answer is here."""
        how = "end of the stream"
        try:
            if self._http.sock.recv(1, socket.MSG_PEEK):
                return
        except OSError as error:
            how = repr(error)
        begun = self._http.begun
        self.close()
        raise Closed(f"{what}: {how}", reused=reused, begun=begun)


class _Connection(http.client.HTTPConnection):
    """Can dribble a header."""

    dribble = 0.0
    begun = False

    def request(self, *arguments: Any, **named: Any) -> None:
        self.begun = False
        super().request(*arguments, **named)

    def send(self, data: Any) -> None:
        if not self.dribble or not isinstance(data, bytes) or not data.endswith(b"\r\n\r\n"):
            super().send(data)
            return
        size = len(data) // 5
        for start in range(0, len(data), size):
            super().send(data[start : start + size])
            time.sleep(self.dribble)
            if select.select([self.sock], [], [], 0)[0]:
                raise ConnectionAbortedError
            self.begun = True


def _read(response: http.client.HTTPResponse, pause: float) -> bytes:
    blocks = []
    while block := response.read(BLOCK):
        blocks.append(block)
        if pause:
            time.sleep(pause)
    if response.length:
        raise http.client.IncompleteRead(b"".join(blocks), response.length)
    return b"".join(blocks)
