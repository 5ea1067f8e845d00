"""How contents of any length get into S3: in one request, or in parts of which a few are on their way at a time."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from deltacloud.blobs import BlobUpload
from deltacloud.context import Context
from deltacloud.texts import unquoted
from deltacloud_ec2.bodies import MIB, PART, Limited, Readable, body, read, sizes
from deltacloud_ec2.regions import BucketAt

_WHOLE = 16 * MIB
"""Contents up to here are sent in one request, if their length is known."""
_IN_MEMORY = 8 * MIB
"""The largest part that is held in memory; the parts of very large contents are sent one by one, and are not."""
_AT_A_TIME = 4
"""How many parts are in memory."""
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
        self.bucket.locate()
        if upload.length is not None and upload.length <= _WHOLE:
            with body(upload, upload.length, private=self.bucket.private) as (content, length):
                self.bucket.call("put_object", Key=self.key, Body=content, ContentLength=length, **properties)
            return
        first = read(upload, PART)
        if len(first) < PART:
            self.bucket.call("put_object", Key=self.key, Body=first, **properties)
            return
        upload_id = self.begin(properties)
        with self.given_up_on_failure(upload_id):
            self.finish(upload_id, self._send(upload_id, first, upload))

    def begin(self, properties: Mapping[str, object]) -> str:
        """Begin an upload in parts; returns its id."""
        upload_id: str = self.bucket.call("create_multipart_upload", Key=self.key, **properties)["UploadId"]
        return upload_id

    def write_part(self, upload_id: str, number: int, upload: BlobUpload) -> str:
        """Send one part of any length; returns its ETag, without quotes."""
        self.bucket.locate()
        with body(upload, upload.length, private=self.bucket.private) as (content, length):
            return self._send_part(upload_id, number, content, length)

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
        return unquoted(answer["CopyPartResult"]["ETag"]) or ""

    @contextmanager
    def given_up_on_failure(self, upload_id: str) -> Iterator[None]:
        """If what is done inside fails, no parts are left: S3 keeps them, and takes money for it."""
        try:
            yield
        except BaseException:
            self._give_up(upload_id)
            raise

    def _send(self, upload_id: str, first: bytearray, upload: BlobUpload) -> list[tuple[int, str]]:
        """Send a content in parts; so few are in memory that it does not matter how many there are."""
        further = sizes(upload.length)
        size = next(further)

        def pieces() -> Iterator[tuple[int, bytearray]]:
            nonlocal size
            number, piece = 1, first
            while piece:
                yield number, piece  # not by enumerate(), which holds on to a piece that was sent
                piece = read(upload, size) if size <= _IN_MEMORY else bytearray()
                number, size = number + 1, next(further) if piece else size

        def send(numbered: tuple[int, bytearray]) -> str:
            number, piece = numbered
            return self._send_part(upload_id, number, piece, len(piece))

        with self.context.sdk.executor(_AT_A_TIME) as executor:
            etags = list(executor.in_order(send, pieces(), _AT_A_TIME))
        if size > _IN_MEMORY:
            left = None if upload.length is None else upload.length - len(first)
            etags += self._send_one_by_one(upload_id, len(etags) + 1, itertools.chain((size,), further), upload, left)
        return list(enumerate(etags, 1))

    def _send_one_by_one(
        self, upload_id: str, number: int, further: Iterable[int], upload: BlobUpload, left: int | None
    ) -> Iterator[str]:
        """Send the rest of a very large content, in parts that are too large for memory.

        Args:
            upload_id: The upload.
            number: The number of the first part.
            further: The sizes of the parts.
            upload: The content.
            left: How much of it there is still; None if that is not known.
        """
        for size in further:
            known = None if left is None else min(size, left)
            with body(Limited(upload, size), known, private=self.bucket.private) as (content, length):
                if not length:
                    return
                yield self._send_part(upload_id, number, content, length)
            number, left = number + 1, None if left is None else left - length

    def _send_part(self, upload_id: str, number: int, content: bytearray | Readable | IO[bytes], length: int) -> str:
        answer = self.bucket.call(
            "upload_part", Key=self.key, UploadId=upload_id, PartNumber=number, Body=content, ContentLength=length
        )
        return unquoted(answer["ETag"]) or ""

    def _give_up(self, upload_id: str) -> None:
        deadline = self.context.deadline
        if deadline.remaining() < _LAST_SECONDS:
            deadline.restart(_LAST_SECONDS)
        try:
            self.abort(upload_id)
        except Exception as error:  # noqa: BLE001 - what failed first is what the caller is told
            self.context.log.warning("the parts of a failed upload are left behind: %s", type(error).__name__)
