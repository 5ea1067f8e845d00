"""Instances in XML.

Lists of instances are the documents that are asked for most, with the most members. So the writer is one expression
per instance, and what instances share (links, owners, states, the actions of a state) is made once per document.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TypeAlias

from deltacloud.api.parsing.percent import segment
from deltacloud.api.representations.instance_parts import ID, Offer, action_links, ordered
from deltacloud.api.representations.markup import Memo, attribute, cdata, text, timestamp
from deltacloud.api.representations.tags import tags_xml
from deltacloud.api.representations.view import View, located
from deltacloud.hardware import UNITS
from deltacloud.models import Instance, InstanceAddress, Pairs

_Text: TypeAlias = Memo["str | None", str]
_LINE = "\n"
_Kind: TypeAlias = "tuple[str | None, str | None, str | None, str | None, str | None, Pairs]"
_Ids: TypeAlias = Memo["tuple[str, ...] | None", str]


def instance_xml(view: View, indent: str) -> Callable[[Instance], str]:
    """Makes the writer of one document's instances."""
    inner = f"{indent}  "
    instances = view.collection("instances")
    owners: _Text = Memo(lambda owner: "" if owner is None else f"{inner}<owner_id>{text(owner)}</owner_id>\n")
    images: _Text = Memo(lambda image: _link("image", view.collection("images"), image, inner))
    realms: _Text = Memo(lambda realm: _link("realm", view.collection("realms"), realm, inner))
    states: _Text = Memo(lambda state: "" if state is None else f"{inner}<state>{text(state)}</state>\n")
    profiles: Memo[tuple[str | None, Pairs], str] = Memo(lambda key: _profile(view, *key, inner))
    kinds: Memo[_Kind, str] = Memo(
        lambda kind: f"{owners[kind[0]]}{images[kind[1]]}{realms[kind[2]]}{states[kind[3]]}{profiles[kind[4:]]}"
    )
    offers: Memo[Offer, tuple[str, ...]] = Memo(lambda offer: _actions(view, offer, create_image=False, indent=inner))
    imageable: Memo[Offer, tuple[str, ...]] = Memo(lambda offer: _actions(view, offer, create_image=True, indent=inner))
    firewalls: _Ids = Memo(lambda ids: _links(view, "firewall", ids, indent))
    interfaces: _Ids = Memo(lambda ids: _links(view, "network_interface", ids, indent))
    addresses = _addresses_writer(indent)
    volumes = _volumes_writer(view, indent)
    authentication = _authentication_writer(view, inner)

    def write(instance: Instance) -> str:
        ident = instance.id
        place = segment(ident)
        name = instance.name
        offer = instance.state if instance.actions is None else instance.actions
        kind = kinds[
            instance.owner_id, instance.image_id, instance.realm_id, instance.state,
            instance.hardware_profile_id, instance.hardware_overrides,
        ]  # fmt: skip
        launch = instance.launch_time
        return (
            f"{indent}<instance href='{instances}/{place}' id='{ident if place is ident else attribute(ident)}'>\n"
            f"{'' if name is None else f'{inner}<name>{text(name)}</name>{_LINE}'}{kind}"
            f"{place.join((imageable if instance.create_image else offers)[offer])}"
            f"{'' if launch is None else f'{inner}<launch_time>{timestamp(launch)}</launch_time>{_LINE}'}"
            f"{inner}<public_addresses>{addresses(instance.public_addresses)}</public_addresses>\n"
            f"{inner}<private_addresses>{addresses(instance.private_addresses)}</private_addresses>\n"
            f"{firewalls[instance.firewall_ids]}"
            f"{inner}<storage_volumes>{volumes(instance.storage_volumes)}</storage_volumes>\n"
            f"{authentication(instance)}{interfaces[instance.network_interface_ids]}"
            f"{'' if instance.tags is None else tags_xml(instance.tags, inner)}{indent}</instance>\n"
        )

    return write


def _link(name: str, collection: str, identifier: str | None, indent: str) -> str:
    return "" if identifier is None else f"{indent}<{name} {located(collection, identifier)}></{name}>\n"


