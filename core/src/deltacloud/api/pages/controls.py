"""What can be done from a page: buttons, and links to forms, out of the rows that the driver can perform."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from deltacloud.api import collections
from deltacloud.api.pages.fields import FieldSet, field_sets
from deltacloud.api.pages.site import Link, Site, place, with_query
from deltacloud.api.pages.values import words

if TYPE_CHECKING:
    from deltacloud.api.operations import Collection, Operation
    from deltacloud.api.pages.choices import Choices
    from deltacloud.kernel import LoadedDriver

_BEGINNINGS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "hardware_profiles": (("instances", "hwp_id"),),
    "images": (("instances", "image_id"),),
    "instances": (("images", "instance_id"), ("network_interfaces", "instance")),
    "keys": (("instances", "keyname"),),
    "networks": (("subnets", "network_id"), ("network_interfaces", "network")),
    "realms": (("instances", "realm_id"), ("storage_volumes", "realm_id"), ("load_balancers", "realm_id")),
    "storage_snapshots": (("storage_volumes", "snapshot_id"),),
    "storage_volumes": (("storage_snapshots", "volume_id"),),
    "subnets": (("network_interfaces", "subnet"), ("instances", "subnet_id")),
}
"""What can be made of a member: of which collection, and which of its parameters names the member."""
_FINAL = frozenset({"destroy"})
"""What cannot be undone."""
_SELDOM = frozenset({"run"})
"""Actions that stand behind the others."""


@dataclass(frozen=True, slots=True)
class Button:
    """A small form.

    Attributes:
        url: Where it posts to.
        text: What the button says.
        help: What it does.
        method: The method that it means, for ``_method``; empty for POST itself.
        sets: Its fields.
        ask: What is asked about before it is done, by name; empty for what can be undone.
    """

    url: str
    text: str
    help: str
    method: str = ""
    sets: tuple[FieldSet, ...] = ()
    ask: str = ""


@dataclass(frozen=True, slots=True)
class Several:
    """What can be done with several members of a list at once.

    Attributes:
        name: The operation.
        text: What the button says.
        method: The HTTP method.
        suffix: What follows a member's address.
        ask: Whether it is asked about first.
    """

    name: str
    text: str
    method: str
    suffix: str
    ask: bool


@dataclass(frozen=True, slots=True)
class Controls:
    """Everything that can be done from a page.

    Attributes:
        links: Forms to go to.
        buttons: What is done on the page itself.
        more: Forms that are asked for less often.
    """

    links: tuple[Link, ...] = ()
    buttons: tuple[Button, ...] = ()
    more: tuple[Link, ...] = ()

    @property
    def simple(self) -> tuple[Button, ...]:
        """The buttons that neither ask nor need anything to be filled in."""
        return tuple(one for one in self.buttons if not one.sets and not one.ask)

    @property
    def final(self) -> tuple[Button, ...]:
        """The buttons that ask first."""
        return tuple(one for one in self.buttons if one.ask)

    @property
    def filled_in(self) -> tuple[Button, ...]:
        """The buttons with fields."""
        return tuple(one for one in self.buttons if one.sets)

    @property
    def any(self) -> bool:
        """Whether there is anything to do without filling something in."""
        return bool(self.links or self.more or self.simple or self.final)

    def with_choices(self, choices: Choices) -> Controls:
        """The same, with what there is to choose from in the fields of buttons."""
        if not any(one.sets for one in self.buttons):
            return self
        return replace(self, buttons=tuple(replace(one, sets=choices.offered(one.sets)) for one in self.buttons))


def of_list(site: Site, collection: Collection, driver: LoadedDriver) -> Controls:
    """What a list offers: to create a member, by a form or, where there is nothing to fill in, by a button."""
    create = collection.operation("create")
    if create is None or not create.available(driver):
        return Controls()
    if create.form:
        return Controls(links=(Link(site.path(create.form), create.help),))
    return Controls(buttons=(_button(site, collection, create, driver, {}, create.help),))


def of_item(
    site: Site, collection: Collection, driver: LoadedDriver, fields: Mapping[str, str], value: Mapping[str, object]
) -> Controls:
    """What a member offers.

    Args:
        site: Where links go.
        collection: Its collection.
        driver: The request's driver.
        fields: The fields of its path.
        value: The member as JSON has it.
    """
    rows = [one for one in collection.operations if one.available(driver) and _offered(collection, one, value)]
    links = [Link(site.path(place(one.path, fields)), "Download") for one in rows if one.name == "content"]
    links += [Link(site.path(place(one.form, fields)), one.help) for one in rows if one.form and _is_usual(one)]
    links += _inside(site, collection, driver, fields)
    more = [Link(site.path(place(one.form, fields)), one.help) for one in rows if one.name in _SELDOM]
    more += _beginnings(site, collection, driver, fields["id"], value)
    if len(more) == 1:
        links, more = links + more, []
    named = f"{words(collection.singular).lower()} {value.get('name') or value.get('id')}"
    buttons = [
        _button(site, collection, one, driver, fields, words(one.name), named if one.name in _FINAL else "")
        for one in sorted(rows, key=lambda one: one.name in _FINAL)
        if (one.action and not one.form) or one.name in _FINAL
    ]
    return Controls(tuple(links), tuple(buttons), tuple(more))


def _is_usual(row: Operation) -> bool:
    return row.action and row.name not in _SELDOM


def of_several(collection: Collection, driver: LoadedDriver) -> tuple[Several, ...]:
    """What can be done with several members at once: what needs no more than their addresses."""
    show = collection.operation("show")
    if show is None:
        return ()
    return tuple(
        Several(one.name, words(one.name), one.method, one.path.removeprefix(show.path), one.name in _FINAL)
        for one in sorted(collection.operations, key=lambda one: one.name in _FINAL)
        if _plain(collection, one, driver)
    )


def allowed(collection: Collection, driver: LoadedDriver, value: Mapping[str, object]) -> tuple[str, ...]:
    """Which of these a member allows now."""
    return tuple(
        one.name
        for one in collection.operations
        if _plain(collection, one, driver) and _offered(collection, one, value)
    )


def _plain(collection: Collection, row: Operation, driver: LoadedDriver) -> bool:
    """Whether an operation of a member needs nothing but to be asked for."""
    if not row.available(driver) or not (row.action or row.name in _FINAL) or row.form:
        return False
    return not any(one.required and one.location != "path" for one in collection.declared(row, driver))


def _button(
    site: Site,
    collection: Collection,
    row: Operation,
    driver: LoadedDriver,
    fields: Mapping[str, str],
    text: str,
    ask: str = "",
) -> Button:
    method = "" if row.method == "POST" else row.method.lower()
    told = () if method else collection.declared(row, driver)
    return Button(site.path(place(row.path, fields)), text, row.help, method, field_sets(row.name, told, {}), ask)


def _inside(site: Site, collection: Collection, driver: LoadedDriver, fields: Mapping[str, str]) -> Iterator[Link]:
    """Links to the forms of what can be put into the member."""
    for inner in collections.COLLECTIONS:
        if inner.within == collection.name:
            for one in inner.operations:
                if one.form and one.available(driver):
                    yield Link(site.path(place(one.form, fields)), one.help)


def _beginnings(
    site: Site, collection: Collection, driver: LoadedDriver, identifier: str, value: Mapping[str, object]
) -> Iterator[Link]:
    """Links to the forms of what can be made of the member."""
    for name, parameter in _BEGINNINGS.get(collection.name, ()):
        create = collections.BY_NAME[name].operation("create")
        if create is None or not create.available(driver):
            continue
        if (collection.name, name) == ("instances", "images") and not value.get("create_image"):
            continue
        yield Link(with_query(site.path(create.form), (parameter, identifier)), create.help)


def _offered(collection: Collection, operation: Operation, value: Mapping[str, object]) -> bool:
    """Whether the member's present state allows an operation, as far as the member tells."""
    rule = _RULES.get(collection.name)
    return rule is None or rule(operation.name, value)


def _of_instance(name: str, value: Mapping[str, object]) -> bool:
    return name in _actions(value) if name in ("start", "stop", "reboot", "destroy") else True


def _of_volume(name: str, value: Mapping[str, object]) -> bool:
    actions = _actions(value)
    if name in actions:
        return True
    attached = bool(value.get("instance"))
    return not actions and name in (("detach",) if attached else ("attach", "destroy"))


def _of_address(name: str, value: Mapping[str, object]) -> bool:
    associated = bool(value.get("associated"))
    return {"associate": not associated, "disassociate": associated}.get(name, True)


def _actions(value: Mapping[str, object]) -> set[object]:
    listed = value.get("actions")
    return {one.get("rel") for one in listed if isinstance(one, Mapping)} if isinstance(listed, list) else set()


_RULES: Mapping[str, Callable[[str, Mapping[str, object]], bool]] = {
    "addresses": _of_address,
    "instances": _of_instance,
    "storage_volumes": _of_volume,
}
