"""Storage volumes."""

from __future__ import annotations

from collections.abc import Callable

from deltacloud.api.parsing.percent import segment
from deltacloud.api.representations.markup import attribute, number, text, timestamp, utc
from deltacloud.api.representations.representation import Representation
from deltacloud.api.representations.tags import tags_xml
from deltacloud.api.representations.view import View, link, located
from deltacloud.models import StorageVolume


def storage_volume_xml(view: View, indent: str) -> Callable[[StorageVolume], str]:
    """Makes the writer of one document's volumes."""
    inner = f"{indent}  "
    volumes, realms = view.collection("storage_volumes"), view.collection("realms")

    def write(volume: StorageVolume) -> str:
        created = "" if volume.created is None else f"{inner}<created>{timestamp(volume.created)}</created>\n"
        kind = "" if volume.kind is None else f"{inner}<kind>{text(volume.kind)}</kind>\n"
        device = "" if volume.device is None else f"{inner}<device>{text(volume.device)}</device>\n"
        realm = "" if volume.realm_id is None else f"{inner}<realm {located(realms, volume.realm_id)}></realm>\n"
        realm_id = "" if volume.realm_id is None else f"{inner}<realm_id>{text(volume.realm_id)}</realm_id>\n"
        state = "" if volume.state is None else f"{inner}<state>{text(volume.state)}</state>\n"
        capacity = "" if volume.capacity is None else number(volume.capacity)
        return (
            f"{indent}<storage_volume {located(volumes, volume.id)}>\n{created}"
            f"{inner}<capacity unit='GB'>{capacity}</capacity>\n{kind}"
            f"{inner}<name>{text(volume.id if volume.name is None else volume.name)}</name>\n"
            f"{device}{realm}{realm_id}{state}{_mount(view, volume, inner)}{_actions(view, volume, inner)}"
            f"{tags_xml(volume.tags, inner)}{indent}</storage_volume>\n"
        )

    return write


def _mount(view: View, volume: StorageVolume, indent: str) -> str:
    if volume.instance_id is None:
        return ""
    device = "" if volume.device is None else f"{indent}  <device name='{attribute(volume.device)}'></device>\n"
    instance = located(view.collection("instances"), volume.instance_id)
    return f"{indent}<mount>\n{indent}  <instance {instance}></instance>\n{device}{indent}</mount>\n"


def _actions(view: View, volume: StorageVolume, indent: str) -> str:
    if volume.actions is None:
        return ""
    links = "".join(
        f"{indent}  <link href='{attribute(href)}' method='{method}' rel='{rel}' />\n"
        for rel, href, method in _links(view, volume)
    )
    return f"{indent}<actions>\n{links}{indent}</actions>\n"


def _links(view: View, volume: StorageVolume) -> list[tuple[str, str, str]]:
    """The rel, URL and method of each action."""
    href = f"{view.api}/storage_volumes/{segment(volume.id)}"
    return [
        (action, href, "delete") if action == "destroy" else (action, f"{href}/{action}", "post")
        for action in volume.actions or ()
    ]


def storage_volume_json(view: View) -> Callable[[StorageVolume], dict[str, object]]:
    """Makes the builder of one document's volumes."""

    def build(volume: StorageVolume) -> dict[str, object]:
        instance = volume.instance_id
        fields: dict[str, object] = {
            "id": volume.id,
            "href": f"{view.api}/storage_volumes/{segment(volume.id)}",
            "name": volume.name,
            "description": volume.description,
            "state": volume.state,
            "created": None if volume.created is None else utc(volume.created),
            "realm": link(f"{view.api}/realms", volume.realm_id, "realm"),
            "device": volume.device,
            "kind": volume.kind,
            "capacity": None if volume.capacity is None else number(volume.capacity),
            "actions": [{"href": href, "rel": rel, "method": method} for rel, href, method in _links(view, volume)],
            "instance": {} if instance is None else link(f"{view.api}/instances", instance, "instance"),
        }
        if volume.tags is not None:
            fields["tags"] = dict(volume.tags)
        return fields

    return build


STORAGE_VOLUMES = Representation("storage_volumes", "storage_volume", storage_volume_xml, storage_volume_json)
