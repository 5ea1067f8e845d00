"""The engine as a server on loopback: logins, the door, and HTTP."""

from __future__ import annotations

import json
import secrets
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qsl, unquote, urlsplit
from xml.etree.ElementTree import Element, ParseError, fromstring

from ovirtcloud import writing
from ovirtcloud.answering import Request, answer
from ovirtcloud.faults import Absent, Nowhere, Refused
from ovirtcloud.state import PASSWORDS, Seen, State

_PAGE = (
    "<!DOCTYPE HTML PUBLIC '-//IETF//DTD HTML 2.0//EN'><html><head><title>{0}</title></head>"
    "<body><h1>{0}</h1><p>It is not here.<hr noshade></body></html>"
)
_ACCEPTED = frozenset({"vms", "templates", "disks", "nics", "diskattachments"})


@dataclass
class Engine:
    """A running engine.

    Attributes:
        origin: Scheme, host and port.
        state: What it holds; change it while nobody asks, or under its lock.
    """

    origin: str
    state: State

    @property
    def url(self) -> str:
        """The URL of the API."""
        return self.origin + writing.ROOT

    def provider(self, center: int | None = None, *, user: bool = False) -> str:
        """What a client names as provider."""
        identifier = "" if center is None else self.state.centers[center].id
        parts = [self.url, identifier, "USER" if user else ""]
        while not parts[-1]:
            parts.pop()
        return ";".join(parts)


@contextmanager
def ovirt_engine(state: State | None = None, tls: ssl.SSLContext | None = None, port: int = 0) -> Iterator[Engine]:
    """An engine on loopback, over HTTPS when there is a context for that."""
    state = State() if state is None else state
    server = _Server(("127.0.0.1", port), type("Door", (_Door,), {"state": state}))
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield Engine(f"{'http' if tls is None else 'https'}://127.0.0.1:{server.server_address[1]}", state)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing: a caller who goes away, or trusts another certificate, is no fault of the engine's."""


class _Door(BaseHTTPRequestHandler):
    """Who comes in, and how they are answered."""

    protocol_version = "HTTP/1.1"
    wbufsize = 64 * 1024
    state: State

    def log_message(self, *_arguments: object) -> None:
        """Nothing."""

    def handle_one(self) -> None:
        """Answer a request."""
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        if len(body) < length:
            self.close_connection = True
            return
        parts = urlsplit(self.path)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        with self.state.lock:
            self._answer(parts.path, query, body)

    do_GET = do_POST = do_DELETE = handle_one  # noqa: N815 - http.server's names

    def _answer(self, path: str, query: dict[str, str], body: bytes) -> None:
        self.state.cookies += self.headers.get_all("Cookie", [])
        if path == "/ovirt-engine/sso/oauth/token":
            self._log_in(body)
        elif path == "/ovirt-engine/services/sso-logout":
            form = dict(parse_qsl(body.decode()))
            self.state.tokens.pop(form.get("token", ""), None)
            self._send(200, b"{}", "application/json")
        elif path.startswith(writing.ROOT):
            self._enter(path.removeprefix(writing.ROOT), query, body)
        else:
            self._page(404, "404 Not Found")

    def _log_in(self, body: bytes) -> None:
        form = dict(parse_qsl(body.decode()))
        user = form.get("username", "")
        self.state.logins += 1
        if form.get("grant_type") != "password" or form.get("scope") != "ovirt-app-api":
            told = {"error_code": "invalid_request", "error": "A parameter of the request is wrong."}
        elif PASSWORDS.get(user) != form.get("password"):
            told = {"error_code": "access_denied", "error": f"Cannot authenticate user '{user}': No valid profile."}
        else:
            token = secrets.token_urlsafe(48)
            self.state.tokens[token] = user
            told = {
                "access_token": token,
                "scope": "ovirt-app-api",
                "exp": "9223372036854775807",
                "token_type": "bearer",
            }
        self._send(200 if "access_token" in told else 400, json.dumps(told).encode(), "application/json")

    def _enter(self, path: str, query: dict[str, str], body: bytes) -> None:
        kind, _, token = self.headers.get("Authorization", "").partition(" ")
        user = self.state.tokens.get(token) if kind == "Bearer" else None
        self.state.seen.append(Seen(self.command, path, query, dict(self.headers.items()), user or ""))
        if user is None:
            self._page(401, "401 Unauthorized")
            return
        filtered = self.headers.get("Filter", query.get("filter", "false")) == "true"
        segments = [unquote(segment) for segment in path.split("/")[1:]]
        try:
            request = Request(self.state, user, filtered, query, _parsed(body))
            document = answer(request, self.command, segments)
        except Refused as refused:
            self._send(refused.status, writing.document(writing.fault(refused)), "application/xml;charset=UTF-8")
        except Absent:
            if self.state.pages_of_old:
                self._page(404, "404 Not Found")
            else:
                self._send(404, b"", "application/xml;charset=UTF-8")
        except Nowhere:
            self._page(404, "404 Not Found")
        else:
            status = 201 if self.command == "POST" and segments[-1] in _ACCEPTED else 200
            self._send(status, writing.document(document), "application/xml;charset=UTF-8")

    def _page(self, status: int, title: str) -> None:
        self._send(status, _PAGE.format(title).encode(), "text/html;charset=UTF-8")

    def _send(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Correlation-Id", self.headers.get("Correlation-Id", "none"))
        self.send_header("Set-Cookie", f"JSESSIONID={secrets.token_hex(8)}; Path=/ovirt-engine/api; Secure")
        if status == 401:
            self.send_header("WWW-Authenticate", 'Bearer realm="RESTAPI"')
        self.end_headers()
        self.wfile.write(body)


def _parsed(body: bytes) -> Element | None:
    if not body.strip():
        return None
    try:
        return fromstring(body)  # noqa: S314 - what the tests themselves send
    except ParseError:
        raise Refused(400, "The request could not be read", "Invalid XML") from None
