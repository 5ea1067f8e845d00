"""The last line: whatever a driver or its SDK is built on, no Python code of this process connects where nothing may.

The guard makes the connections of those who use it. This holds for those who do not: an SDK's connection of its own for
a token, an extension, a library that was thought to be off the network.
"""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterable

from deltacloud.outbound import addresses
from deltacloud.outbound.addresses import Address, AddressTable, Kind
from deltacloud.outbound.policy import refuse_never


def hold(nat64_prefixes: Iterable[str] = ()) -> None:
    """From now on until the process ends, connecting to an address of the class *never* raises ``Forbidden``.

    The interpreter tells of each connection before it is begun, and of none that comes in. What it does not tell of:
    connections of other languages' code, datagrams, and which address a name leads to, where a socket is handed one.
    (Under gevent no socket is: its own look the name up first.)

    Args:
        nat64_prefixes: The operator's NAT64 prefixes, as :class:`~deltacloud.outbound.addresses.AddressTable` has them.
    """
    table = AddressTable(nat64_prefixes)

    def hear(event: str, arguments: tuple[object, ...]) -> None:
        if event == "socket.connect":
            place = arguments[1]
            host = place[0] if isinstance(place, tuple) and place else None
            address = _read(host) if isinstance(host, str) else None
            if address is not None and table.classify(address) is Kind.NEVER:
                refuse_never(str(address))

    sys.addaudithook(hear)


def _read(host: str) -> Address | None:
    """The address that a socket reads in this text; None for a name."""
    try:
        return addresses.parse(host)
    except ValueError:
        pass
    try:
        # An empty host is 0.0.0.0, and "169.254.43518" is an address too.
        return addresses.parse(socket.inet_ntoa(socket.inet_aton(host or "0")))
    except (OSError, UnicodeError):
        return None