def _profile(view: View, identifier: str | None, overrides: Pairs, indent: str) -> str:
    if identifier is None:
        return ""
    properties = "".join(
        f"{indent}  <property kind='fixed' {_named(name)} value='{attribute(value)}'></property>\n"
        for name, value in ordered(overrides)
    )
    place = located(view.collection("hardware_profiles"), identifier)
    return f"{indent}<hardware_profile {place}>\n{properties}{indent}</hardware_profile>\n"


def _named(name: str) -> str:
    return f"name='{name}' unit='{UNITS[name]}'" if name in UNITS else f"name='{attribute(name)}'"


@lru_cache(maxsize=256)
def _actions(view: View, offer: Offer, *, create_image: bool, indent: str) -> tuple[str, ...]:
    """The element ``actions``, cut where an instance's id belongs."""
    api = attribute(view.api)
    links = "".join(
        f"{indent}  <link href='{api}{path}' method='{method}' rel='{rel}' />\n"
        for rel, method, path in action_links(view, offer, create_image=create_image)
    )
    return tuple(f"{indent}<actions>\n{links}{indent}</actions>\n".split(ID))


def _links(view: View, singular: str, ids: tuple[str, ...] | None, indent: str) -> str:
    if ids is None:
        return ""
    collection = view.collection(f"{singular}s")
    links = f"\n{indent}".join(f"<{singular} {located(collection, one)}></{singular}>" for one in ids)
    return f"{indent}  <{singular}s>{links}</{singular}s>\n"


def _addresses_writer(indent: str) -> Callable[[tuple[InstanceAddress, ...]], str]:
    tags: Memo[str, str] = Memo(lambda kind: f"<address type='{attribute(kind)}'>")
    join = f"\n{indent}".join

    def write(addresses: tuple[InstanceAddress, ...]) -> str:
        if len(addresses) == 1:
            [one] = addresses
            if one.port is None and one.address:
                return f"{tags[one.type]}{text(one.address)}</address>"
        return join([_address(one) for one in addresses])

    return write


def _address(address: InstanceAddress) -> str:
    port = "" if address.port is None else f"port='{address.port}' "
    kind = attribute(address.type) if address.address else "unavailable"
    return f"<address {port}type='{kind}'>{text(address.address)}</address>"


def _volumes_writer(view: View, indent: str) -> Callable[[tuple[tuple[str, str | None], ...]], str]:
    collection = view.collection("storage_volumes")
    devices: _Text = Memo(lambda device: "" if device is None else f"device='{attribute(device)}' ")
    separator = f"\n{indent}"

    def write(volumes: tuple[tuple[str, str | None], ...]) -> str:
        written = ""
        for volume, device in volumes:
            place = segment(volume)
            ident = volume if place is volume else attribute(volume)
            link = f"<storage_volume {devices[device]}href='{collection}/{place}' id='{ident}'></storage_volume>"
            written = f"{written}{separator}{link}" if written else link
        return written

    return write


def _authentication_writer(view: View, indent: str) -> Callable[[Instance], str]:
    kind = view.authentication_type
    if kind is None:
        return lambda _: ""
    login, inmost = f"{indent}  <login>\n", f"{indent}    "
    start, end = f"{indent}<authentication type='{kind}'>\n", f"{indent}</authentication>\n"
    keys: _Text = Memo(
        lambda key: "" if key is None else f"{login}{inmost}<keyname>{text(key)}</keyname>\n{indent}  </login>\n"
    )

    def write(instance: Instance) -> str:
        if instance.authentication_error is not None:
            return f"{start}{indent}  <error>{text(instance.authentication_error)}</error>\n{end}"
        password = instance.password
        if password is None:
            return f"{start}{keys[instance.key_name]}{end}"
        return (
            f"{start}{login}{inmost}<username>{text(instance.username or '')}</username>\n"
            f"{inmost}<password>{cdata(password.reveal())}</password>\n{indent}  </login>\n"
            f"{keys[instance.key_name]}{end}"
        )

    return write
