"""A raw connection that sends any bytes, and reads answers as strictly as they must be written."""

from __future__ import annotations

import contextlib
import select
import socket
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

HOST = "127.0.0.1"
PATIENCE = 20
"""Seconds after which an answer counts as not coming."""
_BLOCK = 65536
_BODILESS = frozenset({204, 304})


class Unanswered(AssertionError):
    """The connection ended, or something that is no HTTP came, where an answer was due."""


@dataclass(frozen=True)
class Received:
    """An answer.

    Attributes:
        status: Its status.
        headers: Its headers; names in lower case. Repeated ones are joined by commas.
        body: Its body, undone of chunks.
        raw: All bytes of it, as they came.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    raw: bytes

    @property
    def closes(self) -> bool:
        """Whether the server says that it closes the connection."""
        return self.headers.get("connection", "").lower() == "close"


class Wire:
    """A connection to a server on loopback."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection((HOST, port), timeout=PATIENCE)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._held = b""

    def send(self, data: bytes) -> None:
        """Send these bytes; a server that has gone already is no error, its answer may be here all the same."""
        with contextlib.suppress(ConnectionError):
            self._socket.sendall(data)

    def send_until_answered(self, blocks: Iterable[bytes]) -> None:
        """Send blocks until there are no more, or an answer has begun to come."""
        for block in blocks:
            if select.select([self._socket], [], [], 0)[0]:
                return
            self.send(block)

    def await_continue(self) -> None:
        """Wait for ``100 Continue``.

        Raises:
            Unanswered: something else came.
        """
        status, _, raw = self._head()
        if status != 100:
            raise Unanswered(f"no 100 Continue: {raw!r}")

    def answer(self, method: str = "GET") -> Received:
        """The next answer.

        Args:
            method: The method of the request, which decides whether there is a body.

        Raises:
            Unanswered: none came, or it is malformed.
        """
        status, headers, raw = self._head()
        if status < 200:
            raise Unanswered(f"nobody waits for {raw!r}")
        body, sent = self._body(method, status, headers)
        return Received(status, headers, body, raw + sent)

    def rest(self) -> bytes:
        """What comes until the server closes; an abortive end counts as well."""
        with contextlib.suppress(ConnectionError):
            while block := self._socket.recv(_BLOCK):
                self._held += block
        return self._held

    def close(self) -> None:
        self._socket.close()

    def __enter__(self) -> Wire:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _head(self) -> tuple[int, dict[str, str], bytes]:
        raw = self._until(b"\r\n\r\n")
        first, *lines = raw.decode("latin-1").split("\r\n")[:-2]
        version, _, status = first.partition(" ")
        if version not in ("HTTP/1.1", "HTTP/1.0") or not status[:3].isdigit():
            raise Unanswered(f"no status line: {first!r}")
        headers: dict[str, str] = {}
        for line in lines:
            name, colon, value = line.partition(":")
            if not colon or name != name.strip() or not (line.isprintable() or not line.isascii()):
                raise Unanswered(f"no header: {line!r}")
            name, value = name.lower(), value.strip()
            headers[name] = f"{headers[name]},{value}" if name in headers else value
        return int(status[:3]), headers, raw

    def _body(self, method: str, status: int, headers: Mapping[str, str]) -> tuple[bytes, bytes]:
        """The body, and the bytes that it came as."""
        if method == "HEAD" or status in _BODILESS:
            return b"", b""
        if headers.get("transfer-encoding") == "chunked":
            return self._chunks()
        if "content-length" in headers:
            body = self._take(int(headers["content-length"]))
            return body, body
        self.rest()
        body, self._held = self._held, b""
        return body, body

    def _chunks(self) -> tuple[bytes, bytes]:
        body = raw = b""
        while True:
            line = self._until(b"\r\n")
            size = int(line, 16)
            chunk = self._take(size + 2)
            body, raw = body + chunk[:-2], raw + line + chunk
            if not chunk.endswith(b"\r\n"):
                raise Unanswered("a chunk does not end")
            if not size:
                return body, raw

    def _until(self, end: bytes) -> bytes:
        while end not in self._held:
            self._more()
        found, _, self._held = self._held.partition(end)
        return found + end

    def _take(self, size: int) -> bytes:
        while len(self._held) < size:
            self._more()
        found, self._held = self._held[:size], self._held[size:]
        return found

    def _more(self) -> None:
        try:
            block = self._socket.recv(_BLOCK)
        except (ConnectionError, TimeoutError) as error:
            raise Unanswered(f"{type(error).__name__} after {self._held[:200]!r}") from None
        if not block:
            raise Unanswered(f"the connection ended after {self._held[:200]!r}")
        self._held += block
