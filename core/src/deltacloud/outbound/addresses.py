"""Which class an address belongs to: never reached, local, or public.

The table is written out, because the properties of :mod:`ipaddress` are no policy: several metadata services and all
kinds of wrapped addresses are "global" to them, and releases disagree.
"""

from __future__ import annotations

import enum
import ipaddress
from collections.abc import Iterable
from typing import TypeAlias

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network


class Kind(enum.IntEnum):
    """How an address is treated; the higher, the stricter."""

    PUBLIC = 0
    LOCAL = 1
    NEVER = 2


def _networks(*texts: str) -> tuple[Network, ...]:
    return tuple(ipaddress.ip_network(text) for text in texts)


_NEVER = _networks(
    "0.0.0.0/8",  # this host
    "169.254.0.0/16",  # link-local, with the metadata services of most clouds
    "224.0.0.0/4",  # multicast
    "240.0.0.0/4",  # reserved, broadcast
    "192.0.0.192/32",  # metadata: Oracle
    "100.100.100.200/32",  # metadata: Alibaba
    "168.63.129.16/32",  # metadata: Azure
    "::/128",
    "fe80::/10",
    "ff00::/8",
    "fd00:ec2::/32",  # metadata: Amazon
    "fd20:ce::254/128",  # metadata: Google
    "fd00:c1::a9fe:a9fe/128",  # metadata: Oracle
    "fd00:100::100:200/128",  # metadata: Alibaba
    "fd00:42::42/128",  # metadata: Scaleway
    "fd00:a9fe:a9fe::1/128",  # metadata: OpenStack-like installations
    "2001::/23",  # Teredo and other protocol assignments
    "2001:db8::/32",  # documentation
    "3fff::/20",  # documentation
    "2002::/16",  # 6to4
)
_LOCAL = _networks(
    "127.0.0.0/8",
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "100.64.0.0/10",  # carriers' private space
    "192.0.0.0/24",
    "192.0.2.0/24",  # documentation
    "198.51.100.0/24",
    "203.0.113.0/24",
    "198.18.0.0/15",  # benchmarks
    "::1/128",
    "fc00::/7",
    "fec0::/10",
)
_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")
_ISATAP = frozenset({0x00005EFE, 0x02005EFE})
_NAT64_LENGTHS = frozenset({32, 40, 48, 56, 64, 96})


class AddressTable:
    """The table, with the operator's NAT64 prefixes.

    Args:
        nat64_prefixes: IPv6 prefixes behind which the operator's network reaches IPv4 addresses. An address inside one
            is judged by the IPv4 address that it wraps.

    Raises:
        ValueError: a text is no IPv6 prefix of a length that NAT64 knows (RFC 6052).
    """

    def __init__(self, nat64_prefixes: Iterable[str] = ()) -> None:
        self._nat64 = tuple(_nat64_prefix(text) for text in nat64_prefixes)

    def classify(self, address: Address) -> Kind:
        """The class of an address: the strictest that any of its facets has. A zone id does not count."""
        kind = _explicit(address)
        if isinstance(address, ipaddress.IPv4Address) or kind is Kind.NEVER:
            return kind
        wrapped = self._behind_nat64(address)
        if wrapped is not None:
            return _explicit(wrapped)
        # Everything that wraps an IPv4 address elsewhere (mapped, compatible, translated, 64:ff9b::/96) ends here.
        if kind is Kind.PUBLIC and address not in _GLOBAL_V6:
            return Kind.NEVER
        if (int(address) >> 32) & 0xFFFFFFFF in _ISATAP:
            return max(kind, _explicit(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)))
        return kind

    def _behind_nat64(self, address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
        for prefix in self._nat64:
            if address in prefix:
                return _embedded(address, prefix.prefixlen)
        return None


def parse(text: str) -> Address:
    """An address from its text, without a zone id.

    Raises:
        ValueError: it is none.
    """
    return ipaddress.ip_address(text.partition("%")[0])


def _explicit(address: Address) -> Kind:
    if any(address in network for network in _NEVER):
        return Kind.NEVER
    if any(address in network for network in _LOCAL):
        return Kind.LOCAL
    return Kind.PUBLIC


def _nat64_prefix(text: str) -> ipaddress.IPv6Network:
    prefix = ipaddress.IPv6Network(text)
    if prefix.prefixlen not in _NAT64_LENGTHS:
        raise ValueError(f"{text} is no NAT64 prefix: its length must be 32, 40, 48, 56, 64 or 96")
    return prefix


def _embedded(address: ipaddress.IPv6Address, length: int) -> ipaddress.IPv4Address:
    """The IPv4 address that follows a NAT64 prefix; the ninth byte is skipped (RFC 6052, section 2.2)."""
    packed = address.packed
    start = length // 8
    following = packed[start:] if length == 96 else packed[start:8] + packed[9:]  # noqa: PLR2004
    return ipaddress.IPv4Address(following[:4])


__all__ = ["Address", "AddressTable", "Kind", "Network", "parse"]
