"""What all parts of the driver share: the gate, the store, and the ways to list, find and make things."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from deltacloud.context import Context
from deltacloud.driver import Driver
from deltacloud.errors import DeltacloudError, InvalidRequest, NotFound, ProviderBusy
from deltacloud.inputs import PageRequest
from deltacloud.models import Page
from deltacloud_mock.catalogue import SLOW_STATES
from deltacloud_mock.contents import Contents
from deltacloud_mock.gate import Gate
from deltacloud_mock.records import Item, Kind, digest
from deltacloud_mock.seed import Seed, read_seed
from deltacloud_mock.session import Repeat, Session
from deltacloud_mock.settings import MockSettings, default_storage
from deltacloud_mock.store import Store, is_busy

_LONGEST_NAME = 255
_UPLOAD_SECONDS = 7 * 24 * 3600.0


class MockBase(Driver):
    """The pretend cloud without its hooks.

    Args:
        settings: The operator's.
        clock: Gives Unix seconds; for tests.
        randomness: Where fake keys and measurements come from; for tests.
    """

    _subdirectory: ClassVar[str] = ""
    """Where a driver that is derived from this one keeps its state, below this one's directory."""

    def __init__(
        self,
        settings: MockSettings,
        clock: Callable[[], float] = time.time,
        randomness: random.Random | None = None,
    ) -> None:
        super().__init__(settings)
        self._gate = Gate(settings)
        self._page_size = settings.page_size
        self._transition_seconds = settings.transition_seconds
        if settings.transition_seconds:
            self.states = SLOW_STATES
        self._storage = settings.storage
        self._clock = clock
        self._random = randomness or random.SystemRandom()
        self._store = Store(self._directory, self._planter, clock)
        self._opened: Contents | None = None

    def close(self) -> None:
        """Close the database."""
        self._store.close()

    def translate_error(self, error: Exception) -> DeltacloudError | None:
        """A lock that others hold for too long, and text that is no Unicode; all else is a fault, for the log."""
        if is_busy(error):
            return ProviderBusy()
        if isinstance(error, UnicodeEncodeError):
            return InvalidRequest("A text holds characters that are not valid Unicode")
        return None

    # The store

    @property
    def _contents(self) -> Contents:
        """The contents of blobs; tidied up when the process first uses them."""
        if self._opened is None:
            contents = Contents(self._store.directory / "contents")
            with self._store.writing() as session:
                session.blobs.end_uploads_before(session.now - _UPLOAD_SECONDS)
            with self._store.reading() as session:
                contents.sweep(session.blobs.files(), session.blobs.refers_to)
            self._opened = contents
        return self._opened

    def _directory(self) -> Path:
        home = Path(self._storage) if self._storage else default_storage()
        return home / self._subdirectory

    def _seed(self) -> Seed:
        """What a new store holds."""
        return read_seed()

    def _planter(self, directory: Path) -> Callable[[Session], None]:
        seed, contents = self._seed(), Contents(directory / "contents")
        return lambda session: seed.plant(session, contents)

    # What every collection does alike

    def _list(self, context: Context, hook: str, kind: Kind[Item], page: PageRequest) -> Page[Item]:
        """One page of the caller's things."""
        user = self._gate.admit(context, hook)
        with self._store.reading() as session:
            return Page(*session.page(kind, user, page.marker or "", page.size(self._page_size)))

    def _get(self, context: Context, hook: str, kind: Kind[Item], identifier: str) -> Item:
        """One of the caller's things."""
        user = self._gate.admit(context, hook)
        with self._store.reading() as session:
            item = session.get(kind, user, identifier)
        if item is None:
            raise NotFound
        return item

    def _create(
        self,
        context: Context,
        hook: str,
        kind: Kind[Item],
        asked: object,
        build: Callable[[Session, str], tuple[Item, ...]],
    ) -> tuple[Item, ...]:
        """Make things, or answer again what the same caller was answered under the same idempotency key.

        Args:
            context: The call's context.
            hook: The hook's name.
            kind: What is made.
            asked: All that it is made of; the same key must come with the same.
            build: Makes it, within the write, for the user that it is told.

        Raises:
            InvalidRequest: the key came with something else before.
        """
        user = self._gate.admit(context, hook)
        key = context.idempotency_key
        if key is None:
            with self._store.writing() as session:
                return build(session, user)
        said = digest((asked, sorted(context.extra.items())))
        with self._store.writing() as session:
            known = session.recall(kind, user, hook, key)
            if known is None:
                known = Repeat(said, build(session, user))
                session.remember(kind, user, hook, key, known)
        if known.asked != said:
            raise InvalidRequest("This Idempotency-Key was used for another request", "Idempotency-Key")
        return known.made

    def _destroy(self, context: Context, hook: str, kind: Kind[Item], identifier: str) -> None:
        """Delete one of the caller's things that nothing else depends on."""
        user = self._gate.admit(context, hook)
        with self._store.writing() as session:
            session.need(kind, user, identifier)
            session.remove(kind, user, identifier)


def stamped(session: Session, kind: Kind[Item], owner: str, prefix: str) -> str:
    """A new id with a clock: the prefix and the time in seconds, or the next number that nobody has."""
    while session.has(kind, owner, identifier := f"{prefix}{session.stamp()}"):
        pass
    return identifier


def named(name: str) -> str:
    """A name that becomes an id, if it can.

    Raises:
        InvalidRequest: it is empty, too long, begins with a dot, or holds a slash or a control character.
    """
    if not 0 < len(name.encode()) <= _LONGEST_NAME:
        raise InvalidRequest(f"A name must have 1 to {_LONGEST_NAME} bytes", "name")
    if name.startswith(".") or any(one in "/\\\x7f" or one < " " for one in name):
        raise InvalidRequest("A name must not begin with a dot, nor hold slashes or control characters", "name")
    return name
