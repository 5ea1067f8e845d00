"""The connections of one worker, seen together: who makes room for whom, and whose client has gone."""

from __future__ import annotations

import select

import gevent
from gevent import monkey

from deltacloud.server.connection import Connection

_ROOM = 0.9
"""The share of the connections from which on each new one takes the place of an old one that waits for its client."""
_GONE = select.POLLRDHUP | select.POLLHUP | select.POLLERR
_poll = monkey.get_original("select", "poll")


class Crowd:
    """All connections.

    Args:
        limit: How many there can be.
    """

    def __init__(self, limit: int) -> None:
        self._room = int(limit * _ROOM)
        self._all: set[Connection] = set()
        self._headless: dict[Connection, None] = {}

    def __len__(self) -> int:
        return len(self._all)

    def enter(self, connection: Connection) -> None:
        """A client has connected; where it is crowded, another one has to go."""
        if len(self._all) >= self._room:
            self._make_room()
        self._all.add(connection)

    def leave(self, connection: Connection) -> None:
        """A connection has ended."""
        self._all.discard(connection)
        self._headless.pop(connection, None)

    def expect_head(self, connection: Connection) -> None:
        """From now on the connection is the youngest of those without a whole request."""
        self._headless[connection] = None

    def has_head(self, connection: Connection) -> None:
        """The connection has a whole request head."""
        self._headless.pop(connection, None)

    def stop_waiting(self, now: float, patience: float) -> None:
        """End the wait of those on which no request has begun to come for so many seconds."""
        for connection in tuple(self._headless):
            since = connection.waiting_since
            if since is not None and now - since > patience:
                connection.stop_waiting()

    def abandon(self) -> None:
        """End the requests that only read, and whose client has gone: nobody waits for their answers.

        A client that has only closed its own direction, and still reads, cannot be told from one that has gone; what
        is answered at once it still gets.
        """
        reading = {one.fileno(): (one, one.abandonable) for one in self._all if one.abandonable is not None}
        if not reading:
            return
        poll = _poll()
        for descriptor in reading:
            poll.register(descriptor, select.POLLRDHUP)
        loop = gevent.get_hub().loop
        for descriptor, events in poll.poll(0):
            if events & _GONE:
                connection, request = reading[descriptor]
                loop.run_callback(connection.abandon, request)

    def _make_room(self) -> None:
        """Close the oldest connection without a whole request; if all have one, that which waits longest for a byte."""
        oldest = next(iter(self._headless), None)
        if oldest is not None:
            del self._headless[oldest]
            oldest.stop_waiting()
            return
        idle = min((one for one in self._all if one.idle_since is not None), key=_idle_since, default=None)
        if idle is not None:
            idle.give_up()


def _idle_since(connection: Connection) -> float:
    return connection.idle_since or 0.0
