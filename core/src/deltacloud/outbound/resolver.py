"""Names to addresses: once for each connection, within the deadline, without one slow name holding up others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from deltacloud.errors import NameNotFound, ProviderTimeout
from deltacloud.outbound import addresses, cooperative, endpoints
from deltacloud.outbound.addresses import Address

LookUp: TypeAlias = Callable[[str], Sequence[str]]
"""Gives a name's addresses as texts; raises OSError when it has none. Called from native threads."""


class Resolver:
    """Resolves names in native threads of its own; one serves all drivers of a process.

    Hosts that callers choose have their own threads, so that a caller's dead name servers do not hold up the clouds
    that everybody uses.

    Args:
        look_up: How a name is resolved; the system's way if not given.
        threads: How many names of each kind are resolved at the same time.
    """

    def __init__(self, look_up: LookUp = cooperative.look_up, *, threads: int = 32) -> None:
        self._look_up = look_up
        self._known = cooperative.workers(threads)
        self._chosen = cooperative.workers(threads)

    def addresses(self, host: str, *, known: bool, seconds: float) -> tuple[Address, ...]:
        """All addresses of a host.

        Args:
            host: A name or an address, as :mod:`deltacloud.outbound.endpoints` gives it.
            known: Whether declarations or settings name it, rather than a caller.
            seconds: How long this may take.

        Raises:
            NameNotFound: it does not resolve.
            ProviderTimeout: it takes too long.
        """
        literal = endpoints.literal(host)
        if literal is not None:
            return (literal,)
        workers = self._known if known else self._chosen
        try:
            found = workers.run(self._look_up, host, seconds)
        except TimeoutError:
            raise ProviderTimeout(f"The name {host} could not be resolved in time") from None
        except (OSError, UnicodeError):
            found = ()
        if not found:
            raise NameNotFound(f"The name {host} does not resolve")
        return tuple(addresses.parse(text) for text in found)

    def close(self) -> None:
        """End the threads that wait for work."""
        self._known.close()
        self._chosen.close()


__all__ = ["LookUp", "Resolver"]
