"""``python -m wirecloud LOG [PEM]``: serves on a free port of 127.0.0.1, which it prints, until it is ended."""

from __future__ import annotations

import contextlib
import itertools
import json
import resource
import socket
import ssl
import struct
import sys
from pathlib import Path
from typing import Any, BinaryIO, TextIO

import gevent
from gevent.server import StreamServer
from gevent.ssl import SSLContext

from wirecloud.behaviour import Broken, Stalled, behave, chosen
from wirecloud.reading import Asked, NoRequest, head_of, read_body

_RECORDED = 64 * 1024
_READ_NO_BODY = frozenset({"early", "deaf"})
_ESTABLISHED = b"\x01"
"""The state of a connection that both sides hold, as the kernel tells it first in TCP_INFO."""


class Server:
    """Serves connections; what it was asked goes to a file, one line a request.

    Args:
        log: What it was asked.
        left: The ids of requests whose client left while it waited, or was kept from sending.
    """

    def __init__(self, log: TextIO, left: TextIO) -> None:
        self._log = log
        self._left = left
        self._numbers = itertools.count(1)

    def serve(self, client: Any, _address: object) -> None:
        number = next(self._numbers)
        with contextlib.suppress(OSError, ValueError), client.makefile("rb") as file:
            while asked := self._head(client, file):
                unread = chosen(asked)[0] in _READ_NO_BODY
                try:
                    if not unread:
                        asked = read_body(file, asked)
                    self._record(asked, number)
                    for part in behave(asked):
                        client.sendall(part)
                    if unread:
                        return
                except Stalled:
                    _wait_for_departure(client)
                    self._left.write(asked.headers.get("x-wire-request", "") + "\n")
                    return
                except Broken as broken:
                    if broken.reset:
                        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    return

    def _head(self, client: Any, file: BinaryIO) -> Asked | None:
        try:
            return head_of(file)
        except NoRequest:
            client.sendall(b"HTTP/1.0 400 Bad Request\r\n\r\n")
            return None

    def _record(self, asked: Asked, connection: int) -> None:
        body = None if asked.body is None else asked.body[:_RECORDED].decode("utf-8", "replace")
        line = {
            "method": asked.method, "behaviour": asked.behaviour, "hook": asked.hook, "query": asked.query,
            "headers": asked.headers, "body": body, "connection": connection,
        }  # fmt: skip
        self._log.write(json.dumps(line) + "\n")


class _QuietServer(StreamServer):  # type: ignore[misc]  # gevent has no types
    """A server to which a client that breaks off its TLS handshake is no news."""

    def wrap_socket_and_handle(self, client_socket: Any, address: object) -> None:
        with contextlib.suppress(OSError):
            super().wrap_socket_and_handle(client_socket, address)


def _wait_for_departure(client: Any) -> None:
    """Until the client has closed its side, or all of the connection; without reading what it sends."""
    while client.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1) == _ESTABLISHED:
        gevent.sleep(0.05)


def main(log: str, certificate: str | None = None) -> None:
    """Serve."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    listener = socket.create_server(("127.0.0.1", 0), backlog=4096)
    listener.settimeout(0)
    tls = {}
    if certificate is not None:
        tls["ssl_context"] = SSLContext(ssl.PROTOCOL_TLS_SERVER)  # the standard one would stop all others
        tls["ssl_context"].load_cert_chain(certificate)
    with (
        Path(log).open("a", buffering=1, encoding="utf-8") as file,
        Path(f"{log}-left").open("a", buffering=1, encoding="utf-8") as left,
    ):
        sys.stdout.write(f"{listener.getsockname()[1]}\n")
        sys.stdout.flush()
        _QuietServer(listener, Server(file, left).serve, **tls).serve_forever()


main(*sys.argv[1:])
