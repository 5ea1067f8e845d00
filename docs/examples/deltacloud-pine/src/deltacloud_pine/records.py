"""What the cloud's JSON holds, as far as the driver reads it. What does not fit is an error; what is new is ignored."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import msgspec


class Record(msgspec.Struct, frozen=True):
    """Base of all records."""


# 2. The cloud's JSON.
class Page(Record, frozen=True):
    """One page of a list; ``next`` is what the next page is asked for with, None at the end."""

    items: list[msgspec.Raw]
    next: str | None


class Session(Record, frozen=True):
    """What logging in gives: a token, and the seconds that it is good for."""

    token: str
    seconds: float


class Place(Record, frozen=True):
    """Where servers run."""

    id: str
    name: str


class Size(Record, frozen=True):
    """A size of server; ``memory`` and ``disk`` are in GiB."""

    id: str
    cores: int
    memory: int
    disk: int


class Image(Record, frozen=True):
    """What servers are made of."""

    id: str
    name: str
    cpu: str


class Server(Record, frozen=True):
    """A server."""

    id: str
    name: str
    status: str
    image: str
    size: str
    place: str
    key: str | None
    created: datetime
    addresses: tuple[str, ...]


class Key(Record, frozen=True):
    """A key; ``private`` is there when it has just been made."""

    name: str
    fingerprint: str
    private: str | None = None


class Box(Record, frozen=True):
    """A box of files."""

    name: str


class File(Record, frozen=True):
    """A file without its content."""

    name: str
    bytes: int
    type: str
    changed: datetime
    labels: dict[str, str]


class Download(Record, frozen=True):
    """The content of a file on its way; ``close`` lets go of it before its end."""

    chunks: Iterator[bytes]
    bytes: int
    type: str
    close: Callable[[], None]
