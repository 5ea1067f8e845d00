"""What all parts of the driver share: the client, who is calling, and what DigitalOcean is made of."""

from __future__ import annotations

from typing import Annotated

import msgspec

from deltacloud.context import Context
from deltacloud.driver import Driver, Settings
from deltacloud.errors import DeltacloudError, InvalidRequest, NotFound
from deltacloud.models import Pairs
from deltacloud_digitalocean import operations as do
from deltacloud_digitalocean import records
from deltacloud_digitalocean.client import LARGEST_PAGE, Api
from deltacloud_digitalocean.errors import Refusal, meaning
from deltacloud_digitalocean.groups import is_own

_KEPT_SECONDS = 300
"""How long regions and sizes are kept for a caller; accounts differ in which they may use."""


class DigitalOceanSettings(Settings, frozen=True, kw_only=True):
    """The ``[drivers.digitalocean]`` table."""

    page_size: Annotated[int, msgspec.Meta(ge=1, le=LARGEST_PAGE)] = LARGEST_PAGE
    """How many entries are asked for at once."""
    default_realm: str | None = None
    """Where addresses, networks and volumes are made that name no realm; the first available region if None."""


def tag_names(tags: Pairs) -> list[str]:
    """Tags as the cloud has them, ``key:value`` or ``key`` alone.

    Raises:
        InvalidRequest: they have characters that DigitalOcean's tags cannot have, or are a firewall's own.
    """
    names = []
    for key, value in tags:
        name = f"{key}:{value}" if value else key
        if ":" in key or not do.is_tag(name):
            raise InvalidRequest(
                "DigitalOcean's tags have letters, digits, - and _; values may have colons", f"tag_{key}"
            )
        if is_own(name):
            raise InvalidRequest("This tag tells the members of a firewall: name the firewall", f"tag_{key}")
        names.append(name)
    return names


class DigitalOceanBase(Driver):
    """The driver without its hooks."""

    _settings: DigitalOceanSettings

    def translate_error(self, error: Exception) -> DeltacloudError | None:
        """What a refusal means; the core knows the network's faults."""
        return meaning(error) if isinstance(error, Refusal) else None

    def _api(self, context: Context) -> Api:
        return Api(context, self._settings.page_size)

    def _owner(self, context: Context) -> str:
        """Whose things these are, which the cloud does not say: the user name."""
        return context.credentials.username

    def _regions(self, context: Context) -> tuple[records.Region, ...]:
        def build() -> tuple[tuple[records.Region, ...], float]:
            return tuple(self._api(context).pages(do.REGIONS_LIST, records.Region, "regions")), _KEPT_SECONDS

        return context.private("regions", build)

    def _sizes(self, context: Context) -> tuple[records.Size, ...]:
        def build() -> tuple[tuple[records.Size, ...], float]:
            return tuple(self._api(context).pages(do.SIZES_LIST, records.Size, "sizes")), _KEPT_SECONDS

        return context.private("sizes", build)

    def _region(self, context: Context, realm_id: object) -> str:
        """The region that something is made in: the one asked for, the operator's, or the first that is available.

        Raises:
            NotFound: there is no such region.
        """
        regions, wanted = self._regions(context), realm_id or self._settings.default_realm
        for region in regions:
            if region.slug == wanted or (wanted is None and region.available):
                return region.slug
        raise NotFound("There is no such realm")
