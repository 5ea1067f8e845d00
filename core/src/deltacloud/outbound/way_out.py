"""The way out of one driver: sessions, kept values, and what SDKs need."""

from __future__ import annotations

import ssl as tls_module
from collections.abc import Callable
from typing import NoReturn, TypeVar

from deltacloud.context import Context
from deltacloud.outbound.caches import Cache, CallerKeys
from deltacloud.outbound.guard import Guard
from deltacloud.outbound.http import GuardedPools, Session
from deltacloud.outbound.policy import Origin, Policy, Reach, read, read_place
from deltacloud.outbound.resolver import Resolver
from deltacloud.outbound.routes import Route, Routes
from deltacloud.outbound.sdk import SdkAccess
from deltacloud.outbound.tls import Verification, require_verification

Value = TypeVar("Value")

_SHARED_VALUES = 1024
_PRIVATE_VALUES = 8192
_CERTIFIED_CALLERS = 1024
_CERTIFIED_SECONDS = 300.0


class WayOut:
    """All that a driver reaches the world by; one for each driver and process, made after the fork.

    Args:
        driver: The driver's name.
        policy: What it may be led to.
        ca_file: Certificates to verify against, instead of the system's; a file in PEM form.
        ssh: Whether the operator lets commands be run on instances.
        resolver: How names are resolved; one may serve all drivers. Without it the driver has its own.

    Raises:
        OSError: ``ca_file`` cannot be read.
        ssl.SSLError: ``ca_file`` holds no certificates.
    """

    def __init__(
        self,
        driver: str,
        policy: Policy,
        *,
        ca_file: str | None = None,
        ssh: bool = False,
        resolver: Resolver | None = None,
    ) -> None:
        self.driver = driver
        self.ssh = ssh
        self.verification = Verification(ca_file)
        self._policy = policy
        self._own_resolver = Resolver() if resolver is None else None
        self._routes = Routes(resolver or self._own_resolver or Resolver(), self.verification)
        self._keys = CallerKeys()
        self._shared = Cache(_SHARED_VALUES)
        self._private = Cache(_PRIVATE_VALUES)
        self._certified = Cache(_CERTIFIED_CALLERS)

    def http(self, context: Context, endpoint: str, named_by: str | None, tls: tls_module.SSLContext | None) -> Session:
        """See :meth:`deltacloud.context.Context.http`."""
        route = self.route(context, endpoint, named_by)
        pools = route.pools if tls is None else self._certified_pools(context, route.guard, tls)
        return Session(pools, context.deadline, repeats=context.reading)

    def shared(self, context: Context, name: str, seconds: float, build: Callable[[], Value]) -> Value:
        """See :meth:`deltacloud.context.Context.shared`."""
        # What local requests build may hold connections that others must not use.
        key = (context.provider.text, context.local, name)
        return self._shared.get(key, lambda: (build(), seconds), None, context.deadline)

    def private(
        self,
        context: Context,
        name: str,
        build: Callable[[], tuple[Value, float]],
        close: Callable[[Value], object] | None,
    ) -> Value:
        """See :meth:`deltacloud.context.Context.private`."""
        return self._private.get(self._keys.key(self.driver, context, name), build, close, context.deadline)

    def forget(self, context: Context, name: str) -> None:
        """See :meth:`deltacloud.context.Context.forget`."""
        self._private.forget(self._keys.key(self.driver, context, name))

    def sdk(self, context: Context) -> SdkAccess:
        """See :attr:`deltacloud.context.Context.sdk`."""
        return SdkAccess(context, self)

    def route(self, context: Context, endpoint: str, named_by: str | None) -> Route:
        """The route to an endpoint, for this kind of request.

        Raises:
            Forbidden: the endpoint is not one that this server may talk to, or not written as the grammar demands.
        """
        return self._route(context, read(endpoint).origin, named_by)

    def tcp_guard(self, context: Context, host: str, port: int, named_by: str | None) -> Guard:
        """The guard of a connection to a host and port.

        Raises:
            Forbidden: the host is not one that this server may talk to, or host or port is none.
        """
        return self._route(context, read_place(host, port), named_by).guard

    def close(self) -> None:
        """Close what is kept, and the connections; called once, when the process ends."""
        self._private.close()
        self._certified.close()
        self._routes.close()
        if self._own_resolver is not None:
            self._own_resolver.close()

    def __repr__(self) -> str:
        return f"<WayOut of {self.driver}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a way out cannot be pickled: connections and kept values are a process's own")

    def _route(self, context: Context, origin: Origin, named_by: str | None) -> Route:
        reach = Reach(
            self._policy,
            local=context.local and not self._policy.restricts,
            named=None if named_by is None else origin,
            named_by=None if named_by is None else read(named_by).origin,
        )
        reach.screen(*origin)
        return self._routes.to(reach)

    def _certified_pools(self, context: Context, guard: Guard, tls: tls_module.SSLContext) -> GuardedPools:
        """Connections with a caller's client certificate: for this caller and this context alone."""
        require_verification(tls)
        key = (self._keys.key(self.driver, context, "client certificate"), guard.reach, id(tls))
        # Keeping the pools keeps the context, so no other one gets the same id meanwhile.
        return self._certified.get(
            key, lambda: (GuardedPools(guard, tls), _CERTIFIED_SECONDS), GuardedPools.close, context.deadline
        )
