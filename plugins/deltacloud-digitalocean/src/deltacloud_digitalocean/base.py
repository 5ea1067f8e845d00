"""What all parts of the driver share: the client, who is calling, and what DigitalOcean is made of."""

from __future__ import annotations

import time

from deltacloud.context import Context
from deltacloud.driver import Driver, Settings
from deltacloud.errors import DeltacloudError, InvalidRequest, NotFound
from deltacloud.models import Pairs
from deltacloud_digitalocean import operations as do
from deltacloud_digitalocean import records
from deltacloud_digitalocean.client import LARGEST_PAGE, Api
from deltacloud_digitalocean.errors import Refusal, meaning
from deltacloud_digitalocean.groups import is_own
from deltacloud_digitalocean.providers import is_slug, region_of

_KEPT_SECONDS = 300
"""How long regions and sizes are kept for a caller; accounts differ in which they may use."""


class DigitalOceanSettings(Settings, frozen=True, kw_only=True):
    """The ``[drivers.digitalocean]`` table."""

    page_size: int = LARGEST_PAGE
    """How many entries are asked for at once, from 1 to 200."""
    default_realm: str | None = None
    """Where addresses, networks and volumes are made that name no realm; the first available region if None."""
    spaces_region: str = "nyc3"
    """The region of buckets where the provider names none."""

    def __post_init__(self) -> None:
        if not 1 <= self.page_size <= LARGEST_PAGE:
            raise ValueError(f"page-size is from 1 to {LARGEST_PAGE}")
        if not is_slug(self.spaces_region):
            raise ValueError("spaces-region is a region's slug")


def default_name(kind: str) -> str:
    """A name for what was given none."""
    return f"{kind}-{int(time.time())}"


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
