"""Uploads in parts, kept by the cloud alone: the parts are blocks that nobody has committed.

A block of one byte says that the upload is open. To throw an upload away is to make that block one of two bytes: the
cloud cannot delete blocks, but it says how large they are. They vanish after a week, or when the blob is written.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deltacloud.blobs import BlobUpload
from deltacloud.context import Context
from deltacloud.errors import InvalidRequest, NotFound
from deltacloud.inputs import BlobProperties
from deltacloud.models import Blob
from deltacloud_azure import uploads

if TYPE_CHECKING:
    from azure.storage.blob import BlobClient

_OPEN, _ABORTED = b"o", b"xx"
_STATE = "-" * uploads.STEM
"""Stands in the state's id where a part's has its own; no part can be called so."""
_UPLOAD = re.compile(r"[0-9a-f]{16}", re.ASCII)
_SEGMENT = re.compile(r"([0-9a-f]{16})-([0-9]{1,5})", re.ASCII)


def begin(blob: BlobClient) -> str:
    """Begin an upload; returns its id."""
    upload_id = uploads.random_stem()
    _mark(blob, upload_id, _OPEN)
    return upload_id


def write(context: Context, blob: BlobClient, upload_id: str, upload: BlobUpload, parallel: int) -> str:
    """Send one part; returns its id, which says how many blocks it has.

    Raises:
        NotFound: no upload can have this id.
    """
    part = uploads.random_stem()
    stems = (_checked(upload_id), part)
    count, _ = uploads.stage(context, blob, uploads.cut(upload), stems, parallel)
    return f"{part}-{count}"


def finish(blob: BlobClient, upload_id: str, segments: tuple[tuple[int, str], ...], properties: BlobProperties) -> Blob:
    """Make the blob of its parts, in the order of their numbers.

    Raises:
        InvalidRequest: a part is not one of this upload's.
        NotFound: there is no such upload, or none any more.
    """
    there = _require_open(blob, upload_id)
    blocks = [one for _, segment_id in sorted(segments) for one in _blocks(upload_id, segment_id)]
    if len(blocks) > uploads.MOST_BLOCKS:
        raise InvalidRequest("The content is larger than the cloud allows")
    if not there.keys() >= set(blocks):
        raise InvalidRequest("These are not all parts of this upload")
    return uploads.commit(blob, blocks, sum(there[one] for one in blocks), properties)


def abort(blob: BlobClient, upload_id: str) -> None:
    """Throw an upload away.

    Raises:
        NotFound: there is no such upload, or none any more.
    """
    _require_open(blob, upload_id)
    _mark(blob, upload_id, _ABORTED)


def _mark(blob: BlobClient, upload_id: str, state: bytes) -> None:
    blob.stage_block(uploads.block_id(upload_id, _STATE, 0), state, length=len(state), retry=True)


def _require_open(blob: BlobClient, upload_id: str) -> dict[str, int]:
    """The sizes of the blob's blocks by their ids, the upload being open."""
    state = uploads.block_id(_checked(upload_id), _STATE, 0)
    there = {block.id: block.size for block in blob.get_block_list("uncommitted", retry=True)[1]}
    if there.get(state) != len(_OPEN):
        raise NotFound("There is no such upload, or it is finished, or thrown away")
    return there


def _checked(upload_id: str) -> str:
    if _UPLOAD.fullmatch(upload_id) is None:
        raise NotFound("There is no such upload")
    return upload_id


def _blocks(upload_id: str, segment_id: str) -> list[str]:
    """The ids of a part's blocks."""
    match = _SEGMENT.fullmatch(segment_id)
    if match is None:
        raise InvalidRequest("These are not all parts of this upload")
    return [uploads.block_id(upload_id, match[1], number) for number in range(int(match[2]))]
