"""What only drivers with an SDK need: the guard in the shapes that SDKs take."""

from __future__ import annotations

import contextvars
import functools
import socket
import ssl
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool

from deltacloud.context import Context
from deltacloud.outbound import deadlines
from deltacloud.outbound.connections import GuardedHTTPConnection, GuardedHTTPSConnection, Pools
from deltacloud.outbound.sockets import TimedSocket

if TYPE_CHECKING:
    from deltacloud.outbound.way_out import WayOut

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")
Item = TypeVar("Item")


class CallerExecutor(ThreadPoolExecutor):
    """A thread pool whose tasks run in a copy of the submitting caller's context: caller and deadline go with them."""

    def submit(
        self, fn: Callable[Parameters, Result], /, *args: Parameters.args, **kwargs: Parameters.kwargs
    ) -> Future[Result]:
        """Schedule a call in a copy of the present context."""
        return super().submit(contextvars.copy_context().run, functools.partial(fn, *args, **kwargs))

    def in_order(
        self,
        function: Callable[[Item], Result],
        items: Iterable[Item],
        most: int,
        size: Callable[[Item], int] = lambda _item: 1,
    ) -> Iterator[Result]:
        """What a function returns for each item, in order. An item is taken only when there is room for it.

        Args:
            function: Called in the threads.
            items: Any number of them; none is kept once it is done with.
            most: How many may be under way at once; or how much of them, where ``size`` says how large one is.
            size: How much room an item takes, in the unit of ``most``.
        """
        waiting: deque[tuple[Future[Result], int]] = deque()
        load = 0
        try:
            for item in items:
                waiting.append((self.submit(function, item), size(item)))
                load += waiting[-1][1]
                del item
                while load >= most:
                    load -= waiting[0][1]
                    yield waiting.popleft()[0].result()  # under no name, so that whoever takes it has it alone
            while waiting:
                yield waiting.popleft()[0].result()
        finally:
            for future, _ in waiting:
                future.cancel()


class SdkAccess:
    """Guarded connections for SDKs, for the caller of one request.

    What :meth:`pools` and :meth:`http_client` return is the same for all requests with the same rights, so that clients
    may be kept and shared. Their connections keep the deadline of the call that uses them.
    """

    executor_cls = CallerExecutor
    """The class of :meth:`executor`, for SDKs that make their own: s3transfer's ``executor_cls``."""

    def __init__(self, context: Context, way_out: WayOut) -> None:
        self._context = context
        self._way_out = way_out

    def pools(
        self,
        endpoint: str,
        named_by: str | None = None,
        *,
        http: type[HTTPConnectionPool] = HTTPConnectionPool,
        https: type[HTTPConnectionPool] = HTTPSConnectionPool,
    ) -> Pools:
        """Guarded pool classes by scheme, for ``PoolManager.pool_classes_by_scheme`` and its like.

        The SDK has to be told to follow no redirects and to verify certificates; proxies are refused here.

        Args:
            endpoint: URL of the service.
            named_by: The allowed endpoint whose answer named this one.
            http: The pool class to build on, where the SDK has its own.
            https: The same for TLS.

        Raises:
            Forbidden: the endpoint is not one that this server may talk to.
        """
        return self._way_out.route(self._context, endpoint, named_by).pool_classes(http, https)

    def http_client(
        self, endpoint: str, named_by: str | None = None
    ) -> tuple[type[GuardedHTTPConnection], type[GuardedHTTPSConnection]]:
        """Guarded subclasses of ``http.client.HTTPConnection`` and ``HTTPSConnection``, for SDKs built on these.

        Raises:
            Forbidden: the endpoint is not one that this server may talk to.
        """
        return self._way_out.route(self._context, endpoint, named_by).clients()

    def tls_context(self) -> ssl.SSLContext:
        """A new context that verifies against the driver's ``ca-file`` or the system's certificates.

        A caller's client certificate may be loaded into it.
        """
        return self._way_out.verification.context()

    def connect(
        self, host: str, port: int, named_by: str | None = None, *, limit: float | None = None
    ) -> socket.socket:
        """A guarded TCP connection within this request's deadline; the caller closes it.

        Args:
            host: A host name or an address.
            port: The port.
            named_by: The allowed endpoint whose answer named the host, as an instance's address.
            limit: Seconds that connecting may take, if that is less than the deadline leaves.

        Raises:
            Forbidden: the host is not one that this server may talk to.
            NameNotFound: its name does not resolve.
            ProviderTimeout: the deadline has passed.
            OSError: it does not answer.
        """
        guard = self._way_out.tcp_guard(self._context, host, port, named_by)
        deadline = self._context.deadline
        with deadlines.bound(deadline):
            return TimedSocket(guard.connect(host, port, limit=limit), deadline).as_socket()

    @property
    def ssh_allowed(self) -> bool:
        """Whether the operator lets commands be run on instances."""
        return self._way_out.ssh

    def executor(self, workers: int) -> CallerExecutor:
        """A thread pool for this call; use it in a ``with`` block."""
        return CallerExecutor(workers)
