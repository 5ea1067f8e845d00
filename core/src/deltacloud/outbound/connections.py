"""Connections and pools with the guard inside, for everything that is built on urllib3 or http.client."""

from __future__ import annotations

import http.client
import logging
import queue
import socket
import ssl
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from deltacloud.errors import Forbidden
from deltacloud.outbound import cooperative, deadlines
from deltacloud.outbound.guard import Guard
from deltacloud.outbound.meanings import BrokenAnswer, meaning
from deltacloud.outbound.retries import ATTEMPTS
from deltacloud.outbound.sockets import TimedSocket
from deltacloud.outbound.tls import Verification, require_verification
from deltacloud.redaction import without_queries

Pools: TypeAlias = dict[str, type[HTTPConnectionPool]]
"""Pool classes by scheme, as ``PoolManager.pool_classes_by_scheme`` has them."""

_KEPT_SECONDS = 60.0
"""How long a connection is kept without use; firewalls forget idle ones after some minutes."""
_TRUSTED_SECONDS = 1.0
"""How long it may have been idle for what may be sent only once; no common server closes them sooner than after two."""
_LOOK_SECONDS = 10.0
_LEAST_PATIENCE = 1.0

if TYPE_CHECKING:
    from urllib3.connection import HTTPConnection as _Urllib3Connection

    _AnyConnection = http.client.HTTPConnection
else:
    _AnyConnection = _Urllib3Connection = object


def _hide_queries(record: logging.LogRecord) -> bool:
    """Lets every line pass, without what URLs in it may hold of secrets: some clouds are signed to in queries."""
    if isinstance(record.args, tuple):
        record.args = tuple(without_queries(one) if isinstance(one, str) else one for one in record.args)
    return True


logging.getLogger("urllib3.connectionpool").addFilter(_hide_queries)


class _Answer(http.client.HTTPResponse):
    """An http.client answer whose header does not pass for whole when it is not."""

    def __init__(
        self, sock: socket.socket, debuglevel: int = 0, method: str | None = None, url: str | None = None
    ) -> None:
        super().__init__(sock, debuglevel, method, url)
        self._timed: object = sock

    def begin(self) -> None:
        """Read the header."""
        super().begin()
        if isinstance(self._timed, TimedSocket):
            self._timed.awaiting = False
            if self._timed.ended:
                # http.client takes what came of the header for all of it, and then the body for an empty one.
                raise BrokenAnswer


class _Timed(_AnyConnection):
    """An http.client connection that keeps the deadline of the request which uses it now."""

    response_class = _Answer

    def connect(self) -> None:
        """Connect, and have every later wait timed."""
        deadline = deadlines.in_force()
        deadline.check()
        try:
            # A TLS handshake is many waits.
            with cooperative.hard_limit(deadline.remaining()):
                super().connect()
        except TimeoutError:
            deadline.check()
            raise
        timed = TimedSocket(self.sock, deadline, self.timeout)
        _begin(timed)
        self.sock = timed.as_socket()

    def putrequest(self, method: str, url: str, skip_host: bool = False, skip_accept_encoding: bool = False) -> None:
        """Begin a request: from here on the connection keeps the deadline that is in force now."""
        timed: object = self.sock
        if isinstance(timed, TimedSocket):
            _begin(timed)
        super().putrequest(method, url, skip_host=skip_host, skip_accept_encoding=skip_accept_encoding)

    def getresponse(self) -> http.client.HTTPResponse:
        """The answer, once its header has come."""
        timed: object = self.sock
        if not isinstance(timed, TimedSocket):
            return super().getresponse()
        timed.awaiting = True
        try:
            return super().getresponse()
        except (ConnectionError, http.client.HTTPException) as error:
            if not timed.heard:
                raise
            raise _broken(BrokenAnswer() if isinstance(error, ConnectionError) else error) from None
        finally:
            timed.awaiting = False


def _begin(timed: TimedSocket) -> None:
    """A request goes over the socket now."""
    deadline = deadlines.in_force()
    timed.begin(deadline)
    # What may be sent again leaves a connection that leads nowhere while there is time for another one.
    patience = max(_LEAST_PATIENCE, deadline.remaining() / ATTEMPTS) if deadlines.repeatable() else None
    timed.expect_acknowledgement(patience)


def _broken(fault: Exception) -> Exception:
    """What a fault of an answer that has begun is raised as.

    SDKs repeat what they take for a fault of the network. So what must not be repeated becomes one of ours.
    """
    return fault if deadlines.repeatable() else meaning(fault) or fault


