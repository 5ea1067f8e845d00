"""Calls of a driver's hooks, as the gateway makes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from awscloud.accounts import Keys
from deltacloud.inputs import Filters, PageRequest
from deltacloud.kernel import Kernel
from deltacloud.kernel.settings import GatewaySettings
from deltacloud.testing.backend import Backend
from deltacloud.testing.caller import Caller, Place

LOOPBACK = ("127.0.0.0/8",)


class Hooks:
    """One login that calls one driver.

    Args:
        driver: The driver's name.
        provider: The provider's text.
        keys: The login; None for a request without any.
        seconds: How long each call may take.
        settings: The ``[drivers.NAME]`` table.
        extra: The driver's own parameters, by operation.
        allow: Where the operator lets callers lead the driver.
    """

    def __init__(
        self,
        driver: str,
        provider: str | None,
        keys: Keys | None,
        *,
        seconds: float = 60.0,
        settings: Mapping[str, object] | None = None,
        extra: Mapping[str, Mapping[str, object]] | None = None,
        allow: tuple[str, ...] | None = LOOPBACK,
    ) -> None:
        login = ("", "") if keys is None else keys.login
        backend = Backend(driver=driver, credentials=login, extra=extra or {}, seconds=seconds)
        self.kernel = Kernel(
            GatewaySettings(driver=driver, allow_providers=allow, drivers={driver: dict(settings or {})})
        )
        self.caller = Caller(Place(self.kernel, backend, provider), None if keys is None else login, seconds)
        self.driver = self.caller.driver

    def call(self, hook: str, **arguments: object) -> Any:
        """What a hook returns."""
        return self.caller.call(hook, **arguments)

    def list(self, collection: str, filters: Filters | None = None) -> list[Any]:
        """All of a collection, through all pages."""
        return list(self.caller.lister.whole(f"list_{collection}", filters or Filters()))

    def blobs(
        self, bucket: str, prefix: str | None = None, delimiter: str | None = None, page: PageRequest | None = None
    ) -> Any:
        """The blobs of a bucket: whole, or a page."""
        return self.caller.lister.blobs(bucket, prefix, delimiter, page)

    def close(self) -> None:
        """Let go of the driver."""
        self.kernel.drivers.close()
