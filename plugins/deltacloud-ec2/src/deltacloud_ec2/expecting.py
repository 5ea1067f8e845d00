"""Requests that ask before they send their content, over TLS.

botocore waits a second for the storage to say that it may go on, and then sends all the same. Over TLS 1.3 it takes the
session tickets that come after the handshake for the begin of an answer, and waits for the rest of it without end.
"""

from __future__ import annotations

import io
import socket
from typing import TYPE_CHECKING, Literal, cast

from botocore.awsrequest import AWSHTTPSConnection, AWSHTTPSConnectionPool

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_PATIENCE_SECONDS = 1.0


class PatientConnection(AWSHTTPSConnection):  # type: ignore[misc]
    """A connection that goes on after a second in which no answer came, whatever else came."""

    sock: socket.socket

    def _handle_expect_response(self, message_body: object) -> None:
        connected = self.sock
        begun = _first_byte(connected)
        if begun is None:
            self._send_message_body(message_body)
            return
        self.sock = cast("socket.socket", _GivenBack(connected, begun))
        try:
            super()._handle_expect_response(message_body)
        finally:
            if self.sock is not None:
                self.sock = connected


class PatientPool(AWSHTTPSConnectionPool):  # type: ignore[misc]
    """A pool of these."""

    ConnectionCls = PatientConnection


def _first_byte(connected: socket.socket) -> bytes | None:
    """The first byte of an answer; empty where the storage has closed the connection, None where nothing comes."""
    limit = connected.gettimeout()
    connected.settimeout(_PATIENCE_SECONDS)
    try:
        return connected.recv(1)
    except TimeoutError:
        return None
    finally:
        connected.settimeout(limit)


class _GivenBack:
    """A socket whose files begin with what was read of it before."""

    def __init__(self, connected: socket.socket, begun: bytes) -> None:
        self._connected = connected
        self._begun = begun

    def __getattr__(self, name: str) -> object:
        return getattr(self._connected, name)

    def makefile(self, mode: Literal["rb"], buffering: Literal[0]) -> io.RawIOBase:
        rest = cast("io.RawIOBase", self._connected.makefile(mode, buffering))
        return _Resumed(self._begun, rest)


class _Resumed(io.RawIOBase):
    """A file that begins with what was read of it before."""

    def __init__(self, begun: bytes, rest: io.RawIOBase) -> None:
        self._begun = begun
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int | None:
        if not self._begun:
            return self._rest.readinto(buffer)
        with memoryview(buffer) as view, view.cast("B") as room:
            room[: len(self._begun)] = self._begun
        count, self._begun = len(self._begun), b""
        return count

    def close(self) -> None:
        self._rest.close()
        super().close()
