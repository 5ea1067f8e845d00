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
from typing import Any, TextIO

from gevent.server import StreamServer

from wirecloud.behaviour import Broken, Stalled, behave
from wirecloud.reading import Asked, head_of, read_body

_RECORDED = 64 * 1024


class Server:
    """Serves connections; what it was asked goes to a file, one line a request."""

    def __init__(self, log: TextIO) -> None:
        self._log = log
        self._numbers = itertools.count(1)

    def serve(self, client: Any, _address: object) -> None:
        number = next(self._numbers)
        with contextlib.suppress(OSError, ValueError), client.makefile("rb") as file:
            while asked := head_of(file):
                try:
                    early = asked.behaviour.startswith("early")
                    if not early:
                        asked = read_body(file, asked)
                    self._record(asked, number)
                    for part in behave(asked):
                        client.sendall(part)
                    if early:
                        return
                except Stalled:
                    client.recv(1)
                    return
                except Broken as broken:
                    if broken.reset:
                        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    return

    def _record(self, asked: Asked, connection: int) -> None:
        body = None if asked.body is None else asked.body[:_RECORDED].decode("utf-8", "replace")
        line = {
            "method": asked.method, "behaviour": asked.behaviour, "hook": asked.hook, "query": asked.query,
            "headers": asked.headers, "body": body, "connection": connection,
        }  # fmt: skip
        self._log.write(json.dumps(line) + "\n")


def main(log: str, certificate: str | None = None) -> None:
    """Serve."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    listener = socket.create_server(("127.0.0.1", 0), backlog=4096)
    listener.settimeout(0)
    tls = {}
    if certificate is not None:
        tls["ssl_context"] = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls["ssl_context"].load_cert_chain(certificate)
    with Path(log).open("a", buffering=1, encoding="utf-8") as file:
        sys.stdout.write(f"{listener.getsockname()[1]}\n")
        sys.stdout.flush()
        StreamServer(listener, Server(file).serve, **tls).serve_forever()


main(*sys.argv[1:])
