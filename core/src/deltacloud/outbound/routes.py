"""What is kept for each reach: its guard, its connections, and the classes that SDKs are handed."""

from __future__ import annotations

import threading
from collections import OrderedDict

from urllib3 import HTTPConnectionPool

from deltacloud.outbound.connections import (
    GuardedHTTPConnection,
    GuardedHTTPSConnection,
    Pools,
    guarded_clients,
    guarded_pools,
)
from deltacloud.outbound.guard import Guard
from deltacloud.outbound.http import GuardedPools
from deltacloud.outbound.policy import Reach
from deltacloud.outbound.resolver import Resolver
from deltacloud.outbound.tls import Verification

_ROUTES = 256


class Route:
    """The way to whatever one reach allows; everything is made at its first use."""

    def __init__(self, guard: Guard, verification: Verification) -> None:
        self.guard = guard
        self._verification = verification
        self._lock = threading.Lock()
        self._pools: GuardedPools | None = None
        self._pool_classes: dict[tuple[type, type], Pools] = {}
        self._clients: tuple[type[GuardedHTTPConnection], type[GuardedHTTPSConnection]] | None = None

    @property
    def pools(self) -> GuardedPools:
        """The connections that all callers of the reach share."""
        with self._lock:
            if self._pools is None:
                self._pools = GuardedPools(self.guard, self._verification.shared)
            return self._pools

    def pool_classes(self, http: type[HTTPConnectionPool], https: type[HTTPConnectionPool]) -> Pools:
        """Guarded pool classes built on these two."""
        with self._lock:
            classes = self._pool_classes.get((http, https))
            if classes is None:
                classes = self._pool_classes[http, https] = guarded_pools(self.guard, http, https)
            return classes

    def clients(self) -> tuple[type[GuardedHTTPConnection], type[GuardedHTTPSConnection]]:
        """Guarded http.client connections."""
        with self._lock:
            if self._clients is None:
                self._clients = guarded_clients(self.guard, self._verification)
            return self._clients

    def close(self) -> None:
        """Close the connections that nobody uses."""
        with self._lock:
            if self._pools is not None:
                self._pools.close()


class Routes:
    """The routes that are in use; the one that was not used for the longest time goes when there are too many."""

    def __init__(self, resolver: Resolver, verification: Verification) -> None:
        self._resolver = resolver
        self._verification = verification
        self._lock = threading.Lock()
        self._routes: OrderedDict[Reach, Route] = OrderedDict()

    def to(self, reach: Reach) -> Route:
        """The route of a reach."""
        with self._lock:
            route = self._routes.get(reach)
            if route is None:
                route = self._routes[reach] = Route(Guard(reach, self._resolver), self._verification)
            self._routes.move_to_end(reach)
            surplus = self._routes.popitem(last=False)[1] if len(self._routes) > _ROUTES else None
        if surplus is not None:
            surplus.close()
        return route

    def close(self) -> None:
        """Close all connections that nobody uses."""
        with self._lock:
            routes = list(self._routes.values())
            self._routes.clear()
        for route in routes:
            route.close()
