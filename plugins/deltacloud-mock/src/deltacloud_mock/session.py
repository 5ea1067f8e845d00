"""What can be read and written of the state, while a connection is held."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from typing import Generic, NamedTuple

import msgspec

from deltacloud.errors import Conflict, NotFound
from deltacloud_mock.blobtable import BlobTable
from deltacloud_mock.records import Item, Kind

_REMEMBERED_SECONDS = 24 * 3600.0


class Change(NamedTuple):
    """A state that a thing takes by itself, at a time in Unix seconds."""

    state: str
    due: float


class Repeat(NamedTuple, Generic[Item]):
    """What was asked for under an idempotency key, as a digest, and what that has made."""

    asked: str
    made: tuple[Item, ...]


class Session:
    """The tables, by what they mean.

    Args:
        connection: Held by this session alone.
        now: The time of all that happens in it, in Unix seconds.
    """

    __slots__ = ("_connection", "now")

    def __init__(self, connection: sqlite3.Connection, now: float) -> None:
        self._connection = connection
        self.now = now

    @property
    def blobs(self) -> BlobTable:
        """The tables about blobs."""
        return BlobTable(self._connection)

    @property
    def moment(self) -> datetime:
        """Now, to the second."""
        return datetime.fromtimestamp(int(self.now), UTC)

    # Reading

    def get(self, kind: Kind[Item], owner: str, identifier: str) -> Item | None:
        """One thing of an owner's; None if there is none of that id."""
        row = self._connection.execute(
            "SELECT body, becomes, due FROM things WHERE kind = ? AND owner = ? AND id = ?",
            (kind.name, owner, identifier),
        ).fetchone()
        return None if row is None else self._read(kind, *row)

    def need(self, kind: Kind[Item], owner: str, identifier: str, what: str = "") -> Item:
        """One thing of an owner's.

        Args:
            kind: The kind.
            owner: Whose.
            identifier: Its id.
            what: What a message shall call it, where one request names several things.

        Raises:
            NotFound: the owner has none of that id.
        """
        item = self.get(kind, owner, identifier)
        if item is None:
            raise NotFound(f"There is no {what} '{identifier}'" if what else "NotFound")
        return item

    def find(self, kind: Kind[Item], identifier: str) -> tuple[str, Item] | None:
        """Owner and thing, whoever has it; None if nobody has one of that id."""
        row = self._connection.execute(
            "SELECT owner, body, becomes, due FROM things WHERE kind = ? AND id = ?", (kind.name, identifier)
        ).fetchone()
        return None if row is None else (row[0], self._read(kind, *row[1:]))

    def has(self, kind: Kind[Item], owner: str, identifier: str) -> bool:
        """Whether the owner has a thing of that id."""
        query = "SELECT 1 FROM things WHERE kind = ? AND owner = ? AND id = ?"
        return self._connection.execute(query, (kind.name, owner, identifier)).fetchone() is not None

    def page(self, kind: Kind[Item], owner: str, first: str, limit: int) -> tuple[list[Item], str | None]:
        """At most ``limit`` things of an owner's from the place ``first`` on, and the place of the next one."""
        rows = self._connection.execute(
            "SELECT body, becomes, due, sort FROM things WHERE kind = ? AND owner = ? AND sort >= ?"
            " ORDER BY sort LIMIT ?",
            (kind.name, owner, first, limit + 1),
        ).fetchall()
        following = rows.pop()[3] if len(rows) > limit else None
        return [self._read(kind, *row[:3]) for row in rows], following

    def public_page(self, kind: Kind[Item], first: str, limit: int) -> tuple[list[tuple[str, Item]], str | None]:
        """The same of everybody's things, each with its owner."""
        rows = self._connection.execute(
            "SELECT body, becomes, due, owner, sort FROM things WHERE kind = ? AND sort >= ? ORDER BY sort LIMIT ?",
            (kind.name, first, limit + 1),
        ).fetchall()
        following = rows.pop()[4] if len(rows) > limit else None
        return [(row[3], self._read(kind, *row[:3])) for row in rows], following

    def all(self, kind: Kind[Item], owner: str) -> list[Item]:
        """All of an owner's things."""
        rows = self._connection.execute(
            "SELECT body, becomes, due FROM things WHERE kind = ? AND owner = ? ORDER BY sort", (kind.name, owner)
        )
        return [self._read(kind, *row) for row in rows.fetchall()]

    def ids(self, kind: Kind[Item]) -> set[str]:
        """Every id of the kind that anybody has."""
        return {row[0] for row in self._connection.execute("SELECT id FROM things WHERE kind = ?", (kind.name,))}

    def last(self, kind: Kind[Item]) -> str | None:
        """The id of the thing that stands last in the list of all."""
        row = self._connection.execute(
            "SELECT id FROM things WHERE kind = ? ORDER BY sort DESC LIMIT 1", (kind.name,)
        ).fetchone()
        return None if row is None else str(row[0])

    def _read(self, kind: Kind[Item], body: bytes, becomes: str | None, due: float | None) -> Item:
        item = kind.decode(body)
        if due is not None and due <= self.now:
            item = msgspec.structs.replace(item, state=becomes)
        return item

    # Writing

    def add(self, kind: Kind[Item], owner: str, item: Item, change: Change | None = None) -> Item:
        """Keep a new thing.

        Raises:
            Conflict: the owner has one of that id.
        """
        if self.has(kind, owner, item.id):
            raise Conflict(f"'{item.id}' exists already")
        self._connection.execute(
            "INSERT INTO things (kind, owner, id, sort, body, becomes, due) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (kind.name, owner, item.id, kind.sort(item), kind.encode(item), *(change or (None, None))),
        )
        return item

    def save(self, kind: Kind[Item], owner: str, item: Item) -> Item:
        """Keep a thing as it is now; a change of state under way goes on."""
        self._connection.execute(
            "UPDATE things SET sort = ?, body = ? WHERE kind = ? AND owner = ? AND id = ?",
            (kind.sort(item), kind.encode(item), kind.name, owner, item.id),
        )
        return item

    def turn(self, kind: Kind[Item], owner: str, item: Item, change: Change | None) -> Item:
        """Keep a thing in a new state, with what it becomes by itself, if anything."""
        self._connection.execute(
            "UPDATE things SET body = ?, becomes = ?, due = ? WHERE kind = ? AND owner = ? AND id = ?",
            (kind.encode(item), *(change or (None, None)), kind.name, owner, item.id),
        )
        return item

    def remove(self, kind: Kind[Item], owner: str, identifier: str) -> None:
        """Forget a thing; nothing happens when it is not there."""
        query = "DELETE FROM things WHERE kind = ? AND owner = ? AND id = ?"
        self._connection.execute(query, (kind.name, owner, identifier))

    def stamp(self) -> int:
        """A number for an id: the time in seconds, or one more than the last stamp if that is not less."""
        row = self._connection.execute(
            "INSERT INTO counters (name, value) VALUES ('stamp', ?)"
            " ON CONFLICT (name) DO UPDATE SET value = max(value + 1, excluded.value) RETURNING value",
            (int(self.now),),
        ).fetchone()
        return int(row[0])

    # Repeated requests

    def recall(self, kind: Kind[Item], owner: str, operation: str, key: str) -> Repeat[Item] | None:
        """What this operation of this caller was told and has made under an idempotency key; None if it is new.

        What was made may have changed since, or be gone: a repeated request is answered as the first one was.
        """
        query = "SELECT made FROM repeats WHERE owner = ? AND operation = ? AND key = ?"
        row = self._connection.execute(query, (owner, operation, key)).fetchone()
        if row is None:
            return None
        kept = msgspec.json.decode(row[0], type=_Kept)
        return Repeat(kept.asked, tuple(kind.decode(bytes(item)) for item in kept.made))

    def remember(self, kind: Kind[Item], owner: str, operation: str, key: str, repeat: Repeat[Item]) -> None:
        """Note what an idempotency key has made; notes of more than a day ago are dropped."""
        self._connection.execute("DELETE FROM repeats WHERE at < ?", (self.now - _REMEMBERED_SECONDS,))
        kept = _Kept(repeat.asked, [msgspec.Raw(kind.encode(item)) for item in repeat.made])
        self._connection.execute(
            "INSERT OR REPLACE INTO repeats (owner, operation, key, made, at) VALUES (?, ?, ?, ?, ?)",
            (owner, operation, key, msgspec.json.encode(kept), self.now),
        )


class _Kept(msgspec.Struct):
    """A :class:`Repeat` as it is kept."""

    asked: str
    made: list[msgspec.Raw]