class _Pooled(_Timed, _Urllib3Connection):  # type: ignore[misc]
    """A urllib3 connection that the guard makes."""

    guard: ClassVar[Guard]

    @property
    def is_connected(self) -> bool:
        """Whether what is sent now may go over this connection; if not, urllib3 makes a new one.

        A cloud closes connections that were idle for a while. What it sends about that may be under way still, and then
        nobody knows whether it has read the request. So what may be sent only once goes over connections that were in
        use just now, or over new ones.
        """
        return self.idle <= (_KEPT_SECONDS if deadlines.repeatable() else _TRUSTED_SECONDS) and super().is_connected

    def forget_answer(self) -> None:
        """Let go of the last answer, whose header may hold a caller's token: others use this connection next."""
        self._HTTPConnection__response = None

    @property
    def idle(self) -> float:
        """Seconds since a byte was moved; 0 without a connection."""
        timed: object = self.sock
        return time.monotonic() - timed.used if isinstance(timed, TimedSocket) else 0.0

    def _new_conn(self) -> socket.socket:
        if self.proxy is not None:
            # Behind a proxy the guard would see the proxy's address only.
            raise Forbidden("This server reaches providers without proxies")
        try:
            return self.guard.connect(
                self._dns_host,
                self.port,
                limit=self.timeout,
                source_address=self.source_address,
                options=self.socket_options,
            )
        except TimeoutError as error:
            raise ConnectTimeoutError(self, f"Connection to {self.host} timed out") from error
        except OSError as error:
            raise NewConnectionError(self, f"Failed to establish a new connection: {error}") from error


class _Kept(queue.LifoQueue["_Pooled | None"]):
    """The connections of a pool that are not in use. Those that will not be used any more do not stay open."""

    _next_look = 0.0

    def _put(self, item: _Pooled | None) -> None:
        if item is not None:
            item.forget_answer()
        super()._put(item)
        now = time.monotonic()
        if now < self._next_look:
            return
        self._next_look = now + _LOOK_SECONDS
        for connection in self.queue:
            if connection is not None and connection.idle > _KEPT_SECONDS:
                connection.close()


def guarded_pools(
    guard: Guard,
    http: type[HTTPConnectionPool] = HTTPConnectionPool,
    https: type[HTTPConnectionPool] = HTTPSConnectionPool,
) -> Pools:
    """Pool classes whose connections this guard makes.

    Args:
        guard: The guard.
        http: The pool class to build on; some SDKs have their own.
        https: The same for TLS.
    """
    return {"http": _bind(http, guard), "https": _bind(https, guard)}


def _bind(pool: type[HTTPConnectionPool], guard: Guard) -> type[HTTPConnectionPool]:
    kind = pool.ConnectionCls
    connection = type(f"Guarded{kind.__name__}", (_Pooled, kind), {"guard": guard})
    return type(f"Guarded{pool.__name__}", (pool,), {"ConnectionCls": connection, "QueueCls": _Kept})


class _Client(http.client.HTTPConnection):
    """An http.client connection that the guard makes."""

    guard: ClassVar[Guard]
    source_address: tuple[str, int] | None

    def connect(self) -> None:
        """Connect through the guard."""
        self.sock = self.guard.connect(self.host, self.port, limit=self.timeout, source_address=self.source_address)

    def set_tunnel(
        self,
        host: str,  # noqa: ARG002
        port: int | None = None,  # noqa: ARG002
        headers: Mapping[str, str] | None = None,  # noqa: ARG002
    ) -> None:
        """Refuse proxies."""
        raise Forbidden("This server reaches providers without proxies")


class GuardedHTTPConnection(_Timed, _Client):
    """http.client's connection with the guard inside."""

    def __init__(
        self,
        host: str,
        port: int | None = None,
        timeout: float | None = None,
        source_address: tuple[str, int] | None = None,
        blocksize: int = 16384,
    ) -> None:
        super().__init__(host, port, timeout, source_address, blocksize)


class _TLSClient(_Client):
    default_port = http.client.HTTPS_PORT
    tls: ssl.SSLContext

    def connect(self) -> None:
        """Connect through the guard, then shake hands."""
        super().connect()
        self.sock = self.tls.wrap_socket(self.sock, server_hostname=self.host)


class GuardedHTTPSConnection(_Timed, _TLSClient):
    """http.client's TLS connection with the guard inside.

    Args:
        host: Host, or host and port.
        port: The port; 443 if neither says any.
        timeout: Seconds that each wait may take, if that is less than the deadline leaves.
        source_address: What to connect from.
        context: A context that verifies certificates; the driver's own if None.
        blocksize: How many bytes of a file are sent at a time.
    """

    verification: ClassVar[Verification]

    def __init__(
        self,
        host: str,
        port: int | None = None,
        *,
        timeout: float | None = None,
        source_address: tuple[str, int] | None = None,
        context: ssl.SSLContext | None = None,
        blocksize: int = 16384,
    ) -> None:
        super().__init__(host, port, timeout, source_address, blocksize)
        self.tls = self.verification.shared if context is None else require_verification(context)


def guarded_clients(
    guard: Guard, verification: Verification
) -> tuple[type[GuardedHTTPConnection], type[GuardedHTTPSConnection]]:
    """The two http.client connections as this guard makes them.

    Args:
        guard: The guard.
        verification: Has the context that verifies certificates where the SDK brings none.
    """
    plain = type("GuardedHTTPConnection", (GuardedHTTPConnection,), {"guard": guard})
    secure = type("GuardedHTTPSConnection", (GuardedHTTPSConnection,), {"guard": guard, "verification": verification})
    return plain, secure
