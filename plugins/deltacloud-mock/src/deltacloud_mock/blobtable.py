"""Blobs, uploads in parts, and which file holds which content."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

import msgspec

from deltacloud.errors import NotFound
from deltacloud.inputs import BlobProperties
from deltacloud.models import Blob

_decode = msgspec.json.Decoder(Blob).decode
_decode_properties = msgspec.json.Decoder(BlobProperties).decode
_encode = msgspec.json.Encoder().encode


class Place(NamedTuple):
    """Where a blob is: whose, in which bucket, under which name."""

    owner: str
    bucket: str
    blob: str


class StoredBlob(NamedTuple):
    """A blob and the file with its content."""

    file: str
    blob: Blob


class BlobTable:
    """The tables about blobs.

    Args:
        connection: The session's.
    """

    __slots__ = ("_connection",)

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def get(self, place: Place) -> StoredBlob:
        """One blob.

        Raises:
            NotFound: there is none of that name.
        """
        query = "SELECT file, body FROM blobs WHERE owner = ? AND bucket = ? AND id = ?"
        row = self._connection.execute(query, place).fetchone()
        if row is None:
            raise NotFound
        return StoredBlob(row[0], _decode(row[1]))

    def count(self, owner: str, bucket: str) -> int:
        """How many blobs a bucket holds."""
        query = "SELECT count(*) FROM blobs WHERE owner = ? AND bucket = ?"
        return int(self._connection.execute(query, (owner, bucket)).fetchone()[0])

    def ids(self, owner: str, bucket: str) -> tuple[str, ...]:
        """The names of all blobs in a bucket."""
        query = "SELECT id FROM blobs WHERE owner = ? AND bucket = ? ORDER BY id"
        return tuple(row[0] for row in self._connection.execute(query, (owner, bucket)))

    def between(self, owner: str, bucket: str, first: str, end: str | None, limit: int) -> list[Blob]:
        """At most ``limit`` blobs of a bucket with names from ``first`` on and before ``end``."""
        query = "SELECT body FROM blobs WHERE owner = ? AND bucket = ? AND id >= ? AND (? IS NULL OR id < ?)"
        rows = self._connection.execute(f"{query} ORDER BY id LIMIT ?", (owner, bucket, first, end, end, limit))
        return [_decode(row[0]) for row in rows]

    def put(self, owner: str, file: str, blob: Blob) -> str | None:
        """Keep a blob, in place of one of the same name; returns the file that is no longer needed, if any."""
        place = Place(owner, blob.bucket_id, blob.id)
        old = self._file_of(place)
        self._connection.execute(
            "INSERT OR REPLACE INTO blobs (owner, bucket, id, file, body) VALUES (?, ?, ?, ?, ?)",
            (*place, file, _encode(blob)),
        )
        return old if old != file else None

    def remove(self, place: Place) -> str | None:
        """Forget a blob; returns the file that is no longer needed, None when there was no such blob."""
        old = self._file_of(place)
        self._connection.execute("DELETE FROM blobs WHERE owner = ? AND bucket = ? AND id = ?", place)
        return old

    def _file_of(self, place: Place) -> str | None:
        query = "SELECT file FROM blobs WHERE owner = ? AND bucket = ? AND id = ?"
        row = self._connection.execute(query, place).fetchone()
        return None if row is None else str(row[0])

    # Uploads in parts

    def begin(self, upload: str, place: Place, properties: BlobProperties, now: float) -> None:
        """Note a new upload."""
        self._connection.execute(
            "INSERT INTO uploads (id, owner, bucket, blob, properties, begun) VALUES (?, ?, ?, ?, ?, ?)",
            (upload, *place, _encode(properties), now),
        )

    def upload(self, upload: str, place: Place) -> BlobProperties:
        """What the blob of an upload shall be.

        Raises:
            NotFound: there is no such upload for this blob.
        """
        query = "SELECT properties FROM uploads WHERE id = ? AND owner = ? AND bucket = ? AND blob = ?"
        row = self._connection.execute(query, (upload, *place)).fetchone()
        if row is None:
            raise NotFound("There is no such segmented upload for this blob")
        return _decode_properties(row[0])

    def add_segment(self, upload: str, number: int, identifier: str, file: str) -> str | None:
        """Keep a part, in place of one of the same number; returns the file that is no longer needed."""
        query = "SELECT file FROM segments WHERE upload = ? AND number = ?"
        row = self._connection.execute(query, (upload, number)).fetchone()
        self._connection.execute(
            "INSERT OR REPLACE INTO segments (upload, number, id, file) VALUES (?, ?, ?, ?)",
            (upload, number, identifier, file),
        )
        return None if row is None else str(row[0])

    def segments(self, upload: str) -> dict[tuple[int, str], str]:
        """The files of an upload's parts, by number and id."""
        rows = self._connection.execute("SELECT number, id, file FROM segments WHERE upload = ?", (upload,))
        return {(row[0], row[1]): row[2] for row in rows}

    def end(self, upload: str) -> None:
        """Forget an upload and its parts."""
        self._connection.execute("DELETE FROM uploads WHERE id = ?", (upload,))

    # Tidying up

    def end_uploads_of(self, owner: str, bucket: str) -> None:
        """Forget all uploads into a bucket."""
        self._connection.execute("DELETE FROM uploads WHERE owner = ? AND bucket = ?", (owner, bucket))

    def end_uploads_before(self, time: float) -> None:
        """Forget all uploads that were begun before a time."""
        self._connection.execute("DELETE FROM uploads WHERE begun < ?", (time,))

    def files(self) -> set[str]:
        """Every file that something refers to."""
        rows = self._connection.execute("SELECT file FROM blobs UNION ALL SELECT file FROM segments")
        return {row[0] for row in rows}

    def refers_to(self, file: str) -> bool:
        """Whether something refers to a file."""
        query = "SELECT file FROM blobs WHERE file = ? UNION ALL SELECT file FROM segments WHERE file = ?"
        return self._connection.execute(query, (file, file)).fetchone() is not None
