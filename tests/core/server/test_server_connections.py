"""Connections: slow and stalled clients, limits, and how the server stops and reloads."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from lxml import etree

from probeserver import HOST, Client, Reply, Server
from waiting import wait_until

MIB = 1024 * 1024
LIMIT = 1
PLENTY = 5 * LIMIT


@pytest.fixture(scope="module", name="server")
def server_fixture(start: Callable[..., Server]) -> Server:
    limits = {"--idle-timeout": LIMIT, "--header-timeout": LIMIT, "--keep-alive": LIMIT, "--request-line-limit": 9000,
              "--header-limit": 20_000, "--header-field-limit": 4000, "--header-count": 30}  # fmt: skip
    return start(*(part for option, value in limits.items() for part in (option, str(value))))


@pytest.fixture(name="client")
def client_fixture(server: Server) -> Iterator[Client]:
    with server.connect() as client:
        yield client


@pytest.mark.parametrize("beginning", ["", "GET /probe/echo HTTP/1.1\r\nHost: x"])
def test_a_stalled_header_is_closed_in_silence(client: Client, beginning: str) -> None:
    client.socket.settimeout(PLENTY)
    assert client.send(beginning).rest() == b""


def test_a_dripping_header_is_closed_in_silence(client: Client) -> None:
    client.socket.settimeout(0.1)
    end = time.monotonic() + PLENTY
    closed = False
    while not closed and time.monotonic() < end:
        with contextlib.suppress(TimeoutError):
            client.send("X")
            closed = client.socket.recv(100) == b""
    assert closed


def test_an_unused_connection_is_closed(client: Client) -> None:
    client.socket.settimeout(PLENTY)
    assert client.send(f"GET /probe/echo HTTP/1.1\r\nHost: {HOST}\r\n\r\n").one_reply().status == 200
    assert client.rest() == b""


def test_a_slow_but_living_reader_gets_everything(server: Server) -> None:
    size = 3 * MIB
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.settimeout(PLENTY)
    connection.connect((HOST, server.port))
    with Client(connection) as client:
        client.send(f"GET /probe/stream/{size} HTTP/1.0\r\nHost: {HOST}\r\n\r\n")
        received, began = 0, time.monotonic()
        while block := client.socket.recv(65536):
            received += len(block)
            if time.monotonic() - began < 3 * LIMIT:
                time.sleep(0.2)
    assert received > size


def test_a_reader_that_takes_nothing_is_reset(server: Server) -> None:
    with server.connect() as client:
        client.send(f"GET /probe/stream/{64 * MIB}/stalled HTTP/1.1\r\nHost: {HOST}\r\n\r\n")
        server.line_with(f"/probe/stream/{64 * MIB}/stalled")
        received = len(client.rest())
    assert received < 64 * MIB


def test_stalled_clients_leave_the_server_answering(server: Server) -> None:
    with contextlib.ExitStack() as stack:
        for number in range(60):
            client = stack.enter_context(server.connect())
            body = "Content-Length: 1000\r\n\r\nabc" if number % 2 else ""
            client.send(f"PUT /probe/echo HTTP/1.1\r\nHost: {HOST}\r\n{body}")
        for _ in range(5):
            assert server.ask("/probe/echo").status == 200


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (f"GET /{'x' * 10_000} HTTP/1.1\r\nHost: x\r\n\r\n", 414),
        (f"GET /{'x' * 30_000}", 414),
        (f"GET / HTTP/1.1\r\nHost: x\r\nX-Large: {'x' * 5000}\r\n\r\n", 431),
        ("GET / HTTP/1.1\r\nHost: x\r\n" + "".join(f"X-{n}: {'x' * 3000}\r\n" for n in range(12)) + "\r\n", 431),
        ("GET / HTTP/1.1\r\nHost: x\r\n" + "".join(f"X-{n}: x\r\n" for n in range(40)) + "\r\n", 431),
        ("GET / HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400),
        ("nonsense\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: shrunk\r\n\r\n", 501),
        ("GET / HTTP/1.1\r\nHost: x\r\nExpect: miracles\r\n\r\n", 417),
    ],
)
def test_what_is_no_acceptable_request_is_answered_with_a_document(client: Client, head: str, status: int) -> None:
    reply = client.send(head).reply()
    assert (reply.status, reply.headers["content-type"], reply.headers["connection"]) == (
        status, "application/xml", "close",
    )  # fmt: skip
    assert etree.fromstring(reply.body).get("status") == str(status)
    assert (reply.headers["server"], len(reply.headers["x-request-id"])) == ("Apache-Deltacloud/1.1.3", 24)


def test_such_a_document_has_the_format_that_the_header_asks_for(client: Client) -> None:
    reply = client.send(f"GET / HTTP/1.1\r\nAccept: application/json\r\nX-Large: {'x' * 5000}\r\n\r\n").reply()
    assert (reply.told["code"], reply.told["request_id"]) == (431, reply.headers["x-request-id"])


def test_a_malformed_request_is_not_copied_to_answer_or_log(server: Server) -> None:
    with server.connect() as client:
        reply = client.send("GET / HTTP/1.1\r\nAuthorization Basic c2VzYW1l\r\n\r\n").reply()
    assert server.line_with(reply.headers["x-request-id"]).split('"')[1:] == [
        "-", f" 400 {len(reply.body)} 0.0000 {reply.headers['x-request-id']}",
    ]  # fmt: skip
    assert b"c2VzYW1l" not in reply.raw
    assert "c2VzYW1l" not in server.log.read_text()


def test_a_request_target_of_eight_thousand_bytes_is_welcome(server: Server) -> None:
    assert server.ask(f"/probe/echo?{'x' * 8500}").status == 200


def _get(server: Server, target: str, results: list[Reply]) -> threading.Thread:
    thread = threading.Thread(target=lambda: results.append(server.ask(target)))
    thread.start()
    return thread


def test_a_graceful_stop_ends_running_requests_and_idle_connections(
    start: Callable[..., Server], tmp_path: Path
) -> None:
    closed = tmp_path / "closed"
    server = start("--keep-alive", "300", "--header-timeout", "300", PROBE_CLOSED=str(closed))
    results: list[Reply] = []
    with server.connect() as fresh, server.connect() as idle:
        process = idle.send(f"GET /probe/echo HTTP/1.1\r\nHost: {HOST}\r\n\r\n").one_reply().told["process"]
        running = [_get(server, "/probe/sleep/0.8", results), _get(server, "/probe/slowly/0.8", results)]
        time.sleep(0.3)
        server.signal(signal.SIGTERM)
        assert (idle.rest(), fresh.rest()) == (b"", b"")
        for thread in running:
            thread.join()
    assert sorted(reply.status for reply in results) == [200, 200]
    assert next(reply for reply in results if "transfer-encoding" in reply.headers).body.endswith(b"0\r\n\r\n")
    assert server.stop() == 0
    assert str(process) in closed.read_text().split(), "the worker did not close its kernel"


def test_a_request_on_an_idle_connection_is_still_answered_when_the_server_has_begun_to_stop(
    start: Callable[..., Server],
) -> None:
    server = start()
    results: list[Reply] = []
    with server.connect() as idle:
        idle.send(f"GET /probe/echo HTTP/1.1\r\nHost: {HOST}\r\n\r\n").one_reply()
        running = _get(server, "/probe/sleep/1", results)
        time.sleep(0.3)
        server.signal(signal.SIGTERM)
        time.sleep(0.3)
        assert idle.send(f"GET /probe/echo HTTP/1.1\r\nHost: {HOST}\r\n\r\n").one_reply().status == 200
        running.join()
    assert server.stop() == 0


def test_requests_that_do_not_end_are_broken_off_after_the_graceful_timeout(start: Callable[..., Server]) -> None:
    server = start("--graceful-timeout", "0.5")
    results: list[Reply] = []
    with server.connect() as client:
        client.send(f"GET /probe/sleep/60 HTTP/1.1\r\nHost: {HOST}\r\n\r\n")
        running = _get(server, "/probe/slowly/60", results)
        time.sleep(0.3)
        server.signal(signal.SIGTERM)
        assert client.rest() == b""
        running.join()
    assert not results[0].body.endswith(b"0\r\n\r\n")
    assert server.stop() == 0


def test_a_reload_takes_new_settings_and_loses_no_request(start: Callable[..., Server], tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text("[server]\nverbose = false\n")
    server = start("-c", str(file), "--workers", "2")
    first = server.ask("/probe/echo").told["process"]
    statuses: list[int] = []
    processes: set[int] = set()
    stop = threading.Event()

    def keep_asking() -> None:
        """New connections as well as kept ones."""
        connection = http.client.HTTPConnection(HOST, server.port, timeout=20)
        while not stop.is_set():
            for target in (connection, http.client.HTTPConnection(HOST, server.port, timeout=20)):
                target.request("GET", "/probe/echo", headers={} if target is connection else {"Connection": "close"})
                response = target.getresponse()
                processes.add(json.load(response)["process"])
                statuses.append(response.status)
                if target is not connection:
                    target.close()
        connection.close()

    threads = [threading.Thread(target=keep_asking) for _ in range(3)]
    for thread in threads:
        thread.start()
    file.write_text("[server]\nverbose = true\n")
    server.signal(signal.SIGHUP)
    wait_until(lambda: any('{"name": "x"} probe' in line for line in server.lines()))
    wait_until(lambda: not _alive(first))
    wait_until(lambda: len(processes) > 2)  # both new ones have answered
    stop.set()
    for thread in threads:
        thread.join()
    assert set(statuses) == {200}


def test_a_reload_with_wrong_settings_changes_nothing(start: Callable[..., Server], tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text("")
    server = start("-c", str(file))
    process = server.ask("/probe/echo").told["process"]
    file.write_text("[server]\nports = 3\n")
    server.signal(signal.SIGHUP)
    assert "unknown setting 'ports'" in server.line_with("not reloaded")
    wait_until(lambda: not _alive(process))
    assert server.ask("/probe/echo").status == 200


def test_a_reload_that_comes_too_early_does_no_harm(start: Callable[..., Server]) -> None:
    server = start()
    server.signal(signal.SIGHUP)
    assert server.ask("/probe/echo").status == 200


def test_the_log_file_is_opened_anew_at_sigusr1(start: Callable[..., Server], tmp_path: Path) -> None:
    log = tmp_path / "log"
    server = start("-L", str(log))
    server.ask("/probe/echo/before")
    log.rename(tmp_path / "old")
    server.signal(signal.SIGUSR1)
    wait_until(log.exists)
    wait_until(lambda: server.ask("/probe/echo/after").status == 200 and "/after " in log.read_text())
    assert "/before " in (tmp_path / "old").read_text()
    assert server.lines() == []


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
