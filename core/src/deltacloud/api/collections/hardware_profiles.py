"""Hardware profiles: sizes of instances. Public, because a bundled table answers where credentials are missing."""

from __future__ import annotations

from deltacloud.api.answers import Listed, Shown
from deltacloud.api.collections import rows
from deltacloud.api.exchange import Exchange
from deltacloud.api.handlers import filters
from deltacloud.api.hardware import profile, profiles
from deltacloud.api.operations import ARCHITECTURE_FILTER, Collection
from deltacloud.api.representations.hardware_profiles import hardware_profile_order
from deltacloud.errors import InvalidRequest

_DECLARED = ("hardware_profiles",)


def _index(exchange: Exchange) -> Listed:
    """The list; XML and HTML have it sorted by size, so it is read whole and then cut into pages."""
    wanted = filters(exchange)
    page = exchange.page("hardware_profiles", wanted)
    items = [one for one in profiles(exchange, wanted) if not wanted.id or one.id in wanted.id]
    if exchange.format != "json":
        items.sort(key=hardware_profile_order)
    if page is None:
        return Listed("hardware_profiles", list(items))
    start = 0
    if page.marker is not None:
        start = next((place for place, one in enumerate(items, 1) if one.id == page.marker), -1)
    if start < 0:
        raise InvalidRequest("The marker names nothing in this list any more", "marker")
    end = start + (page.limit or len(items))
    return Listed("hardware_profiles", list(items[start:end]), items[end - 1].id if end < len(items) else None)


def _show(exchange: Exchange) -> Shown:
    return Shown("hardware_profiles", profile(exchange, exchange.ids["id"]))


HARDWARE_PROFILES = Collection(
    name="hardware_profiles",
    singular="hardware_profile",
    title="Hardware profiles",
    help="A size of instance: processors, memory and storage, and what may be varied within it",
    operations=(
        rows.replaced(
            rows.index("hardware_profiles", "the sizes of instances", ARCHITECTURE_FILTER, public=True, also=_DECLARED),
            _index,
        ),
        rows.replaced(rows.show("hardware_profiles", "hardware_profile", public=True, also=_DECLARED), _show),
    ),
)
