"""Connections and pools with the guard inside, for everything that is built on urllib3 or http.client."""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from deltacloud.errors import Forbidden, ProviderError
from deltacloud.outbound import cooperative, deadlines
from deltacloud.outbound.guard import Guard
from deltacloud.outbound.sockets import TimedSocket
from deltacloud.outbound.tls import Verification, require_verification

Pools: TypeAlias = dict[str, type[HTTPConnectionPool]]
"""Pool classes by scheme, as ``PoolManager.pool_classes_by_scheme`` has them."""

if TYPE_CHECKING:
    from urllib3.connection import HTTPConnection as _Urllib3Connection

    _AnyConnection = http.client.HTTPConnection
else:
    _AnyConnection = _Urllib3Connection = object


class _Timed(_AnyConnection):
    """An http.client connection that keeps the deadline of the request which uses it now."""

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
        self.sock = TimedSocket(self.sock, deadline, self.timeout).as_socket()

    def putrequest(self, method: str, url: str, skip_host: bool = False, skip_accept_encoding: bool = False) -> None:
        """Begin a request: from here on the connection keeps the deadline that is in force now."""
        timed: object = self.sock
        if isinstance(timed, TimedSocket):
            timed.begin(deadlines.in_force())
        super().putrequest(method, url, skip_host=skip_host, skip_accept_encoding=skip_accept_encoding)

    def getresponse(self) -> http.client.HTTPResponse:
        """The answer, once its header has come."""
        timed: object = self.sock
        if not isinstance(timed, TimedSocket):
            return super().getresponse()
        timed.awaiting = True
        try:
            return super().getresponse()
        except (ConnectionError, http.client.HTTPException):
            if timed.heard:
                # Not an error of the network's, which is worth a repetition: the cloud has begun to answer.
                raise ProviderError("The provider broke off its answer") from None
            raise
        finally:
            timed.awaiting = False


class _Pooled(_Timed, _Urllib3Connection):  # type: ignore[misc]
    """A urllib3 connection that the guard makes."""

    guard: ClassVar[Guard]

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
    return type(f"Guarded{pool.__name__}", (pool,), {"ConnectionCls": connection})


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
