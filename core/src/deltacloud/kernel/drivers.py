"""Drivers: found by name, loaded at first use, one instance in each process."""

from __future__ import annotations

import logging
import os
import re
import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec

from deltacloud import CONTRACT
from deltacloud.driver import Driver, Settings, read_settings
from deltacloud.errors import DeltacloudError, DriverUnavailable, InvalidRequest
from deltacloud.features import Feature
from deltacloud.kernel.discovery import DRIVERS, Catalogue, Unloadable
from deltacloud.kernel.plugins import DriverPlugins
from deltacloud.kernel.settings import GatewaySettings
from deltacloud.models import Provider
from deltacloud.outbound import Policy, Resolver, WayOut, endpoints
from deltacloud.providers import ParsedProvider, Providers
from deltacloud.redaction import starred, texts_in

if TYPE_CHECKING:
    from deltacloud.kernel.calls import DriverCall

_log = logging.getLogger("deltacloud.kernel")
_URL = re.compile(r"https?://", re.IGNORECASE)
_NO_SECRETS = frozenset(Settings.__struct_fields__)
_NO_INDEX = frozenset({"list_blobs", "list_providers"})


class DriverReport(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of an installed driver, whether it loads or not."""

    name: str
    title: str
    distribution: str
    version: str
    collections: tuple[str, ...] = ()
    error: str | None = None


class LoadedDriver:
    """A driver that can be called.

    Attributes:
        calls: Those in progress.
    """

    def __init__(
        self, name: str, kind: type[Driver], settings: GatewaySettings, resolver: Resolver | None = None
    ) -> None:
        self.name = name
        self.kind = kind
        self.calls: set[DriverCall] = set()
        self.plugins, self.way_out, default = _build(name, kind, settings, resolver)
        self.default_provider = default
        self.hooks: frozenset[str] = self.plugins.implemented
        self.features: Mapping[str, Feature] = {feature.name: feature for feature in kind.features}
        self.feature_names = frozenset(self.features)
        self.providers = _providers(kind)
        self.states = self.plugins.driver.states
        self.collections = _collections(self)
        self.capabilities = self.hooks | ({"hardware_profiles", "instance_states"} & set(self.collections))

    def names(self, hook: str, argument: str) -> bool:
        """Whether the driver takes charge of this argument of the hook."""
        return argument in self.plugins.arguments[hook]

    def provider(self, text: str | None) -> ParsedProvider:
        """The provider of a request; drivers without any accept and keep every text.

        Raises:
            InvalidRequest: it is none of the driver's.
        """
        wanted = text or self.default_provider
        if self.providers is None:
            return ParsedProvider(text=wanted)
        parsed = self.providers.resolve(wanted)
        return _rebuilt(parsed) if parsed.endpoints else parsed

    @property
    def listed_providers(self) -> tuple[Provider, ...]:
        """The providers known without asking the cloud."""
        return () if self.providers is None else self.providers.listed

    def translate(self, error: Exception) -> DeltacloudError | None:
        """The driver's own opinion of an exception."""
        if "translate_error" not in self.hooks:
            return None
        translated: DeltacloudError | None = self.plugins.invoke("translate_error", {"error": error})
        return translated

    def close(self) -> None:
        """Let go of everything the driver holds."""
        self.plugins.driver.close()
        self.way_out.close()


class Drivers:
    """All installed drivers. Nothing is imported before it is asked for; a failure is remembered as a reason."""

    def __init__(self, settings: GatewaySettings) -> None:
        self._settings = settings
        self._catalogue = Catalogue(DRIVERS, settings.distributions)
        self._lock = threading.RLock()
        self._resolver = Resolver()
        self._loaded: dict[str, LoadedDriver | Unloadable] = {}

    def names(self) -> tuple[str, ...]:
        """All installed drivers, in alphabetical order."""
        return self._catalogue.names()

    def get(self, name: str) -> LoadedDriver:
        """The driver of that name.

        Raises:
            InvalidRequest: none is installed under it.
            DriverUnavailable: it does not load.
        """
        driver = self._loaded.get(name)
        if driver is None:
            if name not in self._catalogue:
                raise InvalidRequest(self._unknown(name), "driver")
            with self._lock:
                driver = self._loaded.get(name) or self._load(name)
                self._loaded[name] = driver
        if isinstance(driver, Unloadable):
            raise DriverUnavailable(f"Driver '{name}' does not load: {driver}")
        return driver

    def reason(self, name: str) -> str | None:
        """Why a driver does not load; None when it does.

        Raises:
            InvalidRequest: none is installed under that name.
        """
        try:
            self.get(name)
        except DriverUnavailable:
            return str(self._loaded[name])
        return None

    def report(self, name: str) -> DriverReport:
        """What is known of an installed driver; imports it, and none of its SDKs."""
        found = self._catalogue.claims(name)
        reason = self.reason(name)
        driver = None if reason is not None else self.get(name)
        return DriverReport(
            name=name,
            title=name if driver is None else driver.kind.title,
            distribution=", ".join(one.distribution for one in found),
            version=", ".join(one.version for one in found),
            collections=() if driver is None else driver.collections,
            error=reason,
        )

    def loaded(self) -> list[LoadedDriver]:
        """The drivers that were used and loaded."""
        return [driver for driver in tuple(self._loaded.values()) if isinstance(driver, LoadedDriver)]

    def close(self) -> None:
        """Close every driver that was loaded."""
        for driver in self.loaded():
            driver.close()
        self._resolver.close()

    def _load(self, name: str) -> LoadedDriver | Unloadable:
        try:
            return LoadedDriver(name, _checked(name, self._catalogue.load(name)), self._settings, self._resolver)
        except Unloadable as error:
            # A new one: where this was raised leads to the request that was served then, and to all that it held.
            reason = Unloadable(str(error))
        _log.error("driver %s does not load: %s", name, reason)
        return reason

    def _unknown(self, name: str) -> str:
        installed = ", ".join(self.names()) or "none"
        return f"Driver '{name}' is not available (installed: {installed}; it usually comes with deltacloud-{name})"


def _checked(name: str, loaded: object) -> type[Driver]:
    if not (isinstance(loaded, type) and issubclass(loaded, Driver)):
        raise Unloadable(f"{loaded!r} is no subclass of deltacloud.driver.Driver")
    for declared in ("name", "title", "contract"):
        if not hasattr(loaded, declared):
            raise Unloadable(f"{loaded.__name__} does not declare {declared}")
    if loaded.name != name:
        raise Unloadable(f"{loaded.__name__}.name is {loaded.name!r}, and its entry point is called {name!r}")
    if loaded.contract != CONTRACT:
        raise Unloadable(f"it speaks contract {loaded.contract}, and this core speaks {CONTRACT}")
    return loaded


def _build(
    name: str, kind: type[Driver], settings: GatewaySettings, resolver: Resolver | None
) -> tuple[DriverPlugins, WayOut, str | None]:
    table = {key: value for key, value in settings.drivers.get(name, {}).items() if key != "distribution"}
    try:
        own = read_settings(kind.settings, table, os.environ)
    except ValueError as error:
        raise Unloadable(f"its settings [drivers.{name}] are wrong: {_told(error, table)}") from error
    default = own.default_provider or (settings.provider if name == settings.driver else None)
    try:
        policy = _policy(kind, own, default, settings)
        way_out = WayOut(name, policy, ca_file=own.ca_file, ssh=settings.ssh, resolver=resolver)
        plugins = DriverPlugins(kind(own))
    except Unloadable:
        raise
    except (DeltacloudError, OSError, ValueError) as error:
        raise Unloadable(f"its settings [drivers.{name}] are wrong: {_told(error, own)}") from error
    except Exception as error:
        reason = f"{type(error).__name__}: {_told(error, own)}"
        raise Unloadable(f"{kind.__name__}(settings) fails: {reason}") from error
    return plugins, way_out, default


def _told(error: Exception, settings: Settings | Mapping[str, object]) -> str:
    """An exception's text without the settings' values: every client is shown it, and they may be secrets."""
    values = msgspec.structs.asdict(settings) if isinstance(settings, Settings) else settings
    secret = [value for name, value in values.items() if name.replace("-", "_") not in _NO_SECRETS]
    return starred(str(error), texts_in(secret))


def _rebuilt(parsed: ParsedProvider) -> ParsedProvider:
    """The same provider with URLs that were parsed by the one strict grammar and put together anew."""
    try:
        urls = {role: endpoints.parse(url).url for role, url in parsed.endpoints.items()}
    except ValueError as error:
        raise InvalidRequest(f"The provider's address cannot be read: {error}", "provider") from None
    return replace(parsed, endpoints=urls)


def _providers(kind: type[Driver]) -> Providers | None:
    return Providers(names=kind.providers) if isinstance(kind.providers, tuple) else kind.providers


def _policy(kind: type[Driver], own: Settings, default: str | None, settings: GatewaySettings) -> Policy:
    """Where the driver may be led to: its cloud's own hosts, what the settings name, and what the operator allows."""
    providers = _providers(kind)
    named = () if providers is None else providers.listed
    trusted = [value for value in msgspec.structs.astuple(own) if isinstance(value, str) and _URL.match(value)]
    if default is not None and providers is not None:
        trusted += providers.resolve(default).endpoints.values()
    return Policy(
        hosts=kind.hosts,
        # One of the kind "default" only shows how a provider is written.
        entry_points=[place for provider in named for kind, place in provider.entry_points if kind != "default"],
        own=trusted,
        allow=settings.allow_providers,
        nat64=settings.nat64_prefixes,
    )


def _collections(driver: LoadedDriver) -> tuple[str, ...]:
    names = {hook.removeprefix("list_") for hook in driver.hooks - _NO_INDEX if hook.startswith("list_")}
    if driver.kind.hardware_profiles:
        names.add("hardware_profiles")
    if driver.states is not None:
        names.add("instance_states")
    return tuple(sorted(names | {"drivers"}))
