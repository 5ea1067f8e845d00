"""Addresses."""

from __future__ import annotations

from collections.abc import Callable

from deltacloud.api.parsing.percent import segment
from deltacloud.api.representations.markup import attribute, text
from deltacloud.api.representations.representation import Representation
from deltacloud.api.representations.view import View, located
from deltacloud.models import Address


def address_xml(view: View, indent: str) -> Callable[[Address], str]:
    """Makes the writer of one document's addresses."""
    return _writer(view, indent, "  ")


def created_address_xml(view: View, _: str) -> Callable[[Address], str]:
    """Makes the writer of a new address, without indentation."""
    return _writer(view, "", "")


def _writer(view: View, indent: str, step: str) -> Callable[[Address], str]:
    inner, inmost = indent + step, indent + step + step
    addresses, instances = view.collection("addresses"), view.collection("instances")
    can_destroy = "destroy_address" in view.hooks

    def write(address: Address) -> str:
        href = f"{addresses}/{segment(address.id)}"
        destroy = f"{inmost}<link href='{href}' method='delete' rel='destroy' />\n" if can_destroy else ""
        rel = "associate" if address.instance_id is None else "disassociate"
        move = f"{inmost}<link href='{href}/{rel}' method='post' rel='{rel}' />\n"
        holder = address.instance_id
        instance = "" if holder is None else f"{inner}<instance {located(instances, holder)}></instance>\n"
        return (
            f"{indent}<address href='{href}' id='{attribute(address.id)}'>\n"
            f"{inner}<ip>{text(address.id)}</ip>\n"
            f"{inner}<actions>\n{destroy}{move if f'{rel}_address' in view.hooks else ''}{inner}</actions>\n"
            f"{instance}{indent}</address>\n"
        )

    return write


def address_json(view: View) -> Callable[[Address], dict[str, object]]:
    """Makes the builder of one document's addresses."""

    def build(address: Address) -> dict[str, object]:
        fields: dict[str, object] = {
            "id": address.id,
            "href": f"{view.api}/addresses/{segment(address.id)}",
            "associated": address.instance_id is not None,
        }
        if address.instance_id is not None:
            fields["instance_id"] = address.instance_id
        return fields

    return build


ADDRESSES = Representation("addresses", "address", address_xml, address_json, created_xml=created_address_xml)
