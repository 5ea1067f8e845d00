"""What an account really has: asked from the cloud with good credentials, and kept for a minute."""

from __future__ import annotations

import functools

from deltacloud.api.collections import COLLECTIONS
from deltacloud.api.documents import FAILING
from deltacloud.api.exchange import Exchange
from deltacloud.api.handlers import first_page
from deltacloud.api.operations import Collection
from deltacloud.errors import CredentialsRequired
from deltacloud.kernel import LoadedDriver

_KEPT = 60.0


def check(exchange: Exchange) -> None:
    """Check the credentials against the cloud (``force_auth``).

    Raises:
        CredentialsRequired: there are none.
        AuthenticationFailed: they are wrong.
    """
    if exchange.driver.kind.credentials is None:
        return
    if exchange.credentials is None:
        raise CredentialsRequired
    hooks = exchange.driver.hooks
    if "inspect_account" in hooks:
        exchange.inspected(_KEPT, anew=True)
    elif "list_realms" in hooks or "list_buckets" in hooks:
        first_page(exchange, "list_realms" if "list_realms" in hooks else "list_buckets")


def offered(exchange: Exchange) -> tuple[Collection, ...]:
    """The collections that the entry point links to: the driver's full list, less what the account lacks.

    Without credentials, with wrong ones or with a failing cloud it is the full list.
    """
    driver = exchange.driver
    listed = _listed(driver)
    if "inspect_account" not in driver.hooks or exchange.credentials is None:
        return listed
    try:
        present = exchange.inspected(_KEPT)
    except FAILING:
        return listed
    if present is None:
        return listed
    return tuple(one for one in listed if one.name in present or one.name == "drivers")


@functools.lru_cache(maxsize=64)
def _listed(driver: LoadedDriver) -> tuple[Collection, ...]:
    """The driver's full list."""
    return tuple(one for one in COLLECTIONS if one.listed and one.available(driver))
