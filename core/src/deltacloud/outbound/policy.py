"""Which hosts and addresses a driver may be led to, and by whom.

A :class:`Policy` is what holds for a driver in this process, a :class:`Reach`
what holds for one endpoint of one kind of request. Connection pools belong to a reach, never to a request.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NoReturn, TypeAlias

from deltacloud.errors import Forbidden
from deltacloud.outbound import endpoints
from deltacloud.outbound.addresses import Address, AddressTable, Kind, Network
from deltacloud.outbound.endpoints import Endpoint

Origin: TypeAlias = tuple[str, int]
"""Host and port."""

_HOST_PATTERN = re.compile(r"[a-z0-9.*-]+", re.ASCII)


class Policy:
    """What a driver may be led to in this process; made once and compared by identity.

    Args:
        hosts: Patterns of the cloud's own hosts; ``*`` stands for any letters, digits, hyphens and dots.
        entry_points: URLs or hosts of the providers that the driver names; they count as ``hosts``.
        own: The server's default provider and the endpoints in its settings: URLs (opened at their port) or hosts.
        allow: The operator's ``allow-providers``: host patterns, addresses and CIDRs; None when it is not set.
        nat64: The operator's NAT64 prefixes.

    Raises:
        ValueError: one of them cannot be read. The message says which.
    """

    def __init__(
        self,
        *,
        hosts: Iterable[str] = (),
        entry_points: Iterable[str] = (),
        own: Iterable[str] = (),
        allow: Iterable[str] | None = None,
        nat64: Iterable[str] = (),
    ) -> None:
        self.table = AddressTable(nat64)
        self.restricts = allow is not None
        self._cloud = _alternatives(hosts)
        self._entry_points = frozenset(_place(text)[0] for text in entry_points)
        self._own = frozenset(_place(text) for text in own)
        networks, patterns = _split(allow or ())
        self._networks = networks
        self._allowed = _alternatives(patterns)

    def knows(self, host: str, port: int) -> bool:
        """Whether declarations or settings name this host, so that no caller chose it."""
        return self.is_own(host, port) or self.is_cloud(host)

    def is_own(self, host: str, port: int) -> bool:
        """Whether the server's own settings lead there."""
        return (host, port) in self._own or (host, None) in self._own

    def is_cloud(self, host: str) -> bool:
        """Whether this is one of the cloud's own hosts."""
        return host in self._entry_points or self._cloud.fullmatch(host) is not None

    def allows_host(self, host: str) -> bool:
        """Whether ``allow-providers`` names this host."""
        return self._allowed.fullmatch(host) is not None

    def allows_address(self, address: Address) -> bool:
        """Whether ``allow-providers`` has a network with this address."""
        return any(address in network for network in self._networks)

    @property
    def allows_networks(self) -> bool:
        """Whether ``allow-providers`` has networks, so that a name has to be resolved before it is judged."""
        return bool(self._networks)


