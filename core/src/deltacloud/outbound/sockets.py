"""Sockets that keep the deadline of whoever uses them now, at every wait."""

from __future__ import annotations

import errno
import io
import socket
import ssl
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, ParamSpec, Self, TypeVar, cast

from deltacloud.context import Deadline
from deltacloud.errors import ProviderTimeout
from deltacloud.outbound import cooperative
from deltacloud.outbound.meanings import Unacknowledged

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

_USER_TIMEOUT = getattr(socket, "TCP_USER_TIMEOUT", None)
"""Linux's option; other systems have none that does the same."""


class TimedSocket:
    """A connected socket, plain or TLS, each of whose waits gets its timeout from what the deadline leaves.

    A timeout that is set once grants itself anew to each wait, so that a peer which sends a byte now and then would be
    waited for without end. Everything that is not about waiting goes to the socket inside.

    Attributes:
        deadline: Of the request that uses the socket now.
        awaiting: Whether an answer's header is awaited, whose bytes do not prolong a transfer.
        heard: Whether a byte of the present answer has come.
        ended: Whether the peer has ended its side of the stream while an answer's header was awaited.
        used: When a byte last moved, on the clock of ``time.monotonic``.
    """

    def __init__(self, inner: socket.socket, deadline: Deadline, limit: float | None = None) -> None:
        self._inner = inner
        self._limit = limit
        self._several_waits = isinstance(inner, ssl.SSLSocket) and cooperative.patched()
        self.deadline = deadline
        self._patience = 0
        self.awaiting = False
        self.heard = False
        self.ended = False
        self.used = time.monotonic()

    def __getattr__(self, name: str) -> object:
        return getattr(self._inner, name)

    def begin(self, deadline: Deadline) -> None:
        """Another request begins, with another deadline."""
        self.deadline = deadline
        self.awaiting = self.heard = self.ended = False

    def expect_acknowledgement(self, seconds: float | None) -> None:
        """Give the connection up when what is sent stays unacknowledged for so long; None for the system's own limit.

        A firewall that has forgotten a kept connection drops what comes over it, without a word. A slow cloud is not
        taken for that: its system acknowledges what it gets.

        Later waits then raise :class:`Unacknowledged`.
        """
        patience = 0 if seconds is None else int(seconds * 1000)
        if patience != self._patience and _USER_TIMEOUT is not None:
            self._patience = patience
            self._inner.setsockopt(socket.IPPROTO_TCP, _USER_TIMEOUT, patience)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._inner.close()

    def as_socket(self) -> socket.socket:
        """This, for signatures that ask for a socket by its class."""
        return cast("socket.socket", self)

    def settimeout(self, seconds: float | None) -> None:
        """A limit for each wait that is stricter than the deadline; None for none."""
        self._limit = seconds

    def gettimeout(self) -> float | None:
        """The limit that was set beside the deadline."""
        return self._limit

    def recv(self, size: int, flags: int = 0) -> bytes:
        """As a socket's, within the deadline."""
        data = self._within(self._inner.recv, size, flags)
        self._received(len(data))
        return data

    def recv_into(self, buffer: WriteableBuffer, size: int = 0, flags: int = 0) -> int:
        """As a socket's, within the deadline."""
        count = self._within(self._inner.recv_into, buffer, size, flags)
        self._received(count)
        return count

    def send(self, data: ReadableBuffer, flags: int = 0) -> int:
        """As a socket's, within the deadline."""
        count = self._within(self._inner.send, data, flags)
        self.used = time.monotonic()
        self._moved()
        return count

    def sendall(self, data: ReadableBuffer, flags: int = 0) -> None:
        """As a socket's, within the deadline; each part that the peer takes counts as movement."""
        with memoryview(data) as view, view.cast("B") as rest:
            sent = 0
            while sent < len(rest):
                sent += self.send(rest[sent:], flags)

    def makefile(self, mode: str = "rb", buffering: int | None = None) -> io.BufferedReader | io.RawIOBase:
        """A binary file to read from, whose reads are within the deadline."""
        if mode not in {"r", "rb"}:
            raise ValueError("a timed socket gives files to read bytes from only")
        raw = _TimedReader(self, self._inner.makefile("rb", buffering=0))
        if buffering == 0:
            return raw
        return io.BufferedReader(raw, io.DEFAULT_BUFFER_SIZE if buffering in {None, -1} else buffering or 1)

    def read_into(self, file: io.RawIOBase, buffer: WriteableBuffer) -> int | None:
        """Fill a buffer from the socket's raw file, within the deadline."""
        count = self._within(file.readinto, buffer)
        self._received(count or 0)
        return count

    def _within(
        self, function: Callable[Parameters, Result], *arguments: Parameters.args, **options: Parameters.kwargs
    ) -> Result:
        """Call what waits, with the timeout that the deadline leaves now."""
        remaining = self.deadline.remaining()
        if remaining <= 0:
            raise ProviderTimeout
        seconds = remaining if self._limit is None else min(self._limit, remaining)
        self._inner.settimeout(seconds)
        try:
            if not self._several_waits:
                return function(*arguments, **options)
            with cooperative.hard_limit(seconds):
                return function(*arguments, **options)
        except TimeoutError as error:
            if error.errno == errno.ETIMEDOUT:
                raise Unacknowledged(errno.ECONNABORTED, "what was sent is not acknowledged") from None
            self.deadline.check()
            raise

    def _received(self, count: int) -> None:
        if count:
            self.heard = True
            self.used = time.monotonic()
            if not self.awaiting:
                self._moved()
        elif self.awaiting:
            self.ended = True

    def _moved(self) -> None:
        if self.deadline.moving:
            self.deadline.moved()


class _TimedReader(io.RawIOBase):
    """The raw file of a timed socket; the socket stays open until its files are closed, as with any socket."""

    def __init__(self, timed: TimedSocket, file: io.RawIOBase) -> None:
        self._timed = timed
        self._file = file

    def readable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._file.fileno()

    def readinto(self, buffer: WriteableBuffer) -> int | None:
        return self._timed.read_into(self._file, buffer)

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()
