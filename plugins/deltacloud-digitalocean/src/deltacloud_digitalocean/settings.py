"""What the operator may set in the ``[drivers.digitalocean]`` table."""

from __future__ import annotations

from typing import Annotated

import msgspec

from deltacloud.driver import Settings
from deltacloud_digitalocean.client import LARGEST_PAGE
from deltacloud_digitalocean.endpoints import is_slug


class DigitalOceanSettings(Settings, frozen=True, kw_only=True):
    """The ``[drivers.digitalocean]`` table."""

    page_size: Annotated[int, msgspec.Meta(ge=1, le=LARGEST_PAGE)] = LARGEST_PAGE
    """How many entries are asked for at once."""
    default_realm: str | None = None
    """Where addresses, networks and volumes are made that name no realm; the first available region if None."""
    spaces_region: str = "nyc3"
    """The region of buckets where the provider names none."""

    def __post_init__(self) -> None:
        if not is_slug(self.spaces_region):
            raise ValueError("spaces-region is a region's slug")
