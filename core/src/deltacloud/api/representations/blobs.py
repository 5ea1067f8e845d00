"""Blobs without their content."""

from __future__ import annotations

from collections.abc import Callable

from deltacloud.api.parsing.percent import segment
from deltacloud.api.representations.markup import attribute, cdata, text, timestamp, utc
from deltacloud.api.representations.representation import Representation
from deltacloud.api.representations.view import View
from deltacloud.models import Blob


def blob_xml(view: View, indent: str) -> Callable[[Blob], str]:
    """Makes the writer of one document's blobs."""
    inner = f"{indent}  "
    buckets = view.collection("buckets")

    def write(blob: Blob) -> str:
        href = f"{buckets}/{segment(blob.bucket_id)}/{segment(blob.id)}"
        size, kind, time = blob.content_length, blob.content_type, blob.last_modified
        length = "" if size is None else f"{inner}<content_length>{size}</content_length>\n"
        typed = "" if kind is None else f"{inner}<content_type>{text(kind)}</content_type>\n"
        modified = "" if time is None else f"{inner}<last_modified>{timestamp(time)}</last_modified>\n"
        entries = "".join(
            [f"{inner}  <entry key='{attribute(key)}'>{cdata(value)}</entry>\n" for key, value in blob.user_metadata]
        )
        return (
            f"{indent}<blob href='{href}' id='{attribute(blob.id)}'>\n"
            f"{inner}<bucket>{text(blob.bucket_id)}</bucket>\n"
            f"{length}{typed}{modified}"
            f"{inner}<user_metadata>\n{entries}{inner}</user_metadata>\n"
            f"{inner}<content href='{href}/content' rel='blob_content'></content>\n"
            f"{indent}</blob>\n"
        )

    return write


def blob_json(view: View) -> Callable[[Blob], dict[str, object]]:
    """Makes the builder of one document's blobs."""

    def build(blob: Blob) -> dict[str, object]:
        bucket = f"{view.api}/buckets/{segment(blob.bucket_id)}"
        return {
            "id": blob.id,
            "href": f"{bucket}/{segment(blob.id)}",
            "bucket": {"rel": "bucket", "href": bucket, "id": blob.bucket_id},
            "content_length": blob.content_length,
            "content_type": blob.content_type,
            "last_modified": None if blob.last_modified is None else utc(blob.last_modified),
            "user_metadata": dict(blob.user_metadata),
        }

    return build


BLOBS = Representation("blobs", "blob", blob_xml, blob_json)
