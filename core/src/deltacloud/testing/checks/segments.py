"""Uploads in parts."""

from __future__ import annotations

from deltacloud.errors import DeltacloudError, NotFound
from deltacloud.inputs import BlobProperties
from deltacloud.testing.caller import Caller, raised_by
from deltacloud.testing.check import REFERENCE, check, expect
from deltacloud.testing.checks.blobs import bucket, name_of, read, shown
from deltacloud.testing.run import Run
from deltacloud.testing.uploading import Upload

_PAGE = (REFERENCE, "Blobs")
SEGMENTED = (
    "list_buckets", "list_blobs", "get_blob", "read_blob", "write_blob",
    "begin_segmented_upload", "write_segment", "finish_segmented_upload",
)  # fmt: skip
_PROPERTIES = BlobProperties(content_type="text/x-parts", metadata=(("parts", "three"),))
PART = 5 * 1024 * 1024
"""The least that clouds take for a part that is not the last."""


class Parts:
    """An upload in parts of one blob."""

    def __init__(self, who: Caller, bucket_id: str, name: str) -> None:
        self._who = who
        self._where = {"bucket_id": bucket_id, "blob_id": name}
        self.id = who.call("begin_segmented_upload", properties=_PROPERTIES, **self._where)
        self.segments: list[tuple[int, str]] = []

    def write(self, number: int, content: bytes) -> None:
        """Send one part."""
        upload = Upload(content)
        found = self._who.call("write_segment", upload_id=self.id, number=number, upload=upload, **self._where)
        expect(isinstance(found, str), f"write_segment returned {type(found).__name__}, not the part's id")
        self.segments.append((number, found))

    def finish(self) -> object:
        """Make the blob."""
        segments = tuple(sorted(self.segments))
        return self._who.call(
            "finish_segmented_upload", upload_id=self.id, segments=segments, properties=_PROPERTIES, **self._where
        )

    def abort(self) -> None:
        """Throw the parts away."""
        self._who.call("abort_segmented_upload", upload_id=self.id, **self._where)


@check(
    "segments.joined",
    "parts become one blob in the order of their numbers, whatever order they came in",
    _PAGE,
    hooks=SEGMENTED,
)
def _joined(run: Run) -> None:
    name = name_of(run, "parts")
    parts = Parts(run.main, bucket(run), name)
    contents = {1: b"1" * PART, 2: b"2" * PART, 3: b"end"}
    for number in (2, 1, 3):
        parts.write(number, contents[number])
    error = raised_by(lambda: shown(run, name))
    expect(isinstance(error, NotFound), "shows a blob before its upload in parts is finished")
    parts.finish()
    expect(read(run, name) == b"".join(contents.values()), "made another content out of the parts")
    blob = shown(run, name)
    expect(blob.content_type == _PROPERTIES.content_type, f"shows the content type {blob.content_type}")
    expect(blob.user_metadata == _PROPERTIES.metadata, f"shows the metadata {blob.user_metadata}")


@check(
    "segments.abort", "parts that are thrown away leave nothing", _PAGE, hooks=(*SEGMENTED, "abort_segmented_upload")
)
def _aborted(run: Run) -> None:
    name = name_of(run, "aborted")
    parts = Parts(run.main, bucket(run), name)
    parts.write(1, b"x")
    parts.abort()
    expect(isinstance(raised_by(lambda: shown(run, name)), NotFound), "shows a blob whose upload was thrown away")
    error = raised_by(parts.finish)
    expect(isinstance(error, DeltacloudError), "finished an upload that was thrown away")
