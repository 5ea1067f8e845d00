"""Signals that come at a bad moment: before a connection is accepted, or while a reload waits for old workers."""

from __future__ import annotations

import base64
import contextlib
import os
import secrets
import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from callers import DOWNLOAD, PLACE
from gateway import HOST, Gateway
from markedserver import MarkedServer
from soaking import workers_of
from strictclient import StrictClient

CONNECTIONS = 20
PATIENCE = 30
CREDENTIALS = base64.b64encode(b"mockuser:mockpassword").decode()

pytestmark = pytest.mark.soak


def test_connections_that_nobody_has_accepted_yet_are_served_before_a_stop(marked: MarkedServer) -> None:
    gateway = marked.start()
    workers = _answering_workers(gateway, marked, 2)
    for worker in workers:
        os.kill(worker, signal.SIGSTOP)
    _wait_for(lambda: all(_status(worker, "State").startswith("T") for worker in workers))
    with contextlib.ExitStack() as stack:
        waiting = [_connected(gateway, stack) for _ in range(CONNECTIONS)]
        for one in waiting:
            one.sendall(b"HEAD /api HTTP/1.1\r\nHost: x\r\nAccept: application/xml\r\nConnection: close\r\n\r\n")
        gateway.process.terminate()
        _wait_for(lambda: all(map(_is_told_to_end, workers)))
        for worker in workers:
            os.kill(worker, signal.SIGCONT)
        answers = [_first_line(one) for one in waiting]
    assert set(answers) == {b"HTTP/1.1 200"}
    assert gateway.process.wait(PATIENCE) == 0


def test_a_stop_is_heard_while_a_reload_waits_for_an_old_worker(marked: MarkedServer) -> None:
    with _in_the_middle_of_a_reload(marked) as (gateway, old, _):
        gateway.process.terminate()
        _wait_for(lambda: _refuses(gateway) or not _works(gateway, old))
        assert _works(gateway, old), "the stop began when the old worker had ended"


def test_a_new_worker_that_is_killed_is_replaced_while_a_reload_waits_for_an_old_one(marked: MarkedServer) -> None:
    with _in_the_middle_of_a_reload(marked) as (gateway, old, new):
        os.kill(new, signal.SIGKILL)
        with StrictClient(gateway.port) as client:
            assert client.ask("GET", "/api/realms").status == 200
        assert _works(gateway, old), "nobody answered until the old worker had ended"


@contextlib.contextmanager
def _in_the_middle_of_a_reload(marked: MarkedServer) -> Iterator[tuple[Gateway, int, int]]:
    """A server with an old worker, which still has a download to end, and a new one; afterwards the download ends."""
    marked.write(workers=1, graceful_timeout=10)
    gateway = marked.start()
    (old,) = workers_of(gateway.process.pid)
    with contextlib.ExitStack() as stack:
        reader = _connected(gateway, stack)
        reader.sendall(
            f"GET {PLACE}/content HTTP/1.1\r\nHost: x\r\nAuthorization: Basic {CREDENTIALS}\r\n\r\n".encode()
        )
        assert reader.recv(12) == b"HTTP/1.1 200"
        gateway.process.send_signal(signal.SIGHUP)
        (new,) = _answering_workers(gateway, marked, 1, besides=old)
        yield gateway, old, new
        received = 0
        while block := reader.recv(1024 * 1024):
            received += len(block)
        assert received > DOWNLOAD


def _connected(gateway: Gateway, stack: contextlib.ExitStack) -> socket.socket:
    connection = stack.enter_context(socket.socket())
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 * 1024)
    connection.settimeout(PATIENCE)
    connection.connect((HOST, gateway.port))
    return connection


def _first_line(connection: socket.socket) -> bytes:
    try:
        return connection.recv(12)
    except ConnectionResetError:
        return b"reset"


def _answering_workers(gateway: Gateway, marked: MarkedServer, count: int, besides: int = 0) -> set[int]:
    """The workers of a server that have answered, as soon as there are so many."""

    def answering() -> set[int]:
        return set(marked.begun().values()) - {besides}

    def ask() -> bool:
        with StrictClient(gateway.port) as client:
            client.ask("GET", "/api", headers={"X-Mark": secrets.token_hex(8)})
        return len(answering()) == count

    _wait_for(ask)
    return answering()


def _is_told_to_end(process: int) -> bool:
    """Whether SIGTERM waits for a process that does not run."""
    return bool(int(_status(process, "ShdPnd"), 16) >> (signal.SIGTERM - 1) & 1)


def _status(process: int, name: str) -> str:
    lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
    return next(line.split()[1] for line in lines if line.startswith(f"{name}:"))


def _works(gateway: Gateway, worker: int) -> bool:
    return worker in workers_of(gateway.process.pid)


def _refuses(gateway: Gateway) -> bool:
    try:
        socket.create_connection((HOST, gateway.port), PATIENCE).close()
    except ConnectionRefusedError:
        return True
    return False


def _wait_for(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)
