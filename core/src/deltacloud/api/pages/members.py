"""The members of a resource as its pages show them: those of its JSON, with links that lead somewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from deltacloud.api.pages.profiles import described
from deltacloud.api.representations import REPRESENTATIONS
from deltacloud.api.representations.view import link
from deltacloud.models import HardwareProfile

if TYPE_CHECKING:
    from deltacloud.api.representations import View
    from deltacloud.models import Model


def of_item(view: View, collection: str, item: Model) -> dict[str, object]:
    """The members of one resource."""
    representation = REPRESENTATIONS[collection]
    document = msgspec.json.decode(representation.json_item(view, item))
    return _completed(_linked(view, collection, document[representation.singular]), item)


def of_items(view: View, collection: str, items: list[Model]) -> list[dict[str, object]]:
    """The members of each resource of a list."""
    document = msgspec.json.decode(REPRESENTATIONS[collection].json_list(view, items))
    return [
        _completed(_linked(view, collection, one), item) for one, item in zip(document[collection], items, strict=True)
    ]


def _linked(view: View, collection: str, members: dict[str, Any]) -> dict[str, object]:
    """Mends two links that JSON, whose readers know it so, does not have or has wrong."""
    if collection == "addresses" and "instance_id" in members:
        members["instance"] = link(f"{view.api}/instances", members.pop("instance_id"), "instance")
    elif collection == "network_interfaces" and "list_subnets" in view.hooks:
        members["network"] = link(f"{view.api}/subnets", members["network"]["id"], "subnet")
    return members


def _completed(members: dict[str, object], item: Model) -> dict[str, object]:
    """Says what may be varied within a hardware profile, which JSON, whose readers know it so, leaves out."""
    if isinstance(item, HardwareProfile) and item.properties:
        members["properties"] = {one.name: described(one) for one in item.properties}
    return members
