"""Opening the sockets that the server listens on."""

from __future__ import annotations

import errno
import socket

from deltacloud.server.hosts import is_loopback


class CannotListenError(Exception):
    """The address is in use, not ours, or not permitted; the text is one line."""


def open_listeners(host: str, port: int, backlog: int) -> list[socket.socket]:
    """Listen on every address that the host name stands for, all on one port (``localhost`` has two).

    Args:
        host: Host name or address; ``*`` for all addresses.
        port: The port; 0 for any free one.
        backlog: Connections that may wait to be accepted.

    Raises:
        CannotListenError: there is no such address, or the port is taken.
    """
    listeners: list[socket.socket] = []
    refused: OSError | None = None
    for family, address in _addresses(host, port):
        bound = listeners[0].getsockname()[1] if listeners else port
        try:
            listeners.append(_listen(family, address, bound, backlog))
        except OSError as error:
            refused = error
            if error.errno not in {errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT}:
                break
    if refused is not None and (not listeners or refused.errno not in {errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT}):
        for listener in listeners:
            listener.close()
        raise CannotListenError(f"cannot listen on {host} port {port}: {refused.strerror}")
    return listeners


def all_loopback(listeners: list[socket.socket]) -> bool:
    """Whether they can be reached from this machine alone."""
    return all(is_loopback(listener.getsockname()[0]) for listener in listeners)


def _addresses(host: str, port: int) -> list[tuple[socket.AddressFamily, str]]:
    try:
        found = socket.getaddrinfo(
            None if host == "*" else host.strip("[]"), port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
    except OSError as error:
        raise CannotListenError(f"cannot listen on {host}: {error.strerror}") from None
    # IPv4 first: it decides the port when any will do.
    unique = dict.fromkeys((family, str(address[0])) for family, _, _, _, address in found)
    return sorted(unique, key=lambda pair: pair[0] != socket.AF_INET)


def _listen(family: socket.AddressFamily, address: str, port: int, backlog: int) -> socket.socket:
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.bind((address, port))
        listener.listen(backlog)
    except OSError:
        listener.close()
        raise
    return listener
