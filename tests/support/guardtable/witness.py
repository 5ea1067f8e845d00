"""Sees where this process connects and what it looks up, whoever does it, and lets nothing leave the machine."""

from __future__ import annotations

import contextlib
import functools
import ipaddress
import sys
from collections.abc import Callable, Collection, Iterator

Place = tuple[str, int]
_LOOK_UPS = frozenset({"socket.getaddrinfo", "socket.gethostbyname"})


class Stopped(Exception):
    """A connection or a look-up that no test may make for real; it was noted, and does not take place."""


class Witness:
    """What a process does while it watches.

    It hears of it from the interpreter itself (audit events), so it misses no Python code, whatever that is built on.

    Attributes:
        connected: Address and port of each connection that was begun, in order.
        resolved: Names that were resolved other than through the test's own name server.

    Args:
        passing: Where connections may really go.
        resolving: Whether the system may be asked for names.
        note: Told of each connection.
    """

    def __init__(
        self, passing: Collection[Place], *, resolving: bool = False, note: Callable[[Place], object] | None = None
    ) -> None:
        self.connected: list[Place] = []
        self.resolved: list[str] = []
        self._connecting: object = None
        self._passing = frozenset(passing)
        self._resolving = resolving
        self._note = note

    def hear(self, event: str, arguments: tuple[object, ...]) -> None:
        """One audit event of the interpreter's.

        Raises:
            Stopped: it must not take place.
        """
        if event == "socket.connect":
            address = arguments[1]
            if isinstance(address, tuple) and isinstance(address[0], str):
                self._connect(arguments[0], (address[0], int(address[1])))
        elif event in _LOOK_UPS and not self._resolving:
            self._look_up(str(arguments[0]))

    def _connect(self, connecting: object, place: Place) -> None:
        # A socket that does not wait is told to connect until it says that it has.
        if connecting is self._connecting:
            return
        self._connecting = connecting
        self.connected.append(place)
        if self._note is not None:
            self._note(place)
        if place not in self._passing:
            raise Stopped(f"a connection to {place[0]}")

    def _look_up(self, name: str) -> None:
        try:
            ipaddress.ip_address(name)
        except ValueError:
            self.resolved.append(name)
            raise Stopped(f"a look-up of {name}") from None


@contextlib.contextmanager
def watching(witness: Witness) -> Iterator[Witness]:
    """The witness watches what happens inside."""
    watch(witness)
    try:
        yield witness
    finally:
        _watchers().remove(witness)


def watch(witness: Witness) -> None:
    """The witness watches from now on."""
    _watchers().append(witness)


@functools.cache
def _watchers() -> list[Witness]:
    """Those who watch. The interpreter is told once: it never forgets whom it has to tell."""
    watchers: list[Witness] = []

    def hear(event: str, arguments: tuple[object, ...]) -> None:
        if watchers and event.startswith("socket."):
            for witness in tuple(watchers):
                witness.hear(event, arguments)

    sys.addaudithook(hear)
    return watchers
