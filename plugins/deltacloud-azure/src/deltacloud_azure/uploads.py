"""Uploads: a content goes in blocks, several of which are under way at once, and appears when all are there.

Blocks that are not committed are no part of any blob, so what breaks off leaves nothing that anybody sees; the cloud
throws it away after a week. A block may be sent again, for it takes its own place.
Source: https://learn.microsoft.com/rest/api/storageservices/put-block.
"""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from deltacloud.blobs import BlobUpload
from deltacloud.context import Context
from deltacloud.errors import InvalidRequest
from deltacloud.inputs import BlobProperties
from deltacloud.models import Blob
from deltacloud.texts import unquoted
from deltacloud_azure.names import metadata_to

if TYPE_CHECKING:
    from azure.storage.blob import BlobClient

MOST_BLOCKS = 50_000
"""The most that a blob may consist of."""
_MIB = 1024 * 1024
_LARGEST = 4 * _MIB
"""The largest block, and the largest blob that goes as it is, unless a blob has more blocks than :data:`_OFTEN`."""
_SHARE = 64
"""A block is so large a part of what is known of the blob: small ones take little memory, large ones few requests."""
_OFTEN = 10_000
"""After each so many blocks they become twice as large."""
STEM = 16
"""Characters of each of the two random parts of a block's id."""


def block_id(upload: str, part: str, number: int) -> str:
    """What a block is called, before the SDK puts it into base64.

    All ids of a blob must be equally long, those of uploads by other means included; the SDK's own have this length.

    Args:
        upload: :data:`STEM` characters.
        part: As many.
        number: Counted from 0 within the part.
    """
    return f"{upload}{part}{number:016d}"


def random_stem() -> str:
    """A part of ids that nobody else has."""
    return secrets.token_hex(STEM // 2)


def properties_of(properties: BlobUpload | BlobProperties) -> dict[str, Any]:
    """Content type and metadata, as the SDK takes them.

    Raises:
        InvalidRequest: the cloud takes no such type or metadata.
    """
    from azure.storage.blob import ContentSettings  # noqa: PLC0415 - imported at first use

    content_type = properties.content_type
    if not content_type.isascii() or not content_type.isprintable():
        raise InvalidRequest("The content type is not plain ASCII", "content_type")
    return {
        "content_settings": ContentSettings(content_type=content_type),
        "metadata": metadata_to(properties.metadata),
    }


def write(context: Context, blob: BlobClient, upload: BlobUpload, parallel: int) -> Blob:
    """Write a blob.

    Args:
        context: The call's context.
        blob: The SDK's client of the blob.
        upload: The content.
        parallel: How many blocks may be under way at once.
    """
    options = properties_of(upload)
    blocks = cut(upload)
    begun = deque(islice(blocks, 2))
    if len(begun) <= 1:
        whole = begun.pop() if begun else b""
        answer = blob.upload_blob(whole, length=len(whole), overwrite=True, **options)
        return _written(blob, upload, len(whole), answer)
    stem, part = random_stem(), random_stem()
    count, length = stage(context, blob, chain(_emptied(begun), blocks), (stem, part), parallel)
    return commit(blob, [block_id(stem, part, number) for number in range(count)], length, upload)


def commit(blob: BlobClient, blocks: Iterable[str], length: int, properties: BlobUpload | BlobProperties) -> Blob:
    """Make a blob of blocks that are there.

    Args:
        blob: The SDK's client of the blob.
        blocks: The blocks' ids in their order.
        length: How many bytes they have together.
        properties: What the blob is to be like.
    """
    from azure.storage.blob import BlobBlock  # noqa: PLC0415 - imported at first use

    answer = blob.commit_block_list([BlobBlock(one) for one in blocks], **properties_of(properties))
    return _written(blob, properties, length, answer)


def _written(blob: BlobClient, properties: BlobUpload | BlobProperties, length: int, answer: dict[str, Any]) -> Blob:
    """What was written, out of what the SDK says of it."""
    return Blob(
        id=blob.blob_name,
        bucket_id=blob.container_name,
        content_length=length,
        content_type=properties.content_type,
        last_modified=answer.get("last_modified"),
        user_metadata=properties.metadata,
        etag=unquoted(answer.get("etag")),
    )


def cut(upload: BlobUpload) -> Iterator[bytes]:
    """A content in blocks, none of which is empty.

    Raises:
        InvalidRequest: it is larger than a blob can be.
    """
    sent = number = 0
    while block := _read(upload, _size(upload.length, sent, number)):
        if number == MOST_BLOCKS:
            raise InvalidRequest("The content is larger than the cloud allows")
        yield block
        sent += len(block)
        number += 1


def _emptied(blocks: deque[bytes]) -> Iterator[bytes]:
    """All of them; none is kept once it is handed on."""
    while blocks:
        yield blocks.popleft()


def _size(length: int | None, sent: int, number: int) -> int:
    """How large the next block is, in bytes."""
    if number == 0 and length is not None and length <= _LARGEST:
        return max(length, 1)
    least = -(-(length or 0) // MOST_BLOCKS)
    usual = min(max(max(sent, length or 0) // _SHARE // _MIB * _MIB, _MIB), _LARGEST)
    return max(usual << number // _OFTEN, least)


def _read(upload: BlobUpload, size: int) -> bytes:
    """The next bytes, as many as there are up to ``size``."""
    parts = []
    while size > 0 and (part := upload.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def stage(
    context: Context, blob: BlobClient, blocks: Iterable[bytes], stems: tuple[str, str], parallel: int
) -> tuple[int, int]:
    """Send blocks, several at once, and wait until all are there.

    Args:
        context: The call's context.
        blob: The SDK's client of the blob.
        blocks: The blocks.
        stems: The first two parts of their ids.
        parallel: How many may be under way at once; fewer, if they are larger than usual.

    Returns:
        How many blocks there are, and how many bytes.
    """

    def send(numbered: tuple[int, bytes]) -> int:
        number, block = numbered
        # The id is the token against doing it twice, so the session may send it again.
        blob.stage_block(block_id(*stems, number), block, length=len(block), retry=True)
        return len(block)

    def room(numbered: tuple[int, bytes]) -> int:
        return max(len(numbered[1]), _LARGEST)

    with context.sdk.executor(parallel) as threads:
        lengths = list(threads.in_order(send, enumerate(blocks), parallel * _LARGEST, size=room))
    return len(lengths), sum(lengths)
