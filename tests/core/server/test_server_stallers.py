"""Clients that stall, many at once: others are served meanwhile, and each of them is told to go in its time."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Callable, Iterator

import pytest

from probeserver import HOST, Client, Reply, Server

SECONDS = 2
"""How long clients may stall at the server that has little patience."""
PATIENCE = 5 * SECONDS
STALLERS = 200
CONNECTIONS = 300
ROOM = CONNECTIONS * 9 // 10
"""From so many connections on each new one takes the place of an old one that has no whole request."""
PROMPT = 5.0
"""Seconds; an answer that should come within one of them."""
LARGE = 64 * 1024 * 1024

Start = Callable[..., Server]


def _limits(seconds: float) -> list[str]:
    names = ("--header-timeout", "--idle-timeout", "--keep-alive")
    return [part for name in names for part in (name, str(seconds))]


@pytest.fixture(scope="module", name="server")
def server_fixture(start: Start) -> Server:
    """A server with little patience."""
    return start("-f", "probe,deltacloud", "--connections", str(CONNECTIONS), *_limits(SECONDS))


@pytest.fixture(scope="module", name="patient")
def patient_fixture(start: Start) -> Server:
    """A server that waits for its clients for so long that a test sees none of it."""
    return start("-f", "probe,deltacloud", "--connections", str(CONNECTIONS), *_limits(600))


def _head(target: str, *headers: str, method: str = "GET") -> str:
    return "\r\n".join([f"{method} {target} HTTP/1.1", f"Host: {HOST}", *headers, "", ""])


IN_A_HEAD = (
    "",
    "G",
    "GET /probe/ec",
    "GET /probe/echo HTTP/1.1\r\n",
    "GET /probe/echo HTTP/1.1\r\nHost: x\r\nX-Half: o",
)
IN_A_BODY = (
    _head("/probe/echo", "Content-Length: 100", method="POST"),
    _head("/probe/echo", "Content-Length: 100", method="POST") + "half",
    _head("/probe/echo", "Transfer-Encoding: chunked", method="POST") + "4\r\nhalf\r\n",
    _head("/probe/echo", "Transfer-Encoding: chunked", method="POST") + "64\r\nhalf",
)
READING = "/probe/stream/{size}/stalled-{number}"


@contextlib.contextmanager
def _clients(server: Server, beginnings: list[str]) -> Iterator[list[Client]]:
    """Connections on each of which something was sent, and then nothing more."""
    with contextlib.ExitStack() as stack:
        clients = []
        for beginning in beginnings:
            connection = socket.socket()
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.settimeout(PATIENCE)
            connection.connect((HOST, server.port))
            clients.append(stack.enter_context(Client(connection)).send(beginning))
        yield clients


def _slowest(server: Server, times: int = 10) -> float:
    """Seconds of the slowest of some good requests on connections of their own."""
    slowest = 0.0
    for _ in range(times):
        for target in ("/healthz", "/api"):
            began = time.monotonic()
            assert server.ask(target).status == 200
            slowest = max(slowest, time.monotonic() - began)
    return slowest


def _is_open(client: Client) -> bool:
    """Whether a connection on which nothing is to come has neither ended nor brought anything."""
    client.socket.settimeout(0.05)
    try:
        client.socket.recv(1)
    except TimeoutError:
        return True
    except ConnectionResetError:
        return False
    finally:
        client.socket.settimeout(PATIENCE)
    return False


def test_two_hundred_stalled_clients_cost_nobody_else_anything(server: Server) -> None:
    readers = [_head(READING.format(size=LARGE, number=number)) for number in range(STALLERS // 10)]
    others = [*IN_A_HEAD, *IN_A_BODY] * (STALLERS // len([*IN_A_HEAD, *IN_A_BODY]) + 1)
    beginnings = [*readers, *others][:STALLERS]
    began = time.monotonic()
    with _clients(server, beginnings) as clients:
        slowest = _slowest(server)
        print(f"the slowest answer beside {STALLERS} stalled clients took {slowest * 1000:.1f} ms")  # noqa: T201
        assert slowest < PROMPT
        for beginning, client in zip(beginnings[len(readers) :], clients[len(readers) :], strict=True):
            rest = client.rest()
            if beginning in IN_A_HEAD:
                assert rest == b""
            else:
                assert (Reply(rest).status, Reply(rest).headers["connection"]) == (408, "close")
        assert time.monotonic() - began < PATIENCE
        for number, client in enumerate(clients[: len(readers)]):
            server.line_with(f"/stalled-{number} ")
            assert len(client.rest()) < LARGE
    assert server.ask("/probe/echo").status == 200


@pytest.mark.parametrize("beginning", [IN_A_HEAD[0], IN_A_HEAD[-1]], ids=["silent", "in-a-header"])
def test_as_many_stalled_heads_as_there_are_connections_lock_nobody_out(patient: Server, beginning: str) -> None:
    with _clients(patient, [beginning] * (CONNECTIONS + 50)) as clients:
        slowest = _slowest(patient)
        print(f"the slowest answer beside {len(clients)} stalled heads took {slowest * 1000:.1f} ms")  # noqa: T201
        assert slowest < PROMPT
        assert all(client.rest() == b"" for client in clients[: len(clients) - ROOM]), "the oldest are to go first"
        assert _is_open(clients[-1]), "the youngest are to stay"


def test_idle_connections_make_room_as_well(patient: Server) -> None:
    with _clients(patient, [_head("/probe/echo")] * 20) as idle:
        assert {client.one_reply().status for client in idle} == {200}
        with _clients(patient, [""] * CONNECTIONS):
            assert _slowest(patient) < PROMPT
            assert all(client.rest() == b"" for client in idle)


def test_a_connection_is_as_old_as_its_last_request(patient: Server) -> None:
    with _clients(patient, [_head("/probe/echo")]) as (used,):
        used.one_reply()
        with _clients(patient, [""] * (ROOM - 20)) as unused:
            _slowest(patient, times=1)  # connections are accepted in their order, so now all of these are
            assert used.send(_head("/probe/echo")).one_reply().status == 200
            with _clients(patient, [""] * 50):
                assert _slowest(patient, times=1) < PROMPT
                assert unused[0].rest() == b""
                assert used.send(_head("/probe/echo")).one_reply().status == 200


def test_requests_that_are_whole_are_never_closed_to_make_room(patient: Server) -> None:
    upload = _head("/probe/echo", "Content-Length: 8", method="PUT") + "half"
    running = _head("/probe/sleep/3")
    with _clients(patient, [upload, running] * 5) as clients, _clients(patient, [""] * (CONNECTIONS + 50)) as stalled:
        assert _slowest(patient, times=2) < PROMPT
        assert stalled[0].rest() == b""
        for number, client in enumerate(clients):
            if number % 2 == 0:
                client.send("half")
            assert client.one_reply().status == 200
