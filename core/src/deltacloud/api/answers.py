"""What handlers answer, before it has a format."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from deltacloud.blobs import BlobContent
from deltacloud.models import BlobEntry, Bucket, Model, Pairs


@dataclass(frozen=True, slots=True)
class Listed:
    """A list, read whole or one page of it; ``next_marker`` is the driver's own."""

    collection: str
    items: list[Model]
    next_marker: str | None = None
    status: int = 200


@dataclass(frozen=True, slots=True)
class Shown:
    """One resource.

    Attributes:
        collection: Whose representation it has.
        item: The resource.
        status: 200, 201 or 202.
        located: Whether its address goes into ``Location``.
        bare: Whether JSON has it without its wrapper (actions of instances, as they always were).
        browser: Where a browser is sent instead (303), below ``/api``; empty shows it the page.
    """

    collection: str
    item: Model
    status: int = 200
    located: bool = False
    bare: bool = False
    browser: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """Nothing to show.

    Attributes:
        status: 204, or 202.
        browser: Where a browser is sent instead (303), below ``/api``.
        metadata: A blob's metadata, for the headers.
        headers: Further headers.
    """

    status: int = 204
    browser: str = ""
    metadata: Pairs = ()
    headers: Pairs = ()


@dataclass(frozen=True, slots=True)
class SeeOther:
    """Go there (303).

    Attributes:
        path: Below ``/api``.
        switches: Whether the path says itself which driver and provider come next.
    """

    path: str
    switches: bool = False


@dataclass(frozen=True, slots=True)
class BucketShown:
    """A bucket with its blobs.

    Attributes:
        bucket: The bucket.
        entries: Its blobs; None where the driver cannot list them.
        complete: Whether they are all of its blobs, so that they can be counted.
        streamed: Whether there are too many to be held in memory.
        next_marker: The driver's own marker of the next page.
        located: Whether the bucket's address goes into ``Location``.
        status: 200, or 201.
        browser: Where a browser is sent instead (303), below ``/api``; empty shows it the page.
    """

    bucket: Bucket
    entries: Iterable[BlobEntry] | None
    complete: bool = False
    streamed: bool = False
    next_marker: str | None = None
    located: bool = False
    status: int = 200
    browser: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """A blob's content, to be streamed."""

    content: BlobContent
    filename: str


@dataclass(frozen=True, slots=True)
class Document:
    """A document that is not made of one collection's models: one writer for each format."""

    writers: Mapping[str, Callable[[], bytes]]
    status: int = 200


Answer: TypeAlias = Listed | Shown | Done | SeeOther | BucketShown | Content | Document
