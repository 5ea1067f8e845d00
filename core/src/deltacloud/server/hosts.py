"""Who is asking, and by which name: hosts, peers, and which of them are this machine."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

_HOST = re.compile(r"(?P<name>[A-Za-z0-9_][A-Za-z0-9._-]{0,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::(?P<port>[0-9]{0,5}))?")
_ADDRESS = re.compile(r"[0-9A-Fa-f.:]{2,45}(?:%[A-Za-z0-9._-]{1,32})?")
_DEFAULT_PORTS = {"http": "80", "https": "443"}
_HIGHEST_PORT = 65535


class Host(NamedTuple):
    """A host as clients name it.

    Attributes:
        base_url: Scheme, host and port; the scheme's default port is left out.
        loopback: Whether it names this machine.
    """

    base_url: str
    loopback: bool


def read_host(scheme: str, text: str) -> Host | None:
    """The host in a ``Host`` header; None if it is malformed."""
    match = _HOST.fullmatch(text)
    # Only what looks like a host is remembered: anything else may be long, or hold a password.
    return None if match is None else _read_host(scheme, match["name"], match["port"] or "")


@lru_cache(maxsize=1024)
def _read_host(scheme: str, name: str, port: str) -> Host | None:
    if port and int(port) > _HIGHEST_PORT:
        return None
    if name.startswith("[") and read_address(name[1:-1]) is None:
        return None
    shown = "" if not port or port == _DEFAULT_PORTS.get(scheme) else f":{port}"
    return Host(f"{scheme}://{name}{shown}", name.lower() == "localhost" or is_loopback(name.strip("[]")))


def read_address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address that a text means; an IPv4 address inside an IPv6 one comes out as itself. None if it is none."""
    return _read_address(text) if _ADDRESS.fullmatch(text) else None


@lru_cache(maxsize=4096)
def _read_address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def is_loopback(text: str) -> bool:
    """Whether this is a loopback address."""
    address = read_address(text)
    return address is not None and address.is_loopback


def peers_within(networks: Sequence[str]) -> Callable[[str], bool]:
    """A test whether an address lies in one of these networks; it remembers its answers."""
    parsed = [ipaddress.ip_network(network, strict=False) for network in networks]

    @lru_cache(maxsize=4096)
    def within(text: str) -> bool:
        address = read_address(text)
        return address is not None and any(address in network for network in parsed)

    return within


def forwarded_peer(header: str, trusted: Callable[[str], bool]) -> str | None:
    """The client named by ``X-Forwarded-For``: read from the right, the first address that is no trusted proxy.

    Returns:
        None if the entry that counts is no address.
    """
    peer = None
    for entry in reversed(header.split(",")):
        text = _without_port(entry.strip())
        if read_address(text) is None:
            return peer
        peer = text
        if not trusted(text):
            return peer
    return peer


def _without_port(entry: str) -> str:
    if entry.startswith("["):
        return entry[1:].partition("]")[0]
    return entry.partition(":")[0] if entry.count(":") == 1 else entry
