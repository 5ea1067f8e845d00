"""What all parts of the driver share: the client, who is calling, and what DigitalOcean is made of."""

from __future__ import annotations

from deltacloud.context import Context
from deltacloud.driver import Driver
from deltacloud.errors import DeltacloudError, InvalidRequest, NotFound
from deltacloud.models import Pairs
from deltacloud_digitalocean import operations as do
from deltacloud_digitalocean import records
from deltacloud_digitalocean.client import Api
from deltacloud_digitalocean.endpoints import region_of
from deltacloud_digitalocean.errors import translate
from deltacloud_digitalocean.groups import is_own
from deltacloud_digitalocean.settings import DigitalOceanSettings

_KEPT_SECONDS = 300
"""How long regions and sizes are kept for a caller; accounts differ in which they may use."""


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
        return translate(error)

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
        """The region that something is made in: asked for, the provider's, the operator's, or the first available.

        Raises:
            NotFound: there is no such region.
        """
        wanted = realm_id or self._named_region(context) or self._settings.default_realm
        for region in self._regions(context):
            if region.slug == wanted or (wanted is None and region.available):
                return region.slug
        raise NotFound("There is no such realm")

    def _named_region(self, context: Context) -> str | None:
        """The region that the call's provider is; None where it is none: other words were always ignored."""
        named = region_of(context.provider)
        if named is None:
            return None
        return named if any(region.slug == named for region in self._regions(context)) else None
