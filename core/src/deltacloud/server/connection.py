"""One client's connection, as gunicorn's parser and writer see a socket: with time limits, and with an honest end."""

from __future__ import annotations

import fcntl
import socket
import ssl
import struct
import termios
import time
from dataclasses import dataclass

import gevent
from gevent import socket as gevent_socket
from gevent import ssl as gevent_ssl
from gunicorn.http.errors import LimitRequestHeaders, LimitRequestLine

from deltacloud.errors import ClientDisconnected, RequestTimeout

_LINGER_TOTAL = 30.0
_LINGER_IDLE = 2.0
_LINGER_BLOCK = 256 * 1024
_WORTH_A_COPY = 64 * 1024
_INTEGER = struct.Struct("i")


class ConnectionOver(Exception):
    """There is nothing more to read or nobody to write to; the connection is closed without a word."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a client may do.

    Attributes:
        header_timeout: Seconds for a request's header, from its first byte to its last.
        keep_alive: Seconds between two requests.
        idle_timeout: Seconds without a moved byte while a body or an answer moves.
        request_line: The longest request target in bytes.
        header: The largest header in bytes, request line excluded.
    """

    header_timeout: float
    keep_alive: float
    idle_timeout: float
    request_line: int
    header: int


class Connection:
    """A client's connection.

    Attributes:
        served: Requests answered so far.
        waiting_since: When it began to wait for the first byte of a request; None while it does not.
        idle_since: When it began to wait for the client to send more of a body, or to take more of an answer; None
            while it does not.
        abandonable: What marks the present request while it may be ended because its client has gone; else None.
        head: What was read of the present request's header.
    """

    def __init__(self, client: gevent_socket.socket, limits: Limits) -> None:
        self._socket = client
        self._limits = limits
        self._in_body = False
        self._deadline = 0.0
        self._backlog: int | None = None
        self._held = b""
        self._was_reset = False
        self._given_up = False
        self._greenlet = gevent.getcurrent()
        self.served = 0
        self.waiting_since: float | None = None
        self.idle_since: float | None = None
        self.abandonable: object | None = None
        self.head = bytearray()

    # What gunicorn's parser and writer call

    def recv(self, size: int) -> bytes:
        """The next bytes of the request.

        Raises:
            ConnectionOver: in a header: the client is gone or too slow.
            LimitRequestLine: the request target is too long.
            LimitRequestHeaders: the header is too large.
            RequestTimeout: in a body: the client stopped sending.
            ClientDisconnected: in a body: the client broke off.
        """
        return self._receive_body(size) if self._in_body else self._receive_head(size)

    def hold(self, data: bytes) -> None:
        """Send these bytes together with the next ones."""
        self._held += data

    def sendall(self, data: bytes = b"") -> None:
        """Send what is held and these bytes, however slowly the client takes them, as long as it takes any.

        Raises:
            ConnectionOver: the client is gone, or took nothing for the idle time; then it is reset.
        """
        held, self._held = self._held, b""
        if len(data) > _WORTH_A_COPY:
            self._send(held)
            self._send(data)
        else:
            self._send(held + data)

    def _send(self, data: bytes) -> None:
        self._socket.settimeout(self._limits.idle_timeout)
        self._backlog = None
        abandonable, self.abandonable = self.abandonable, None  # Whether the client is there, sending will tell.
        rest = memoryview(data)
        while rest:
            self.idle_since = time.monotonic()
            try:
                sent = self._socket.send(rest)
            except TimeoutError:
                if not self._drained():
                    self.reset()
                    raise ConnectionOver from None
            except OSError:
                raise ConnectionOver from None
            else:
                rest = rest[sent:]
                if rest:
                    self._backlog = self._unacknowledged()
        self.idle_since = None
        self.abandonable = abandonable

    # The phases of a connection

    def secure(self, context: ssl.SSLContext) -> None:
        """Speak TLS from here on.

        Raises:
            ConnectionOver: the client does not, or is too slow.
        """
        self.waiting_since = time.monotonic()
        try:
            self._socket = context.wrap_socket(self._socket, server_side=True, do_handshake_on_connect=False)
            with gevent.Timeout(self._limits.header_timeout, ConnectionOver):
                self._socket.do_handshake()
        except OSError:
            raise ConnectionOver from None

    def expect_head(self) -> None:
        """A request may come now; a first one must come soon."""
        now = time.monotonic()
        self._in_body = False
        self.head.clear()
        self.waiting_since = now
        self._deadline = now + (self._limits.keep_alive if self.served else self._limits.header_timeout)

    def expect_body(self) -> None:
        """The header is complete."""
        self._in_body = True
        self.waiting_since = None

    def stop_waiting(self) -> None:
        """End the wait for a request: the waiting read then finds the end of the stream, or the request that came."""
        self._shut(socket.SHUT_RD)

    def give_up(self) -> None:
        """End the wait for more of a body, which then has timed out, or for an answer to be taken."""
        self._given_up = True
        self.idle_since = None
        self._shut(socket.SHUT_RD if self._in_body else socket.SHUT_RDWR)

    def abandon(self, request: object) -> None:
        """End the work on a request, if it is still the present one; called by the event loop."""
        if self.abandonable is request:
            self.abandonable = None
            self._greenlet.throw(ClientDisconnected)

    def fileno(self) -> int:
        """The descriptor of the socket."""
        return int(self._socket.fileno())

    def linger(self) -> None:
        """Throw away what the client still sends, so that it can read the answer that was sent before.

        Closing at once would make the kernel reset the connection, and the client lose the answer. The time is
        limited, not the bytes: fast clients send much.
        """
        end = time.monotonic() + _LINGER_TOTAL
        block = bytearray(_LINGER_BLOCK)
        self._finish_tls()
        try:
            self._socket.shutdown(socket.SHUT_WR)
            while (remaining := end - time.monotonic()) > 0:
                self._socket.settimeout(min(_LINGER_IDLE, remaining))
                if not self._socket.recv_into(block):
                    return
                gevent.sleep(0)
        except OSError:
            return  # It is gone, or idle.

    def reset(self) -> None:
        """Drop what the client has not taken: the closing that follows is a reset."""
        self._was_reset = True
        try:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        except OSError:
            return  # It is gone already.

    def close(self) -> None:
        """The end."""
        self._finish_tls()
        self._socket.close()

    def _shut(self, how: int) -> None:
        # Through a second socket: the first one's own method would raise in the greenlet that waits, and end TLS.
        try:
            with gevent_socket.fromfd(self._socket.fileno(), self._socket.family, self._socket.type) as twin:
                twin.shutdown(how)
        except OSError:
            return  # The client was faster.

    def _finish_tls(self) -> None:
        """Say that the stream ends here and was not cut, without waiting for the client to say the same."""
        if isinstance(self._socket, gevent_ssl.SSLSocket) and not self._was_reset:
            try:
                self._socket.settimeout(0)
                self._socket.unwrap()
            except (OSError, ValueError):
                return  # The expected case: the client has not answered yet.

    def _receive_head(self, size: int) -> bytes:
        if self.head:
            self._check_head()
        try:
            self._socket.settimeout(max(self._deadline - time.monotonic(), 0.001))
            data: bytes = self._socket.recv(size)
        except OSError:
            raise ConnectionOver from None
        if self.waiting_since is not None:
            self.waiting_since = None
            self._deadline = time.monotonic() + self._limits.header_timeout
        self.head += data
        return data

    def _check_head(self) -> None:
        """More is wanted: what is here is no whole header, so it counts against the limits."""
        line, found, fields = self.head.partition(b"\n")
        if len(line) > self._limits.request_line:
            raise LimitRequestLine(len(line), self._limits.request_line)
        if found and len(fields) > self._limits.header:
            raise LimitRequestHeaders("header")

    def _receive_body(self, size: int) -> bytes:
        self._socket.settimeout(self._limits.idle_timeout)
        self.idle_since = time.monotonic()
        try:
            data: bytes = self._socket.recv(size)
        except TimeoutError:
            raise RequestTimeout from None
        except OSError:
            raise ClientDisconnected from None
        finally:
            self.idle_since = None
        if not data:
            raise RequestTimeout if self._given_up else ClientDisconnected
        return data

    def _drained(self) -> bool:
        """Whether the client has taken anything since the last look: the kernel's unacknowledged bytes got fewer."""
        before, self._backlog = self._backlog, self._unacknowledged()
        return self._backlog is not None and (before is None or self._backlog < before)

    def _unacknowledged(self) -> int | None:
        try:
            return int(_INTEGER.unpack(fcntl.ioctl(self._socket.fileno(), termios.TIOCOUTQ, bytes(_INTEGER.size)))[0])
        except OSError:
            return None
