"""A request's body as applications read it: a short one never passes for a whole one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NoReturn, Protocol

from gunicorn.http.errors import NoMoreData, ParseException

from deltacloud.errors import ClientDisconnected, InvalidRequest, RequestTimeout
from deltacloud.server.connection import Connection

_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_READABLE = 64 * 1024
"""So much of a body that nobody has read is read and thrown away, to keep the connection."""


class Source(Protocol):
    """The part of gunicorn's body that is used."""

    def read(self, size: int | None = None) -> bytes:
        """``size`` bytes, or fewer at the end."""

    def readline(self, size: int | None = None) -> bytes:
        """One line."""


class RequestBody:
    """``wsgi.input``.

    ``100 Continue`` goes out at the first read, so what an application refuses without reading is never sent.

    Args:
        connection: Where it comes from.
        source: gunicorn's reader of it.
        length: Its length; None when it is chunked.
        expects_continue: Whether the client waits for ``100 Continue``.
    """

    def __init__(self, connection: Connection, source: Source, length: int | None, *, expects_continue: bool) -> None:
        self._connection = connection
        self._source = source
        self._left = length
        self._ended = length == 0
        self._expects_continue = expects_continue and not self._ended
        self._error: Exception | None = None

    def read(self, size: int | None = -1) -> bytes:
        """Up to ``size`` bytes, all that is left if it is negative or None; fewer only at the end.

        Raises:
            RequestTimeout: the client stopped sending.
            ClientDisconnected: the client broke off.
            InvalidRequest: the chunks are malformed.
        """
        size = None if size is None or size < 0 else size
        self._begin()
        try:
            data = self._source.read(size)
        except _FAILURES as error:
            self._fail(error)
        return self._count(data, ended=size is None or len(data) < size)

    def readline(self, size: int | None = -1) -> bytes:
        """One line; raises as :meth:`read`."""
        size = None if size is None or size < 0 else size
        self._begin()
        try:
            line = self._source.readline(size)
        except _FAILURES as error:
            self._fail(error)
        return self._count(line, ended=not line and size != 0)

    def readlines(self, hint: int = -1) -> list[bytes]:  # noqa: ARG002 - WSGI lets it be ignored
        """All lines; raises as :meth:`read`."""
        return list(self)

    def __iter__(self) -> Iterator[bytes]:
        while line := self.readline():
            yield line

    @property
    def failed(self) -> bool:
        """Whether it broke; where the next request would begin is then unknown."""
        return self._error is not None

    @property
    def unread(self) -> bool:
        """Whether some of it was not read."""
        return not self._ended

    def leave(self) -> bool:
        """The application answers now: whether what it has not read is too much to keep the connection for.

        A client that still waits for ``100 Continue`` may send the body or not, so there the connection cannot be kept.
        """
        if self._expects_continue:
            self._expects_continue = False
            return True
        return self.failed or (self.unread and (self._left is None or self._left > _READABLE))

    def _begin(self) -> None:
        if self._error is not None:
            raise self._error
        if self._expects_continue:
            self._expects_continue = False
            self._connection.sendall(_CONTINUE)

    def _count(self, data: bytes, *, ended: bool) -> bytes:
        if self._left is not None:
            self._left -= len(data)
            ended = ended or self._left == 0
        self._ended = self._ended or ended
        return data

    def _fail(self, error: Exception) -> NoReturn:
        if isinstance(error, NoMoreData):
            error = ClientDisconnected()
        elif isinstance(error, ParseException):
            error = InvalidRequest("The body is not properly chunked")
        self._error = error
        raise error from None


_FAILURES = (RequestTimeout, ClientDisconnected, ParseException, NoMoreData)
