"""Images."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from deltacloud.api.parsing.percent import segment
from deltacloud.api.representations.encoding import raw
from deltacloud.api.representations.markup import Memo, attribute, text, timestamp, utc
from deltacloud.api.representations.representation import Representation
from deltacloud.api.representations.tags import tags_xml
from deltacloud.api.representations.view import View, link, located
from deltacloud.models import Image


def image_xml(view: View, indent: str) -> Callable[[Image], str]:
    """Makes the writer of one document's images."""
    inner, inmost = f"{indent}  ", f"{indent}    "
    api = attribute(view.api)
    can_destroy = "destroy_image" in view.hooks
    owners: Memo[str | None, str] = Memo(lambda owner: f"{inner}<owner_id>{text(owner or '')}</owner_id>\n")
    profiles: Memo[tuple[str, ...] | None, str] = Memo(lambda ids: _profiles(view, ids, inner))

    def write(image: Image) -> str:
        place = segment(image.id)
        state = "" if image.state is None else f"{inner}<state>{text(image.state)}</state>\n"
        created = image.creation_time
        creation = "" if created is None else f"{inner}<creation_time>{timestamp(created)}</creation_time>\n"
        destroy = f"{inmost}<link href='{api}/images/{place}' method='delete' rel='destroy_image' />\n"
        return (
            f"{indent}<image href='{api}/images/{place}' id='{attribute(image.id)}'>\n"
            f"{inner}<name>{text(image.name or '')}</name>\n"
            f"{inner}<description>{text(image.description or '')}</description>\n"
            f"{owners[image.owner_id]}{inner}<architecture>{text(image.architecture or '')}</architecture>\n"
            f"{state}{creation}{profiles[image.hardware_profile_ids]}"
            f"{inner}<root_type>{text(image.root_type)}</root_type>\n"
            f"{inner}<actions>\n"
            f"{inmost}<link href='{api}/instances;image_id={place}' method='post' rel='create_instance' />\n"
            f"{destroy if can_destroy else ''}{inner}</actions>\n"
            f"{tags_xml(image.tags, inner)}{indent}</image>\n"
        )

    return write


def _profiles(view: View, ids: tuple[str, ...] | None, indent: str) -> str:
    if ids is None:
        return ""
    collection = view.collection("hardware_profiles")
    links = "".join(
        f"{indent}  <hardware_profile {located(collection, one)} rel='hardware_profile'></hardware_profile>\n"
        for one in ids
    )
    return f"{indent}<hardware_profiles>\n{links}{indent}</hardware_profiles>\n"


def image_json(view: View) -> Callable[[Image], dict[str, object]]:
    """Makes the builder of one document's images."""
    collection = f"{view.api}/hardware_profiles"
    profiles: Memo[tuple[str, ...] | None, msgspec.Raw] = Memo(
        lambda ids: raw([link(collection, one, "hardware_profile") for one in ids or ()])
    )

    def build(image: Image) -> dict[str, object]:
        fields: dict[str, object] = {
            "id": image.id,
            "href": f"{view.api}/images/{segment(image.id)}",
            "name": image.name,
            "description": image.description,
            "owner": image.owner_id,
            "architecture": image.architecture,
            "state": image.state,
            "root_type": image.root_type,
            "creation_time": None if image.creation_time is None else utc(image.creation_time),
            "hardware_profiles": profiles[image.hardware_profile_ids],
        }
        if image.tags is not None:
            fields["tags"] = dict(image.tags)
        return fields

    return build


IMAGES = Representation("images", "image", image_xml, image_json)
