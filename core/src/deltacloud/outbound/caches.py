"""Values kept between requests: those of all callers, and those of one."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn, TypeVar

from deltacloud.context import Context, Deadline
from deltacloud.errors import ProviderTimeout
from deltacloud.outbound import deadlines

Value = TypeVar("Value")

_CLOSING_SECONDS = 5.0
_log = logging.getLogger("deltacloud.outbound")


@dataclass(slots=True, repr=False)
class _Entry:
    value: Any
    expires: float
    close: Callable[[Any], object] | None


@dataclass(slots=True, repr=False)
class _Turn:
    """Who builds the value of a key, and how many wait for that."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    users: int = 0


class Cache:
    """Values by key: bounded, expiring, each built by one caller at a time.

    A value that is dropped, for whatever reason, is closed. It may still be in use then, so closing has to allow that.

    Args:
        bound: The most values that are kept; the one that was not used for the longest time goes first.
    """

    def __init__(self, bound: int) -> None:
        self._bound = bound
        self._lock = threading.Lock()
        self._entries: OrderedDict[Hashable, _Entry] = OrderedDict()
        self._turns: dict[Hashable, _Turn] = {}
        self._next_expiry = float("inf")

    def get(
        self,
        key: Hashable,
        build: Callable[[], tuple[Value, float]],
        close: Callable[[Value], object] | None,
        deadline: Deadline,
    ) -> Value:
        """The value of a key, built if there is none.

        Args:
            key: Says what it is.
            build: Makes it; returns the value and the seconds that it may be kept. If it raises, nothing is kept.
            close: Lets go of the value.
            deadline: Until when to wait while another caller builds it.

        Raises:
            ProviderTimeout: the wait was too long.
        """
        found, value = self._find(key)
        if not found:
            with self._turn(key, deadline):
                found, value = self._find(key)
                if not found:
                    value, seconds = build()
                    self._keep(key, _Entry(value, time.monotonic() + seconds, close))
        kept: Value = value
        return kept

    def forget(self, key: Hashable) -> None:
        """Drop and close the value of a key, if there is one."""
        with self._lock:
            entry = self._entries.pop(key, None)
        _close([] if entry is None else [entry])

    def close(self) -> None:
        """Drop and close all values."""
        with self._lock:
            entries = list(self._entries.values())
            self._entries.clear()
        _close(entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __repr__(self) -> str:
        return f"<Cache of {len(self)} values>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a cache cannot be pickled: its values are a process's own, and some are secret")

    def _find(self, key: Hashable) -> tuple[bool, Any]:
        now = time.monotonic()
        with self._lock:
            expired = self._take_expired(now)
            entry = self._entries.get(key)
            if entry is not None:
                self._entries.move_to_end(key)
        _close(expired)
        return (False, None) if entry is None else (True, entry.value)

    def _keep(self, key: Hashable, entry: _Entry) -> None:
        with self._lock:
            dropped = [entry for entry in [self._entries.pop(key, None)] if entry is not None]
            self._entries[key] = entry
            self._next_expiry = min(self._next_expiry, entry.expires)
            while len(self._entries) > self._bound:
                dropped.append(self._entries.popitem(last=False)[1])
        _close(dropped)

    def _take_expired(self, now: float) -> list[_Entry]:
        if now < self._next_expiry:
            return []
        expired = [key for key, entry in self._entries.items() if entry.expires <= now]
        taken = [self._entries.pop(key) for key in expired]
        self._next_expiry = min((entry.expires for entry in self._entries.values()), default=float("inf"))
        return taken

    @contextlib.contextmanager
    def _turn(self, key: Hashable, deadline: Deadline) -> Iterator[None]:
        """Wait for one's turn to build the value of a key."""
        with self._lock:
            turn = self._turns.setdefault(key, _Turn())
            turn.users += 1
        try:
            if not turn.lock.acquire(timeout=max(deadline.remaining(), 0)):
                raise ProviderTimeout
            try:
                yield
            finally:
                turn.lock.release()
        finally:
            with self._lock:
                turn.users -= 1
                if not turn.users:
                    del self._turns[key]


class CallerKeys:
    """Keys that tell callers apart and hold nothing of them: digests under a random key of this process."""

    def __init__(self) -> None:
        self._secret = os.urandom(32)

    def key(self, driver: str, context: Context, name: str) -> bytes:
        """The key of one caller's value.

        Args:
            driver: The driver's name.
            context: The call's context; one without credentials is a caller of its own.
            name: What the value is.
        """
        digest = hashlib.blake2b(key=self._secret, digest_size=32)
        for part in (driver, context.provider.text, name, str(context.local), *_credentials(context)):
            # A length before each part, so that no two lists of parts look alike.
            data = b"" if part is None else part.encode("utf-8", "surrogateescape")
            digest.update(b"-" if part is None else b"%d:" % len(data))
            digest.update(data)
        return digest.digest()

    def __reduce__(self) -> NoReturn:
        raise TypeError("the keys of a process cannot be pickled")


def _credentials(context: Context) -> tuple[str | None, ...]:
    if not context.has_credentials:
        return (None,)
    credentials = context.credentials
    token = None if credentials.token is None else credentials.token.reveal()
    return credentials.username, credentials.password.reveal(), token


def _close(entries: list[_Entry]) -> None:
    """Close values, all of them within a few seconds; a failure is logged and harms nobody."""
    deadline = Deadline(_CLOSING_SECONDS)
    for entry in entries:
        if entry.close is None:
            continue
        try:
            with deadlines.closing(deadline):
                entry.close(entry.value)
        except Exception as error:  # noqa: BLE001 - a driver's code, which may raise anything
            _log.warning("closing a kept value failed: %s", type(error).__name__)
