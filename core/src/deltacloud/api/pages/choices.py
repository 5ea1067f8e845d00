"""Fields that name a resource, with what can be chosen: read from the cloud, as the lists are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple, cast

from deltacloud.api import collections, hardware
from deltacloud.api.pages.fields import Field, FieldSet
from deltacloud.api.pages.profiles import facts, told
from deltacloud.api.pages.site import site_of
from deltacloud.api.representations.hardware_profiles import hardware_profile_order
from deltacloud.errors import AuthenticationFailed, DeltacloudError
from deltacloud.inputs import Filters

if TYPE_CHECKING:
    from deltacloud.api.exchange import Exchange
    from deltacloud.models import HardwareProfile, Model

MOST = 200
"""A list longer than this is looked through on its own page."""

_REFERENCES: Mapping[str, str] = {
    "firewalls": "firewalls",
    "hwp_id": "hardware_profiles",
    "image_id": "images",
    "instance": "instances",
    "instance_id": "instances",
    "keyname": "keys",
    "load_balancer_id": "load_balancers",
    "network": "networks",
    "network_id": "networks",
    "realm_id": "realms",
    "snapshot_id": "storage_snapshots",
    "subnet": "subnets",
    "subnet_id": "subnets",
    "volume_id": "storage_volumes",
}
"""Which collection a parameter names a member of."""
_BY_NAME = frozenset({"keys"})
"""Collections whose members are named by their names."""
_FROM_LIST = "The cloud decides"


class _Known(NamedTuple):
    """What there is of a collection; ``whole`` is False where there is more, or it could not be read."""

    items: list[Model]
    whole: bool


class Choices:
    """Fields that name a resource, with what there is to choose from; each collection is read once for a page."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._site = site_of(exchange.request)
        self._known: dict[str, _Known | None] = {}

    def offered(self, sets: Iterable[FieldSet]) -> tuple[FieldSet, ...]:
        """The same fields, those that name a resource with the choice.

        Raises:
            CredentialsRequired: that can only be read with credentials.
            AuthenticationFailed: the cloud rejects them.
        """
        return tuple(self._filled(one) for one in sets)

    def _filled(self, one: FieldSet) -> FieldSet:
        family = one.fields[0].name.rstrip("0123456789") if one.legend else ""
        if family in _REFERENCES:
            known = self._read(_REFERENCES[family])
            return one if known is None or not known.whole else _checks(one, family, known.items)
        return replace(one, fields=tuple(self._field(field) for field in one.fields))

    def _field(self, field: Field) -> Field:
        collection = _REFERENCES.get(field.name)
        known = None if collection is None else self._read(collection)
        if collection is None or known is None:
            return field
        if not known.whole:
            return replace(field, browse=self._site.path(f"/{collection}"))
        if collection == "hardware_profiles":
            return _profiles(field, known.items)
        return _select(field, collection, known.items)

    def _read(self, collection: str) -> _Known | None:
        """What there is of a collection; None where the driver has no such thing."""
        if collection not in self._known:
            self._known[collection] = self._ask(collection)
        return self._known[collection]

    def _ask(self, collection: str) -> _Known | None:
        exchange = self._exchange
        if not collections.BY_NAME[collection].available(exchange.driver):
            return None
        try:
            if collection == "hardware_profiles":
                profiles = hardware.profiles(exchange, Filters())
                items: Iterable[Model] = iter(sorted(profiles, key=hardware_profile_order))
            else:
                items = exchange.lister.whole(f"list_{collection}", Filters())
            found = exchange.timed(islice(items, MOST + 1))
        except AuthenticationFailed:
            raise
        except DeltacloudError:
            return _Known([], whole=False)  # then it can be typed
        return _Known(found, whole=len(found) <= MOST)


def _select(field: Field, collection: str, items: list[Model]) -> Field:
    values = [_value(collection, one) for one in items]
    labels = [_text(one, value) for one, value in zip(items, values, strict=True)]
    if field.value and field.value not in values:
        values.insert(0, field.value)
        labels.insert(0, field.value)
    if not field.required:
        values.insert(0, "")
        labels.insert(0, "None" if collection in ("keys", "storage_snapshots") else _FROM_LIST)
    return replace(field, kind="select", options=tuple(values), labels=tuple(labels))


def _profiles(field: Field, items: list[Model]) -> Field:
    profiles = cast("list[HardwareProfile]", items)
    values = ["", *[one.id for one in profiles]]
    labels = [_FROM_LIST, *[told(one) for one in profiles]]
    every = ["", *[facts(one) for one in profiles]]
    if field.value not in values:
        values.append(field.value)
        labels.append(field.value)
        every.append("")
    return replace(field, kind="radio", options=tuple(values), labels=tuple(labels), facts=tuple(every))


def _checks(one: FieldSet, family: str, items: list[Model]) -> FieldSet:
    """A family of ids as boxes to tick."""
    chosen = {field.value for field in one.fields if field.value}
    boxes = tuple(
        Field(
            id=f"{one.fields[0].id.rpartition('-')[0]}-{family}{number}",
            name=f"{family}{number}",
            label=_text(item, item.id),
            kind="checkbox",
            help="",
            value=item.id if item.id in chosen else "",
            options=(item.id,),
        )
        for number, item in enumerate(items, 1)
    )
    return replace(one, fields=boxes)


def _value(collection: str, item: Model) -> str:
    name: str | None = getattr(item, "name", None)
    return name or item.id if collection in _BY_NAME else item.id


def _text(item: Model, value: str) -> str:
    name, state = getattr(item, "name", None), getattr(item, "state", None)
    said = getattr(item, "description", None)
    text = f"{name} ({value})" if name and name != value else value
    if said and said != name:
        text = f"{text}: {said}"
    return f"{text}, {state}" if state and str(state).upper() not in ("AVAILABLE", "RUNNING", "UP") else text
