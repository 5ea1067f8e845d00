"""Storage snapshots. In XML the name is always the id; JSON has the real one."""

from __future__ import annotations

from collections.abc import Callable

from deltacloud.api.parsing.percent import segment
from deltacloud.api.representations.markup import text, timestamp, utc
from deltacloud.api.representations.representation import Representation
from deltacloud.api.representations.tags import tags_xml
from deltacloud.api.representations.view import View, link, located
from deltacloud.models import StorageSnapshot


def storage_snapshot_xml(view: View, indent: str) -> Callable[[StorageSnapshot], str]:
    """Makes the writer of one document's snapshots."""
    inner = f"{indent}  "
    snapshots, volumes = view.collection("storage_snapshots"), view.collection("storage_volumes")

    def write(snapshot: StorageSnapshot) -> str:
        created = "" if snapshot.created is None else f"{inner}<created>{timestamp(snapshot.created)}</created>\n"
        origin = snapshot.storage_volume_id
        volume = "" if origin is None else f"{inner}<storage_volume {located(volumes, origin)}></storage_volume>\n"
        return (
            f"{indent}<storage_snapshot {located(snapshots, snapshot.id)}>\n"
            f"{inner}<name>{text(snapshot.id)}</name>\n"
            f"{created}{volume}{tags_xml(snapshot.tags, inner)}{indent}</storage_snapshot>\n"
        )

    return write


def storage_snapshot_json(view: View) -> Callable[[StorageSnapshot], dict[str, object]]:
    """Makes the builder of one document's snapshots."""

    def build(snapshot: StorageSnapshot) -> dict[str, object]:
        fields: dict[str, object] = {
            "id": snapshot.id,
            "href": f"{view.api}/storage_snapshots/{segment(snapshot.id)}",
            "name": snapshot.name,
            "description": snapshot.description,
            "state": snapshot.state,
            "storage_volume": link(f"{view.api}/storage_volumes", snapshot.storage_volume_id, "storage_volume"),
            "created": None if snapshot.created is None else utc(snapshot.created),
        }
        if snapshot.tags is not None:
            fields["tags"] = dict(snapshot.tags)
        return fields

    return build


STORAGE_SNAPSHOTS = Representation("storage_snapshots", "storage_snapshot", storage_snapshot_xml, storage_snapshot_json)
