"""The guard: it makes the connection itself, to an address that it has checked.

Checking a name first and letting a library connect afterwards is worthless: the library asks again, and the second
answer may be another one.
"""

from __future__ import annotations

import socket
from collections.abc import Sequence
from typing import TypeAlias

from deltacloud.context import Deadline
from deltacloud.errors import Forbidden
from deltacloud.outbound import deadlines
from deltacloud.outbound.addresses import Address, Kind
from deltacloud.outbound.policy import Reach, read_place
from deltacloud.outbound.resolver import Resolver

SocketOptions: TypeAlias = Sequence[tuple[int, int, int | bytes]]

_MOST_ADDRESSES = 4
_PROMPT: SocketOptions = ((socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),)


class Guard:
    """Connects to what one reach allows, and to nothing else.

    Args:
        reach: What is allowed.
        resolver: How names are resolved.
    """

    def __init__(self, reach: Reach, resolver: Resolver) -> None:
        self.reach = reach
        self._resolver = resolver

    def connect(
        self,
        host: str,
        port: int,
        *,
        limit: float | None = None,
        source_address: tuple[str, int] | None = None,
        options: SocketOptions | None = None,
    ) -> socket.socket:
        """A connected socket; its timeout is what the deadline in force leaves.

        The name is resolved once. Up to four of its addresses are tried in turn, within the one deadline.

        Args:
            host: A host name or an address.
            port: The port.
            limit: Seconds that connecting may take, if that is less than the deadline leaves.
            source_address: What to connect from; anything if None.
            options: Options for ``setsockopt``; TCP_NODELAY if None.

        Raises:
            Forbidden: the reach does not allow the host, or one of its addresses.
            NameNotFound: the name does not resolve.
            ProviderTimeout: the deadline has passed.
            OSError: no address answers.
        """
        now = deadlines.in_force()
        now.check()
        time = Deadline(now.remaining() if limit is None else min(limit, now.remaining()))
        addresses = self.resolve(host, port, time)[:_MOST_ADDRESSES]
        failure: OSError = TimeoutError("timed out")
        for index, address in enumerate(addresses):
            share = time.remaining() / (len(addresses) - index)
            if share <= 0:
                break
            try:
                connected = _connect(address, port, share, source_address, _PROMPT if options is None else options)
            except OSError as error:
                failure = error
            else:
                connected.settimeout(max(now.remaining(), 0.001))
                return connected
        now.check()
        raise failure

    def resolve(self, host: str, port: int, time: Deadline) -> tuple[Address, ...]:
        """All addresses of a host, each of which is allowed.

        Raises:
            Forbidden: the host or one of its addresses is not, or there is no such port.
            NameNotFound: the name does not resolve.
            ProviderTimeout: resolving takes longer than ``time``.
        """
        name, port = read_place(host, port)
        self.reach.screen(name, port)
        addresses = self._addresses(name, port, time)
        try:
            self.reach.judge(name, port, addresses, None)
        except Forbidden:
            if not self.reach.is_named(name, port):
                raise
            self.reach.judge(name, port, addresses, self._naming(time))
        return addresses

    def _naming(self, time: Deadline) -> Kind:
        """The class of the endpoint that has named this one, which must be allowed itself."""
        reach, (host, port) = self.reach.naming()
        reach.screen(host, port)
        return reach.judge(host, port, self._addresses(host, port, time), None)

    def _addresses(self, host: str, port: int, time: Deadline) -> tuple[Address, ...]:
        known = self.reach.policy.knows(host, port)
        return self._resolver.addresses(host, known=known, seconds=max(time.remaining(), 0.001))


def _connect(
    address: Address, port: int, seconds: float, source_address: tuple[str, int] | None, options: SocketOptions
) -> socket.socket:
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6  # noqa: PLR2004 - the protocol's version
    connecting = socket.socket(family, socket.SOCK_STREAM)
    try:
        for level, name, value in options:
            connecting.setsockopt(level, name, value)
        connecting.settimeout(seconds)
        if source_address is not None:
            connecting.bind(source_address)
        connecting.connect((str(address), port))
    except BaseException:
        connecting.close()
        raise
    return connecting
