"""What the operator decides about the gateway itself, whatever serves it."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from deltacloud.context import Credentials


class GatewaySettings(msgspec.Struct, frozen=True, kw_only=True):
    """Settings that the kernel and the front ends need; :mod:`deltacloud.server.settings` reads them.

    Attributes:
        driver: The driver of requests that name none; None when none is installed.
        provider: The provider of requests that name none and use that driver.
        timeout: Seconds until an answer begins, counted from the end of the request's body.
        idle_timeout: Seconds without a moved byte after which a running transfer ends.
        public_url: The base of all links (``https://cloud.example.com``), instead of the request's ``Host``.
        trusted_proxies: Peers (CIDR notation) whose ``X-Forwarded-*`` headers count.
        bound_to_loopback: Whether the server listens on loopback alone.
        allow_providers: Hosts (with ``*``) and CIDRs that callers may name as providers; None when not set.
        ssh: Whether commands may be run on instances over SSH.
        nat64_prefixes: The operator's own NAT64 prefixes, so that addresses inside them are judged by what they wrap.
        body_limit: The largest request body that is not a blob's content, in bytes.
        json_limit: The largest JSON or form body held in memory, in bytes.
        page_limit: The largest ``limit`` of a list.
        driver_calls: The most calls of one driver that one process has in progress.
        credentials: Credentials used for every request, whatever the client sends; None for the caller's own.
        credentials_for_all: Whether those serve requests that are not local, too.
        extensions: Names of the active extensions, outermost first.
        front_ends: Names of the active front ends.
        drivers: The ``[drivers.NAME]`` tables.
        extension_tables: The ``[extensions.NAME]`` tables.
        distributions: Driver name to the distribution that shall bring it, where two claim it.
        verbose: Whether log lines carry parameters, driver and provider.
    """

    driver: str | None = None
    provider: str | None = None
    timeout: float = 60.0
    idle_timeout: float = 60.0
    public_url: str | None = None
    trusted_proxies: tuple[str, ...] = ("127.0.0.0/8", "::1/128")
    bound_to_loopback: bool = True
    allow_providers: tuple[str, ...] | None = None
    ssh: bool = False
    nat64_prefixes: tuple[str, ...] = ()
    body_limit: int = 64 * 1024 * 1024
    json_limit: int = 1024 * 1024
    page_limit: int = 1000
    driver_calls: int = 1536
    credentials: Credentials | None = None
    credentials_for_all: bool = False
    extensions: tuple[str, ...] = ()
    front_ends: tuple[str, ...] = ("deltacloud",)
    drivers: Mapping[str, Mapping[str, object]] = {}
    extension_tables: Mapping[str, Mapping[str, object]] = {}
    distributions: Mapping[str, str] = {}
    verbose: bool = False

    def __repr__(self) -> str:
        return f"<GatewaySettings driver={self.driver!r}>"  # tables of drivers and extensions hold passwords
