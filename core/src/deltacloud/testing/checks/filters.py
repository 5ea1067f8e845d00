"""Filters: whatever the driver took charge of, the list is what was asked for."""

from __future__ import annotations

import msgspec

from deltacloud.inputs import Filters
from deltacloud.testing.caller import ids_of
from deltacloud.testing.check import GUIDE, NotChecked, check, check_each, expect
from deltacloud.testing.life import at_rest
from deltacloud.testing.resources import RESOURCES, Resource
from deltacloud.testing.run import Run

_PAGE = (GUIDE, "Lists")


@check_each(
    RESOURCES.values(),
    "filters",
    "a list narrowed to an id, a state, an architecture or a realm has all that fit and nothing else",
    _PAGE,
    hooks=lambda resource: (resource.list_hook,),
)
def _filters(run: Run, resource: Resource) -> None:
    run.present(resource)
    items = at_rest(run, resource)
    last = items[-1]
    _compare(run, resource, Filters(id=(last.id,)), [last.id])
    _compare(run, resource, Filters(id=(f"{run.prefix}nothing",)), [])
    for field in ("state", "architecture", "realm_id"):
        value = getattr(last, field, None)
        if isinstance(value, str):
            wanted = [item.id for item in items if getattr(item, field) == value]
            _compare(run, resource, _by(field, value), wanted)
            _compare(run, resource, _by(field, "nothing"), [])


@check(
    "images.feature.owner_id",
    "owner_id narrows the list of images, and is the driver's own to apply",
    _PAGE,
    hooks=("list_images",),
    feature="owner_id",
)
def _owner(run: Run) -> None:
    resource = RESOURCES["images"]
    items = [one for one in run.main.items(resource) if one.owner_id is not None]
    if not items and run.has("create_image", "destroy_image"):
        items = [one for one in [run.make(resource)] if one.owner_id is not None]
    if not items:
        raise NotChecked("no image shows its owner; an image of the account's own would")
    owner = items[0].owner_id
    found = run.main.items(resource, Filters(owner_id=(owner,)))
    expect(items[0].id in ids_of(found), f"list_images of owner {owner} does not show {items[0].id}, which is theirs")
    foreign = [one.id for one in found if one.owner_id != owner]
    expect(not foreign, f"list_images of owner {owner} shows {', '.join(foreign[:5])}, which others own")
    expect(not run.main.items(resource, Filters(owner_id=(f"{run.prefix}nobody",))), "shows images of nobody's")


@check(
    "instances.feature.realm_filter",
    "realm_id narrows the list of instances",
    _PAGE,
    hooks=("list_instances",),
    feature="realm_filter",
)
def _realm(run: Run) -> None:
    resource = RESOURCES["instances"]
    realm = run.standing("instances").realm_id
    items = run.main.items(resource)
    _compare(run, resource, Filters(realm_id=(realm,)), [one.id for one in items if one.realm_id == realm])
    _compare(run, resource, Filters(realm_id=("nowhere",)), [])


def _by(field: str, value: str) -> Filters:
    """The filter of this name with one value."""
    return msgspec.structs.replace(Filters(), **{field: (value,)})


def _compare(run: Run, resource: Resource, filters: Filters, wanted: list[str]) -> None:
    found = ids_of(run.main.items(resource, filters))
    asked = ", ".join(
        f"{name}={value[0]}"
        for name in ("id", "state", "architecture", "realm_id")
        if (value := getattr(filters, name))
    )
    expect(set(found) >= set(wanted), f"{resource.list_hook} with {asked} lacks {set(wanted) - set(found)}")
    expect(set(found) <= set(wanted), f"{resource.list_hook} with {asked} also gave {set(found) - set(wanted)}")
