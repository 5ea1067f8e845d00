"""Sending bytes to a server on loopback, many at a time."""

from __future__ import annotations

import contextlib
import json
import socket
import struct
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

HOST = "127.0.0.1"
PATIENCE = 30.0
"""Seconds after which a test gives up on an answer."""
_BLOCK = 1 << 16
_AT_ONCE = 64

Work = TypeVar("Work")
Result = TypeVar("Result")


def exchange(port: int, data: bytes, *, ends: bool = False) -> bytes:
    """Send bytes and return everything that comes until the server closes; a reset is an end as well.

    Args:
        port: Where the server listens.
        data: The bytes.
        ends: Whether to say that no more will come, for what the server may take for a beginning.
    """
    with connected(port) as connection:
        with contextlib.suppress(OSError):
            connection.sendall(data)
            if ends:
                connection.shutdown(socket.SHUT_WR)
        blocks = []
        with contextlib.suppress(ConnectionError):
            while block := connection.recv(_BLOCK):
                blocks.append(block)
        return b"".join(blocks)


def break_off(port: int, data: bytes) -> None:
    """Send bytes and reset the connection."""
    with connected(port) as connection:
        connection.sendall(data)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@contextlib.contextmanager
def connected(port: int) -> Iterator[socket.socket]:
    """A connection."""
    with socket.create_connection((HOST, port), timeout=PATIENCE) as connection:
        yield connection


def ask(port: int, path: str) -> Any:
    """The JSON at a path."""
    answer = exchange(port, f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
    return json.loads(answer.partition(b"\r\n\r\n")[2])


def all_at_once(function: Callable[[Work], Result], work: Iterable[Work]) -> Iterator[tuple[Work, Result]]:
    """Do all work, much of it at a time; work and results come in order."""
    todo = list(work)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        yield from zip(todo, pool.map(function, todo), strict=True)
