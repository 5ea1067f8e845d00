"""How contents of any length get into S3: whole, or in parts of which a few are on their way at a time."""

from __future__ import annotations

import itertools
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TypeAlias

from deltacloud.blobs import CHUNK, BlobUpload
from deltacloud.context import Context
from deltacloud_ec2.buckets import BucketAt

Piece: TypeAlias = bytes | IO[bytes]
"""A part of a content: in memory, or in a temporary file if it is large."""

_MIB = 1024 * 1024
PART = 8 * _MIB
"""The size of parts while that makes no more of them than an object can have; shorter contents are sent whole."""
_MOST_PARTS = 10_000
_ON_THE_WAY = 32 * _MIB
"""How much of a content may be in memory, on its way."""
_OF_ONE_SIZE = 2000
"""So many parts of a content of unknown length have one size, and the next so many twice that."""
_LAST_SECONDS = 5.0
"""How long throwing away the parts of a failed upload may take where the call's time is over."""


@dataclass(frozen=True, slots=True)
class Target:
    """What is written: an object of a bucket, for one call.

    Attributes:
        context: The call's.
        bucket: Where.
        key: The object's name.
    """

    context: Context
    bucket: BucketAt
    key: str

    def write(self, upload: BlobUpload, properties: Mapping[str, object]) -> None:
        """Write the object whole, or not at all.

        Args:
            upload: Its content.
            properties: Parameters of PutObject, and of CreateMultipartUpload.

        Raises:
            ClientDisconnected: the content broke off; nothing was written, and nothing is left.
        """
        pieces = _pieces(upload)
        first, second = next(pieces, b""), next(pieces, None)
        if second is None:
            self.bucket.call("put_object", Key=self.key, Body=first, **properties)
            return
        upload_id = self.begin(properties)
        with self.given_up_on_failure(upload_id):
            self.finish(upload_id, self._send(upload_id, itertools.chain((first, second), pieces)))

    def begin(self, properties: Mapping[str, object]) -> str:
        """Begin an upload in parts; returns its id."""
        upload_id: str = self.bucket.call("create_multipart_upload", Key=self.key, **properties)["UploadId"]
        return upload_id

    def write_part(self, upload_id: str, number: int, upload: BlobUpload) -> str:
        """Send one part of any length; returns its ETag, without quotes.

        It passes through if its length is known and the connection is private. Else it goes through a temporary file:
        the request begins with the length and, for the signature, a digest of the content.
        """
        if self.bucket.private and upload.length is not None:
            return self._send_part(upload_id, number, _Once(upload), ContentLength=upload.length)
        with tempfile.SpooledTemporaryFile(PART) as file:
            for chunk in upload:
                file.write(chunk)
            file.seek(0)
            return self._send_part(upload_id, number, file)

    def finish(self, upload_id: str, parts: Iterable[tuple[int, str]]) -> None:
        """Make the object out of its parts: numbers and ETags."""
        named = [{"PartNumber": number, "ETag": f'"{etag}"'} for number, etag in sorted(parts)]
        self.bucket.call(
            "complete_multipart_upload", Key=self.key, UploadId=upload_id, MultipartUpload={"Parts": named}
        )

    def abort(self, upload_id: str) -> None:
        """Throw the parts away."""
        self.bucket.call("abort_multipart_upload", Key=self.key, UploadId=upload_id)

    def copy_part(self, upload_id: str, number: int, first: int, last: int, source: Mapping[str, object]) -> str:
        """Make a part of bytes ``first`` to ``last`` of an object; returns its ETag, without quotes.

        Args:
            upload_id: The upload.
            number: The part's number.
            first: The first byte, counted from 0.
            last: The last byte.
            source: Parameters that name the object.
        """
        answer = self.bucket.call(
            "upload_part_copy",
            Key=self.key,
            UploadId=upload_id,
            PartNumber=number,
            CopySourceRange=f"bytes={first}-{last}",
            **source,
        )
        etag: str = answer["CopyPartResult"]["ETag"]
        return etag.strip('"')

    def _send(self, upload_id: str, pieces: Iterable[Piece]) -> list[tuple[int, str]]:
        """Send parts side by side, so many that little of the content is in memory."""
        sent: list[tuple[int, Future[str]]] = []
        waiting: set[Future[str]] = set()
        with self.context.sdk.executor(_ON_THE_WAY // PART) as executor:
            try:
                for number, piece in enumerate(pieces, 1):
                    while len(waiting) >= max(1, _ON_THE_WAY // _length(piece)):
                        done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                        for one in done:
                            one.result()
                    part = executor.submit(self._send_piece, upload_id, number, piece)
                    waiting.add(part)
                    sent.append((number, part))
                return [(number, one.result()) for number, one in sent]
            finally:
                executor.shutdown(wait=True, cancel_futures=True)

    def _send_piece(self, upload_id: str, number: int, piece: Piece) -> str:
        if isinstance(piece, bytes):
            return self._send_part(upload_id, number, piece)
        with piece:
            return self._send_part(upload_id, number, piece)

    def _send_part(self, upload_id: str, number: int, body: Piece | _Once, **further: object) -> str:
        answer = self.bucket.call(
            "upload_part", Key=self.key, UploadId=upload_id, PartNumber=number, Body=body, **further
        )
        etag: str = answer["ETag"]
        return etag.strip('"')

    @contextmanager
    def given_up_on_failure(self, upload_id: str) -> Iterator[None]:
        """If what is done inside fails, no parts are left: S3 keeps them, and takes money for it."""
        try:
            yield
        except BaseException:
            self._give_up(upload_id)
            raise

    def _give_up(self, upload_id: str) -> None:
        deadline = self.context.deadline
        if deadline.remaining() < _LAST_SECONDS:
            deadline.restart(_LAST_SECONDS)
        try:
            self.abort(upload_id)
        except Exception as error:  # noqa: BLE001 - what failed first is what the caller is told
            self.context.log.warning("the parts of a failed upload are left behind: %s", type(error).__name__)


class _Once:
    """A content as botocore reads it: a file that cannot be sought in."""

    def __init__(self, upload: BlobUpload) -> None:
        self.read = upload.read


def _sizes(length: int | None) -> Iterator[int]:
    """The sizes of a content's parts, the last of which may be shorter.

    Args:
        length: The content's; None if it is not known.
    """
    if length is not None:
        whole = -(-length // _MOST_PARTS)
        yield from itertools.repeat(max(PART, -(-whole // _MIB) * _MIB))
    for number in itertools.count():
        yield PART << number // _OF_ONE_SIZE


def _pieces(upload: BlobUpload) -> Iterator[Piece]:
    """The content in parts, none of them empty."""
    for size in _sizes(upload.length):
        piece = _in_memory(upload, size) if size <= _ON_THE_WAY else _in_file(upload, size)
        if not _length(piece):
            return
        yield piece


def _chunks(upload: BlobUpload, size: int) -> Iterator[bytes]:
    """The next bytes of a content, ``size`` of them at most."""
    while size and (chunk := upload.read(min(size, CHUNK))):
        size -= len(chunk)
        yield chunk


def _in_memory(upload: BlobUpload, size: int) -> bytes:
    return b"".join(_chunks(upload, size))


def _in_file(upload: BlobUpload, size: int) -> IO[bytes]:
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by whoever sends it
    file.writelines(_chunks(upload, size))
    file.seek(0)
    return file


def _length(piece: Piece) -> int:
    return len(piece) if isinstance(piece, bytes) else os.fstat(piece.fileno()).st_size
