"""Hardware profiles of a request: the cloud's own with good credentials, the bundled table without."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from deltacloud.errors import AuthenticationFailed, InvalidRequest, NotFound
from deltacloud.hardware import Number
from deltacloud.inputs import Filters, HardwareOverrides
from deltacloud.models import HardwareProfile

if TYPE_CHECKING:
    from deltacloud.api.exchange import Exchange

_OVERRIDES = ("cpu", "memory", "storage", "architecture")


def profiles(exchange: Exchange, filters: Filters) -> list[HardwareProfile]:
    """The profiles: the hook is asked first; if it has no valid credentials the class attribute answers."""
    declared = exchange.driver.kind.hardware_profiles
    if "list_hardware_profiles" in exchange.driver.hooks:
        try:
            whole = exchange.lister.whole("list_hardware_profiles", filters)
            return list(cast("Iterable[HardwareProfile]", whole))
        except AuthenticationFailed:
            if not declared:
                raise
    return list(cast("Iterable[HardwareProfile]", exchange.lister.narrowed(declared, filters)))


def profile(exchange: Exchange, identifier: str) -> HardwareProfile:
    """One profile, in the same manner.

    Raises:
        NotFound: there is none of that id.
    """
    declared = exchange.driver.kind.hardware_profiles
    if "get_hardware_profile" in exchange.driver.hooks:
        try:
            found: HardwareProfile = exchange.call("get_hardware_profile", hardware_profile_id=identifier)
        except AuthenticationFailed:
            if not declared:
                raise
        else:
            return found
    for one in profiles(exchange, Filters(id=(identifier,))):
        if one.id == identifier:
            return one
    raise NotFound


def chosen(exchange: Exchange) -> tuple[str | None, HardwareOverrides]:
    """The profile that a new instance names, and the values that it overrides, both checked.

    Raises:
        InvalidRequest: there is no such profile, or it does not allow the value.
    """
    identifier = exchange.parameters.text("hwp_id") or None
    overrides = exchange.parameters.hardware()
    if identifier is not None and "hardware_profiles" in exchange.driver.capabilities:
        try:
            found = profile(exchange, identifier)
        except NotFound:
            # the original's sentence, which its clients have seen
            raise InvalidRequest(f"Hardware profile '{identifier}' does not exists.", "hwp_id") from None
        _check(found, overrides)
    return identifier, overrides


def _check(found: HardwareProfile, overrides: HardwareOverrides) -> None:
    for name in _OVERRIDES:
        value: Number | str | None = getattr(overrides, name)
        if value is None:
            continue
        allowed = found.property(name)
        if allowed is not None and not allowed.accepts(value):
            raise InvalidRequest(f"Hardware profile '{found.id}' does not allow this value of {name}", f"hwp_{name}")
        if allowed is None and found.properties:
            raise InvalidRequest(f"Hardware profile '{found.id}' has no {name}", f"hwp_{name}")