@dataclass(frozen=True, slots=True)
class Reach:
    """What one kind of request may reach.

    Attributes:
        policy: What holds for the driver.
        local: Whether this is a local request, and that decides anything.
        named: The one further host and port that ``named_by`` has named in an answer.
        named_by: The endpoint that named it, which must be allowed by itself.
    """

    policy: Policy
    local: bool = False
    named: Origin | None = None
    named_by: Origin | None = None

    def screen(self, host: str, port: int) -> None:
        """Refuse what no address could open, so that nobody's name servers are asked in vain.

        Raises:
            Forbidden: neither declaration nor setting opens the host.
        """
        address = endpoints.literal(host)
        if address is not None:
            self._refuse_never(host, address)
        if self._may_open(host, port, address):
            return
        if not self.is_named(host, port):
            refuse(host)
        naming, origin = self.naming()
        naming.screen(*origin)

    def judge(self, host: str, port: int, addresses: Sequence[Address], naming: Kind | None) -> Kind:
        """Check every address that a host has.

        Args:
            host: What is to be connected to.
            port: Its port.
            addresses: All that the name resolves to.
            naming: The class of the endpoint that named this one; None if none did.

        Returns:
            ``LOCAL`` if all addresses are local, ``PUBLIC`` otherwise.

        Raises:
            Forbidden: one of the addresses is not allowed.
        """
        for address in addresses:
            kind = self._refuse_never(host, address)
            if not (self._opens_host(host, port) or self._opens_address(host, address, kind, naming)):
                refuse(host)
        return min(self.policy.table.classify(address) for address in addresses)

    def is_named(self, host: str, port: int) -> bool:
        """Whether this is the host that another endpoint has named."""
        return self.named == (host, port) and self.named_by is not None

    def naming(self) -> tuple[Reach, Origin]:
        """What the endpoint that named this one is judged by, and where it is.

        Raises:
            ValueError: no endpoint has named this one.
        """
        if self.named_by is None:
            raise ValueError("no endpoint has named this one")
        return Reach(self.policy, self.local), self.named_by

    def _refuse_never(self, host: str, address: Address) -> Kind:
        kind = self.policy.table.classify(address)
        if kind is Kind.NEVER:
            refuse_never(host)
        return kind

    def _may_open(self, host: str, port: int, address: Address | None) -> bool:
        """Whether anything but another endpoint's answer may open the host; certain when its address is known."""
        if self._opens_host(host, port):
            return True
        if address is not None:
            return self._opens_address(host, address, self.policy.table.classify(address), None)
        return self.policy.allows_networks or self.policy.is_cloud(host)

    def _opens_host(self, host: str, port: int) -> bool:
        """Whether the host is open at any address."""
        policy = self.policy
        if policy.is_own(host, port) or policy.allows_host(host):
            return True
        return self.local and not policy.restricts

    def _opens_address(self, host: str, address: Address, kind: Kind, naming: Kind | None) -> bool:
        if self.policy.allows_address(address):
            return True
        if kind is Kind.PUBLIC and self.policy.is_cloud(host):
            return True
        return naming is Kind.LOCAL or (naming is Kind.PUBLIC and kind is Kind.PUBLIC)


def read(url: str) -> Endpoint:
    """Scheme, host and port of a URL that is to be followed.

    Raises:
        Forbidden: they are not written as the grammar demands.
    """
    try:
        return endpoints.parse_origin(url)
    except ValueError as error:
        raise Forbidden(f"This server does not follow such a URL: {error}") from None


def read_place(host: str, port: int) -> Origin:
    """Host and port that something is to connect to, the host as :class:`Endpoint` has it.

    Raises:
        Forbidden: the host is neither a plain name nor an address, or there is no such port.
    """
    try:
        return endpoints.check_host(host), endpoints.check_port(port)
    except ValueError as error:
        raise Forbidden(f"This server does not connect to such a place: {error}") from None


def refuse(host: str) -> NoReturn:
    """Say that a host is not open.

    Raises:
        Forbidden: always.
    """
    raise Forbidden(f"This server may not talk to {host}: its setting allow-providers does not name it")


def refuse_never(host: str) -> NoReturn:
    """Say that nothing opens a host.

    Raises:
        Forbidden: always.
    """
    raise Forbidden(f"This server never talks to {host}; its setting allow-providers does not open it either")


def _alternatives(patterns: Iterable[str]) -> re.Pattern[str]:
    """One expression that matches, whole, what any of the patterns does; none at all matches nothing."""
    return re.compile("|".join(_expression(pattern) for pattern in patterns) or r"(?!)", re.ASCII)


def _expression(pattern: str) -> str:
    text = pattern.lower()
    if text == "*":
        return ".*"
    if _HOST_PATTERN.fullmatch(text) is None:
        raise ValueError(f"{pattern!r} is neither a host, with or without *, nor an address or network")
    return "[a-z0-9.-]*".join(re.escape(part) for part in text.split("*"))


def _split(entries: Iterable[str]) -> tuple[tuple[Network, ...], tuple[str, ...]]:
    """The networks among the operator's entries, and the host patterns."""
    networks: list[Network] = []
    patterns: list[str] = []
    for entry in entries:
        try:
            networks.append(ipaddress.ip_network(entry.removeprefix("[").removesuffix("]")))
        except ValueError:
            patterns.append(entry)
    return tuple(networks), tuple(patterns)


def _place(text: str) -> tuple[str, int | None]:
    """Host and port of a URL; without a port for what is only a host."""
    try:
        if "://" in text:
            return endpoints.parse_origin(text).origin
        return endpoints.check_host(text), None
    except ValueError as error:
        raise ValueError(f"{text!r} is no endpoint: {error}") from None
