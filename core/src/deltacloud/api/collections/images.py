"""Images: what instances are launched from."""

from __future__ import annotations

from deltacloud.api.collections import rows
from deltacloud.api.exchange import Exchange
from deltacloud.api.operations import ARCHITECTURE_FILTER, Collection, text
from deltacloud.inputs import NewImage


def _new(exchange: Exchange) -> NewImage:
    values = exchange.parameters
    return NewImage(
        instance_id=values.text("instance_id") or "",
        name=values.text("name"),
        description=values.text("description"),
        tags=values.tags(),
    )


IMAGES = Collection(
    name="images",
    singular="image",
    title="Images",
    help="What instances are launched from",
    operations=(
        rows.index("images", "the images", ARCHITECTURE_FILTER),
        rows.show("images", "image", expect="image"),
        rows.create("images", "image", _new, text("instance_id", "The instance to make it of", required=True)),
        rows.destroy("images", "image"),
    ),
)
