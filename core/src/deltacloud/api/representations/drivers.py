"""Drivers: XML goes by provider, then kind; JSON by kind, then provider."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from deltacloud.api.parsing.percent import segment
from deltacloud.api.representations.encoding import encode
from deltacloud.api.representations.markup import attribute, cdata, text
from deltacloud.api.representations.view import located
from deltacloud.driver import CredentialFields
from deltacloud.models import Provider


class DriverFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What is shown of a driver.

    Attributes:
        id: Its name, in lower case.
        title: What people call the cloud.
        credentials: What its credentials are; None where it needs none.
        providers: Its providers, declared or asked from the cloud.
        asked: Whether the providers were asked from the cloud. Those without entry points then get one: the URL
            that selects them.
        limitations: What is emulated or partial, one sentence each.
        error: Why it does not load.
    """

    id: str
    title: str
    credentials: CredentialFields | None = None
    providers: tuple[Provider, ...] = ()
    asked: bool = False
    limitations: tuple[str, ...] = ()
    error: str | None = None


def drivers_xml(api: str, drivers: Iterable[DriverFacts]) -> bytes:
    """The list of drivers in XML, without a declaration; providers have no entry points here."""
    entries = []
    for driver in drivers:
        providers = "".join([f"    <provider id='{attribute(one.id)}'></provider>\n" for one in driver.providers])
        entries.append(f"  {_head_xml(api, driver, '  ')}{providers}{_error_xml(driver, '    ')}  </driver>\n")
    return f"<drivers>\n{''.join(entries)}</drivers>\n".encode()


def driver_xml(api: str, driver: DriverFacts) -> bytes:
    """One driver in XML, without a declaration."""
    providers = "".join([_provider_xml(api, driver, one) for one in driver.providers])
    limitations = "".join([f"  <limitation>{text(one)}</limitation>\n" for one in driver.limitations])
    return (f"{_head_xml(api, driver, '')}{providers}{limitations}{_error_xml(driver, '  ')}</driver>\n").encode()


def _head_xml(api: str, driver: DriverFacts, indent: str) -> str:
    return f"<driver {located(f'{attribute(api)}/drivers', driver.id)}>\n{indent}  <name>{text(driver.title)}</name>\n"


def _error_xml(driver: DriverFacts, indent: str) -> str:
    return "" if driver.error is None else f"{indent}<error>{text(driver.error)}</error>\n"


def _provider_xml(api: str, driver: DriverFacts, provider: Provider) -> str:
    points = _entry_points(api, driver, provider)
    start = f"  <provider id='{attribute(provider.id)}'>"
    if not points:
        return f"{start}</provider>\n"
    lines = "".join(
        [
            f"    <entrypoint kind='{attribute(kind)}'>{text(url) if driver.asked else cdata(url)}</entrypoint>\n"
            for kind, url in points
        ]
    )
    return f"{start}\n{lines}  </provider>\n"


def _entry_points(api: str, driver: DriverFacts, provider: Provider) -> tuple[tuple[str, str], ...]:
    if provider.entry_points or not driver.asked:
        return provider.entry_points
    name = provider.id if provider.name is None else provider.name
    value = provider.id if provider.value is None else provider.value
    return ((name, f"{api};provider={segment(value)}"),)


def drivers_json(api: str, drivers: Iterable[DriverFacts]) -> bytes:
    """The list of drivers in JSON: an object by id, without a wrapper."""
    return encode({driver.id: _fields(api, driver) for driver in drivers})


def driver_json(api: str, driver: DriverFacts) -> bytes:
    """One driver in JSON."""
    fields = _fields(api, driver)
    fields["id"] = driver.id
    if driver.limitations:
        fields["limitations"] = driver.limitations
    return encode({"driver": fields})


def _fields(api: str, driver: DriverFacts) -> dict[str, object]:
    fields: dict[str, object] = {"name": driver.title}
    if driver.credentials is not None:
        fields["username"] = driver.credentials.username
        fields["password"] = driver.credentials.password
    kinds: dict[str, dict[str, str]] = {}
    for provider in driver.providers:
        for kind, url in _entry_points(api, driver, provider):
            kinds.setdefault(kind, {})[provider.id] = url
    if kinds:
        fields["entrypoints"] = kinds
    if driver.error is not None:
        fields["error"] = driver.error
    return fields
