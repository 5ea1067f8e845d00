"""A way to moto that knows ``ClientToken``, which Amazon keeps and moto ignores: what came before is answered again.

So is what moto says of instance types, to whoever signs for it: there are 1,395, and each time it takes two seconds.
"""

from __future__ import annotations

import http.client
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TypeAlias
from urllib.parse import parse_qs, urlsplit

from awscloud.signatures import is_signed_with, signer_of
from loopback import Asked

_Answer: TypeAlias = tuple[int, list[tuple[str, str]], bytes]
_KEY = re.compile(r"Credential=([^/]+)/")
_HOP = frozenset({"connection", "content-length", "date", "host", "server", "transfer-encoding"})
_PASSING = 500


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    cloud: str
    secrets: Mapping[str, str]
    answered: dict[tuple[str, str, str], _Answer]
    types: dict[bytes, _Answer]
    lock: threading.Lock


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        key = self._key(body)
        if b"Action=DescribeInstanceTypes&" in body and self._is_known(body):
            status, headers, content = self._types(body)
        elif key is None:
            status, headers, content = self._hand_on(body)
        else:
            with self.server.lock:
                found = self.server.answered.get(key) or self._hand_on(body)
                if found[0] < _PASSING:
                    self.server.answered[key] = found
            status, headers, content = found
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        length = self.headers.get("Content-Length", "0") if self.command == "HEAD" else str(len(content))
        self.send_header("Content-Length", length)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = _serve  # noqa: N815

    def _key(self, body: bytes) -> tuple[str, str, str] | None:
        """Who does what under which token; None for requests without one."""
        asked = parse_qs(body.decode("latin-1")) if self.command == "POST" and b"ClientToken=" in body else {}
        found = _KEY.search(self.headers.get("Authorization", ""))
        if "ClientToken" not in asked or found is None:
            return None
        return found[1], asked["Action"][0], asked["ClientToken"][0]

    def _is_known(self, body: bytes) -> bool:
        """Whether a request is signed by somebody who may ask for everything; moto decides about all others."""
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(self.command, self.path, headers, body, 0)
        secret = self.server.secrets.get(signer_of(asked))
        return secret is not None and is_signed_with(asked, secret)

    def _types(self, body: bytes) -> _Answer:
        found = self.server.types.get(body) or self._hand_on(body)
        if found[0] == HTTPStatus.OK:
            self.server.types[body] = found
        return found

    def _hand_on(self, body: bytes) -> _Answer:
        cloud = urlsplit(self.server.cloud)
        connection = http.client.HTTPConnection(cloud.hostname or "", cloud.port, timeout=60)
        try:
            # The host stays as it was signed.
            connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                if name.lower() not in {"connection", "expect"}:
                    connection.putheader(name, value)
            connection.endheaders(body or None)
            answer = connection.getresponse()
            headers = [(name, value) for name, value in answer.getheaders() if name.lower() not in _HOP]
            return answer.status, headers, answer.read()
        finally:
            connection.close()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing."""


@contextmanager
def keeping_tokens(cloud: str, secrets: Mapping[str, str]) -> Iterator[str]:
    """The URL of a way to ``cloud`` on which requests with a token are done once.

    Args:
        cloud: The URL of moto.
        secrets: Of those who may describe everything, by the ids of their keys.
    """
    server = _Server(("127.0.0.1", 0), _Handler)
    server.cloud, server.secrets, server.answered, server.types = cloud, secrets, {}, {}
    server.lock = threading.Lock()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
