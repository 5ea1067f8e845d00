"""Instances in JSON (section 11.9 of the HTTP contract); what they share is encoded once per document."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TypeAlias

from msgspec import Raw

from deltacloud.api.representations.encoding import encode, raw
from deltacloud.api.representations.instance_parts import ID, Offer, action_links, ordered
from deltacloud.api.representations.markup import Memo, utc
from deltacloud.api.representations.view import View, link, segment
from deltacloud.models import Instance, InstanceAddress, Pairs

_Text: TypeAlias = Memo["str | None", Raw]
_Ids: TypeAlias = Memo[tuple[str, ...], Raw]


def instance_json(view: View) -> Callable[[Instance], dict[str, object]]:
    """Makes the builder of one document's instances."""
    instances = f"{view.api}/instances/"
    images: _Text = Memo(lambda image: raw(_link(f"{view.api}/images", image, "image")))
    realms: _Text = Memo(lambda realm: raw(_link(f"{view.api}/realms", realm, "realm")))
    profiles: Memo[tuple[str | None, Pairs], Raw] = Memo(lambda key: raw(_profile(view, *key)))
    offers: Memo[Offer, tuple[str, ...]] = Memo(lambda offer: _actions(view, offer, create_image=False))
    imageable: Memo[Offer, tuple[str, ...]] = Memo(lambda offer: _actions(view, offer, create_image=True))
    add_known = _known_members(view)

    def build(instance: Instance) -> dict[str, object]:
        ident = instance.id
        place = segment(ident)
        offer = instance.state if instance.actions is None else instance.actions
        actions = (imageable if instance.create_image else offers)[offer]
        fields: dict[str, object] = {
            "id": ident,
            "href": instances + place,
            "name": instance.name,
            "state": instance.state,
            "owner": instance.owner_id,
            "image": images[instance.image_id],
            "realm": realms[instance.realm_id],
            "actions": Raw(place.join(actions)),
            "hardware_profile": profiles[instance.hardware_profile_id, instance.hardware_overrides],
            "public_addresses": _addresses(instance.public_addresses),
            "private_addresses": _addresses(instance.private_addresses),
        }
        add_known(instance, fields)
        return fields

    return build


def _link(collection: str, identifier: str | None, rel: str) -> dict[str, object]:
    """A link in the order of an instance's own: the URL first."""
    fields = link(collection, identifier, rel)
    return {"href": fields["href"], "id": identifier, "rel": rel}


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


def _addresses(addresses: tuple[InstanceAddress, ...]) -> list[dict[str, object]]:
    if len(addresses) == 1 and addresses[0].port is None and addresses[0].address:
        return [{"address": addresses[0].address, "type": addresses[0].type}]
    return [_address(one) for one in addresses]


def _address(address: InstanceAddress) -> dict[str, object]:
    fields: dict[str, object] = {
        "address": address.address,
        "type": address.type if address.address else "unavailable",
    }
    if address.port is not None:
        fields["port"] = address.port
    return fields


def _known_members(view: View) -> Callable[[Instance, dict[str, object]], None]:
    """Makes the function that adds the members after the addresses, most of which are there only when known."""
    firewalls: _Ids = Memo(lambda ids: raw([link(f"{view.api}/firewalls", one, "firewall") for one in ids]))
    interfaces: _Ids = Memo(
        lambda ids: raw([link(f"{view.api}/network_interfaces", one, "network_interface") for one in ids])
    )
    keys: Memo[str, Raw] = Memo(lambda name: raw({"keyname": name}))
    with_key = view.authentication_type == "key"
    volumes = f"{view.api}/storage_volumes"

    def add(instance: Instance, fields: dict[str, object]) -> None:
        if instance.launch_time is not None:
            fields["create_time"] = utc(instance.launch_time)
        if instance.create_image:
            fields["create_image"] = True
        if instance.firewall_ids is not None:
            fields["firewalls"] = firewalls[instance.firewall_ids]
        fields["storage_volumes"] = [_volume(volumes, volume, device) for volume, device in instance.storage_volumes]
        if with_key:
            fields["authentication_type"] = "key"
        authentication = _authentication(instance, keys)
        if authentication is not None:
            fields["authentication"] = authentication
        if instance.network_interface_ids is not None:
            fields["network_interfaces"] = interfaces[instance.network_interface_ids]
        if instance.tags is not None:
            fields["tags"] = dict(instance.tags)

    return add


def _volume(collection: str, identifier: str, device: str | None) -> dict[str, object]:
    href = f"{collection}/{segment(identifier)}"
    if device is None:
        return {"id": identifier, "href": href, "rel": "storage_volume"}
    return {"id": identifier, "href": href, "rel": "storage_volume", "device": device}


def _authentication(instance: Instance, keys: Memo[str, Raw]) -> Raw | dict[str, object] | None:
    if instance.authentication_error is not None:
        return {"error": instance.authentication_error}
    if instance.username is None and instance.password is None:
        return None if instance.key_name is None else keys[instance.key_name]
    fields: dict[str, object] = {}
    if instance.key_name is not None:
        fields["keyname"] = instance.key_name
    if instance.username is not None:
        fields["user"] = instance.username
    if instance.password is not None:
        fields["password"] = instance.password.reveal()
    return fields
