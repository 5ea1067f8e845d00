"""Request bodies: whole ones, short ones, stalled ones, and those that nobody wants to read."""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from probeserver import HOST, Client, Server

MIB = 1024 * 1024
IDLE = 1


@pytest.fixture(scope="module", name="server")
def server_fixture(start: Callable[..., Server]) -> Server:
    return start("--idle-timeout", str(IDLE), "--header-timeout", str(IDLE))


@pytest.fixture(name="client")
def client_fixture(server: Server) -> Iterator[Client]:
    with server.connect() as client:
        yield client


def _head(word: str, *headers: str, method: str = "PUT") -> str:
    return "\r\n".join([f"{method} /probe/{word} HTTP/1.1", f"Host: {HOST}", *headers, "", ""])


def test_a_body_with_a_length_arrives_whole(client: Client) -> None:
    body = os.urandom(3 * MIB)
    told = client.send(_head("echo", f"Content-Length: {len(body)}")).send(body).one_reply().told
    assert (told["length"], told["sha256"]) == (len(body), hashlib.sha256(body).hexdigest())


def test_a_chunked_body_arrives_whole(client: Client) -> None:
    blocks = [os.urandom(size) for size in (1, 5000, 70_000, MIB)]
    client.send(_head("echo", "Transfer-Encoding: chunked"))
    for block in blocks:
        client.send(b"%x\r\n%b\r\n" % (len(block), block))
    told = client.send(b"0\r\n\r\n").one_reply().told
    assert told["sha256"] == hashlib.sha256(b"".join(blocks)).hexdigest()


def test_the_next_request_on_the_connection_is_read_after_a_body(client: Client) -> None:
    for body in (b"one", b"two"):
        told = client.send(_head("echo", "Content-Length: 3")).send(body).one_reply().told
        assert told["sha256"] == hashlib.sha256(body).hexdigest()


def test_requests_sent_at_once_are_answered_one_after_the_other(client: Client) -> None:
    client.send(_head("echo", "Content-Length: 3") + "one" + _head("echo/second", "Connection: close", method="GET"))
    assert client.rest().count(b"HTTP/1.1 200 OK") == 2


def test_a_small_body_that_nobody_reads_does_not_cost_the_connection(client: Client) -> None:
    assert client.send(_head("refuse", "Content-Length: 5") + "12345").one_reply().status == 401
    assert client.send(_head("echo", method="GET")).one_reply().status == 200


def test_continue_is_sent_when_the_body_is_read(client: Client) -> None:
    client.send(_head("echo", "Content-Length: 3", "Expect: 100-continue"))
    assert client.socket.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
    assert client.send(b"abc").one_reply().told["length"] == 3


def test_a_refusal_comes_instead_of_continue_and_before_the_body(client: Client) -> None:
    reply = client.send(_head("refuse", "Content-Length: 1000000", "Expect: 100-continue")).reply()
    assert (reply.status, reply.headers["connection"]) == (401, "close")
    assert b"100 Continue" not in reply.raw


@pytest.mark.parametrize("framing", ["Content-Length: 1000", "Transfer-Encoding: chunked"])
def test_a_client_that_breaks_off_does_not_pass_for_one_that_is_done(server: Server, framing: str) -> None:
    with server.connect() as client:
        client.send(_head(f"echo/broken-{framing[0]}", framing) + "3e8\r\nabc")
    assert " 499 " in server.line_with(f"broken-{framing[0]}")


def test_a_stalled_body_is_answered_408(client: Client) -> None:
    reply = client.send(_head("echo", "Content-Length: 1000", "Accept: application/json") + "abc").reply()
    assert (reply.status, reply.headers["connection"]) == (408, "close")
    assert reply.told["error"] == "Deltacloud::Exceptions::RequestTimeout"


def test_malformed_chunks_are_answered_400(client: Client) -> None:
    reply = client.send(_head("echo", "Transfer-Encoding: chunked") + "xyz\r\n").reply()
    assert (reply.status, reply.headers["connection"]) == (400, "close")


def test_a_front_end_can_have_the_connection_closed(client: Client) -> None:
    assert client.send(_head("close", method="GET")).reply().headers["connection"] == "close"


def _upload(server: Server, size: int) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection(HOST, server.port, timeout=60)
    blocks = (bytes(MIB) for _ in range(size // MIB))
    connection.request("PUT", "/probe/refuse", body=blocks, headers={"Content-Length": str(size)})
    return connection.getresponse()


def _assert_refusal_is_readable(server: Server, size: int, folder: Path) -> None:
    response = _upload(server, size)
    assert (response.status, json.load(response)) == (401, {"refused": True})
    response.close()
    file = folder / "large"
    with file.open("wb") as content:
        content.truncate(size)
    for expect in ("Expect:", "Expect: 100-continue"):
        answer = subprocess.run(
            ["curl", "--silent", "--show-error", "--user", "who:wrong", "--header", expect, "--upload-file", str(file),
             "--write-out", " %{http_code}", f"{server.url}/probe/refuse"],
            capture_output=True, text=True, timeout=60, check=True,
        )  # fmt: skip
        assert answer.stdout == '{"refused":true} 401'
    file.unlink()


def test_the_refusal_of_a_large_upload_can_be_read(server: Server, tmp_path: Path) -> None:
    _assert_refusal_is_readable(server, 64 * MIB, tmp_path)


@pytest.mark.soak
def test_the_refusal_of_a_very_large_upload_can_be_read(server: Server, tmp_path: Path) -> None:
    _assert_refusal_is_readable(server, 1024 * MIB, tmp_path)


def test_a_refused_chunked_upload_can_be_read(client: Client) -> None:
    client.send(_head("refuse", "Transfer-Encoding: chunked"))
    for _ in range(64):
        client.send(b"10000\r\n" + bytes(65536) + b"\r\n")
    assert client.reply().status == 401
