"""Instances in JSON.

Records of fixed shape are faster to make and to encode than dictionaries, and what instances share is encoded once per
document. Members that are UNSET are left out.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import TypeAlias

from msgspec import UNSET, Raw, Struct, UnsetType

from deltacloud.api.parsing.percent import segment
from deltacloud.api.representations.encoding import encode, raw
from deltacloud.api.representations.instance_parts import ID, Offer, action_links, ordered
from deltacloud.api.representations.markup import Memo, utc
from deltacloud.api.representations.view import View, link
from deltacloud.models import Instance, InstanceAddress, Pairs

_Links: TypeAlias = Memo["tuple[str, ...] | None", "Raw | UnsetType"]


class _Address(Struct, gc=False):
    address: str
    type: str
    port: int | UnsetType = UNSET


class _Volume(Struct, gc=False):
    id: str
    href: str
    rel: str
    device: str | UnsetType = UNSET


class _Document(Struct, gc=False):
    id: str
    href: str
    name: str | None
    state: str | None
    owner: str | None
    image: Raw
    realm: Raw
    actions: Raw
    hardware_profile: Raw
    public_addresses: list[_Address]
    private_addresses: list[_Address]
    create_time: datetime | UnsetType
    create_image: bool | UnsetType
    firewalls: Raw | UnsetType
    storage_volumes: list[_Volume]
    authentication_type: str | UnsetType
    authentication: Raw | dict[str, str] | UnsetType
    network_interfaces: Raw | UnsetType
    tags: dict[str, str] | UnsetType


def instance_json(view: View) -> Callable[[Instance], object]:
    """Makes the builder of one document's instances."""
    instances = f"{view.api}/instances/"
    images: Memo[str | None, Raw] = Memo(lambda image: raw(_link(f"{view.api}/images", image, "image")))
    realms: Memo[str | None, Raw] = Memo(lambda realm: raw(_link(f"{view.api}/realms", realm, "realm")))
    profiles: Memo[tuple[str | None, Pairs], Raw] = Memo(lambda key: raw(_profile(view, *key)))
    offers: Memo[Offer, tuple[str, ...]] = Memo(lambda offer: _actions(view, offer, create_image=False))
    imageable: Memo[Offer, tuple[str, ...]] = Memo(lambda offer: _actions(view, offer, create_image=True))
    firewalls: _Links = Memo(lambda ids: _links(view, ids, "firewall"))
    interfaces: _Links = Memo(lambda ids: _links(view, ids, "network_interface"))
    attached = _volumes_builder(view)
    authentication_type = "key" if view.authentication_type == "key" else UNSET
    authentication = _authentication_builder()

    def build(instance: Instance) -> _Document:
        ident = instance.id
        place = segment(ident)
        offer = instance.state if instance.actions is None else instance.actions
        launch = instance.launch_time
        return _Document(
            ident,
            instances + place,
            instance.name,
            instance.state,
            instance.owner_id,
            images[instance.image_id],
            realms[instance.realm_id],
            Raw(place.join((imageable if instance.create_image else offers)[offer])),
            profiles[instance.hardware_profile_id, instance.hardware_overrides],
            _addresses(instance.public_addresses),
            _addresses(instance.private_addresses),
            UNSET if launch is None else utc(launch),
            True if instance.create_image else UNSET,
            firewalls[instance.firewall_ids],
            attached(instance.storage_volumes),
            authentication_type,
            authentication(instance),
            interfaces[instance.network_interface_ids],
            UNSET if instance.tags is None else dict(instance.tags),
        )

    return build


def _link(collection: str, identifier: str | None, rel: str) -> dict[str, object]:
    """A link in the order of an instance's own: the URL first."""
    fields = link(collection, identifier, rel)
    return {"href": fields["href"], "id": identifier, "rel": rel}


def _links(view: View, ids: tuple[str, ...] | None, rel: str) -> Raw | UnsetType:
    return UNSET if ids is None else raw([link(f"{view.api}/{rel}s", one, rel) for one in ids])


def _profile(view: View, identifier: str | None, overrides: Pairs) -> dict[str, object]:
    fields = link(f"{view.api}/hardware_profiles", identifier, "hardware_profile")
    fields["properties"] = dict(ordered(overrides))
    return fields


@lru_cache(maxsize=256)
def _actions(view: View, offer: Offer, *, create_image: bool) -> tuple[str, ...]:
    """The encoded value of ``actions``, cut where an instance's id belongs."""
    links = [
        {"href": f"{view.api}{path}", "rel": rel, "method": method}
        for rel, method, path in action_links(view, offer, create_image=create_image)
    ]
    return tuple(encode(links).decode().split(encode(ID).decode()[1:-1]))


def _addresses(addresses: tuple[InstanceAddress, ...]) -> list[_Address]:
    if len(addresses) == 1:
        [one] = addresses
        if one.port is None and one.address:
            return [_Address(one.address, one.type)]
    return [_address(one) for one in addresses]


def _address(address: InstanceAddress) -> _Address:
    port = UNSET if address.port is None else address.port
    return _Address(address.address, address.type if address.address else "unavailable", port)


def _volumes_builder(view: View) -> Callable[[tuple[tuple[str, str | None], ...]], list[_Volume]]:
    volumes = f"{view.api}/storage_volumes/"

    def one(volume: str, device: str | None) -> _Volume:
        return _Volume(volume, volumes + segment(volume), "storage_volume", UNSET if device is None else device)

    def build(attached: tuple[tuple[str, str | None], ...]) -> list[_Volume]:
        if len(attached) == 1:
            [(volume, device)] = attached
            return [one(volume, device)]
        return [one(volume, device) for volume, device in attached]

    return build


def _authentication_builder() -> Callable[[Instance], Raw | dict[str, str] | UnsetType]:
    keys: Memo[str | None, Raw | UnsetType] = Memo(lambda name: UNSET if name is None else raw({"keyname": name}))

    def build(instance: Instance) -> Raw | dict[str, str] | UnsetType:
        if instance.authentication_error is not None:
            return {"error": instance.authentication_error}
        if instance.username is None and instance.password is None:
            return keys[instance.key_name]
        password = None if instance.password is None else instance.password.reveal()
        login = {"keyname": instance.key_name, "user": instance.username, "password": password}
        return {name: value for name, value in login.items() if value is not None}

    return build
