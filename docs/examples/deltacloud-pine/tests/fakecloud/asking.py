"""What the fake cloud is asked and answers, and what both its halves need."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from typing import TypeVar

from fakecloud.state import Record

Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Asked:
    """A request, read; ``path`` has the segments below the API's URL."""

    method: str
    path: tuple[str, ...]
    query: Mapping[str, str]
    headers: Message
    body: bytes

    def document(self) -> Record:
        """The body's JSON."""
        record: Record = json.loads(self.body)
        return record


@dataclass(frozen=True)
class Answer:
    """What goes back."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})


class RefusedError(Exception):
    """An error, in the cloud's own words."""

    def __init__(self, status: int, word: str) -> None:
        super().__init__(word)
        self.status = status
        self.word = word


def shown(document: object, status: int = 200) -> Answer:
    """An answer of JSON."""
    return Answer(status, json.dumps(document).encode())


def page(things: Iterable[Record], key: str, asked: Asked) -> Answer:
    """One page of a list, in the order of ``key``: at most ``limit`` things behind ``after``."""
    there = sorted((one for one in things if one[key] > asked.query.get("after", "")), key=lambda one: str(one[key]))
    items = there[: int(asked.query.get("limit", "50"))]
    return shown({"items": items, "next": items[-1][key] if len(items) < len(there) else None})


def found(things: Mapping[str, Thing], name: str) -> Thing:
    """The thing of that name."""
    if name not in things:
        raise RefusedError(404, "no_such_thing")
    return things[name]
