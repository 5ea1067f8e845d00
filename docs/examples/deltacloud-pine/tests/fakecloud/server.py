"""The HTTP of the fake cloud."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TypeAlias
from urllib.parse import parse_qsl, unquote, urlsplit

from fakecloud import compute, storage
from fakecloud.asking import Answer, Asked, RefusedError, page, shown
from fakecloud.state import Account, FakeCloud

Route: TypeAlias = Callable[[FakeCloud, Account, Asked], Answer]

ROUTES: dict[str, Route] = {
    **{name: lambda _cloud, _account, asked: page(compute.FIXED[asked.path[0]], "id", asked) for name in compute.FIXED},
    "servers": compute.servers,
    "keys": compute.keys,
    "boxes": storage.boxes,
}


@contextmanager
def running(port: int = 0) -> Iterator[FakeCloud]:
    """A cloud of its own, on a port of the loopback interface; 0 is any free one."""
    cloud = FakeCloud()
    server = ThreadingHTTPServer(("127.0.0.1", port), type("Handler", (_Handler,), {"cloud": cloud}))
    cloud.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield cloud
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 64 * 1024  # an answer goes out in one piece
    cloud: FakeCloud

    def log_message(self, *_arguments: object) -> None:
        """Nothing."""

    def handle_one(self) -> None:
        """Answer one request; one whose body breaks off was never made."""
        try:
            body = self._body()
        except EOFError:
            self.close_connection = True
            return
        target = urlsplit(self.path)
        path = tuple(map(unquote, target.path.removeprefix("/v1/").split("/")))
        asked = Asked(self.command, path, dict(parse_qsl(target.query)), self.headers, body)
        self.cloud.asked.append(f"{asked.method} {target.path}")
        try:
            answer = self._answer(asked)
        except RefusedError as refused:
            answer = shown({"error": refused.word}, refused.status)
        self._send(answer)

    do_GET = do_POST = do_PUT = do_DELETE = handle_one  # noqa: N815 - http.server's names

    def _answer(self, asked: Asked) -> Answer:
        if asked.path == ("login",):
            token = secrets.token_hex(8)
            self.cloud.tokens[token] = self._account_name(asked)
            return shown({"token": token, "seconds": 3600})
        name = self.cloud.tokens.get(asked.headers.get("Token", ""))
        if name is None:
            raise RefusedError(401, "wrong_key")
        if asked.path[0] not in ROUTES:
            raise RefusedError(404, "no_such_thing")
        return ROUTES[asked.path[0]](self.cloud, self.cloud.accounts[name], asked)

    def _account_name(self, asked: Asked) -> str:
        """Whose account and access key the request carries."""
        sent = base64.b64decode(asked.headers.get("Authorization", "").removeprefix("Basic "))
        name, _, access_key = sent.decode().partition(":")
        if name not in self.cloud.accounts or self.cloud.accounts[name].access_key != access_key:
            raise RefusedError(401, "wrong_key")
        return name

    def _body(self) -> bytes:
        if "chunked" in self.headers.get("Transfer-Encoding", ""):
            return b"".join(self._chunks())
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length)
        if len(body) < length:
            raise EOFError
        return body

    def _chunks(self) -> Iterator[bytes]:
        while True:
            size = self.rfile.readline()
            if not size:
                raise EOFError
            chunk = self.rfile.read(int(size, 16))
            self.rfile.readline()
            if not chunk:
                return
            yield chunk

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status != 204:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)
