"""The imaginary Pine Cloud of the documentation, as a server: what the example driver talks to in its tests."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, NoReturn, TypeAlias
from urllib.parse import parse_qs, unquote, urlsplit

Record: TypeAlias = dict[str, Any]

ACCOUNT, KEY = "ann", "pine-secret-key"
OTHER_ACCOUNT, OTHER_KEY = "bob", "pine-key-of-bob"
KEYS = {ACCOUNT: KEY, OTHER_ACCOUNT: OTHER_KEY}
PLACES = [{"id": "north", "name": "North"}, {"id": "south", "name": "South"}]
SIZES = [{"id": "small", "cores": 1, "memory": 2, "disk": 20}, {"id": "large", "cores": 4, "memory": 16, "disk": 80}]
IMAGES = [{"id": f"image-{number}", "name": f"Image {number}", "cpu": "x86_64"} for number in range(1, 6)]


@dataclass
class File:
    """A file of a box."""

    content: bytes
    content_type: str
    labels: dict[str, str]


@dataclass
class PineCloud:
    """Its state, and what it was asked.

    Attributes:
        url: The URL of the installation.
        servers: By id.
        boxes: Files by name, by the name of their box.
        tokens: Those given out and not withdrawn, each with its account; servers belong to one, boxes to all.
        seen: Method and path of each request, in order.
        made: Ids of servers by request key.
        launched: How many servers there ever were.
    """

    url: str = ""
    servers: dict[str, Record] = field(default_factory=dict)
    boxes: dict[str, dict[str, File]] = field(default_factory=lambda: {"letters": {}})
    tokens: dict[str, str] = field(default_factory=dict)
    seen: list[tuple[str, str]] = field(default_factory=list)
    made: dict[str, str] = field(default_factory=dict)
    launched: int = 0

    def launch(self, wanted: Record, key: str | None = None, account: str = ACCOUNT) -> Record:
        """A new server, or the one that this key has made."""
        if key is not None and key in self.made:
            return self.servers[self.made[key]]
        self.launched += 1
        identifier = f"s{self.launched}"
        self.servers[identifier] = {
            "id": identifier,
            "account": account,
            "name": wanted.get("name") or identifier,
            "image": wanted["image"],
            "size": wanted.get("size") or "small",
            "place": wanted.get("place") or "north",
            "rack": wanted.get("rack"),
            "status": "up",
            "created": "2026-01-02T03:04:05+00:00",
            "addresses": ["192.0.2.7"],
        }
        if key is not None:
            self.made[key] = identifier
        return self.servers[identifier]


@contextmanager
def pine_cloud() -> Iterator[PineCloud]:
    """The cloud, running on loopback."""
    cloud = PineCloud()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"cloud": cloud}))
    cloud.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield cloud
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Refused(Exception):
    def __init__(self, status: int, word: str) -> None:
        super().__init__(word)
        self.status = status
        self.word = word


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 64 * 1024  # an answer goes out in one piece
    cloud: PineCloud

    def log_message(self, *_arguments: object) -> None:
        """Nothing."""

    def handle_one(self) -> None:
        """Answer one request."""
        path, query = urlsplit(self.path).path.removeprefix("/v1"), parse_qs(urlsplit(self.path).query)
        self.cloud.seen.append((self.command, path))
        try:
            body = self._body()
        except EOFError:
            self.close_connection = True
            return
        try:
            parts = [unquote(part) for part in path.split("/")[1:]]
            if parts == ["login"]:
                self._json(self._log_in())
                return
            self._check_token()
            getattr(self, f"_{parts[0]}")(parts[1:], {name: values[0] for name, values in query.items()}, body)
        except (KeyError, AttributeError):
            self._json({"error": "no_such_thing"}, 404)
        except _Refused as refused:
            self._json({"error": refused.word}, refused.status)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = handle_one  # noqa: N815 - http.server's names

    def _check_token(self) -> None:
        if self.headers.get("Token") not in self.cloud.tokens:
            raise _Refused(401, "bad_key")

    def _log_in(self) -> Record:
        sent = self.headers.get("Authorization", "").removeprefix("Basic ")
        account, _, key = base64.b64decode(sent).decode().partition(":")
        if KEYS.get(account) != key:
            raise _Refused(401, "bad_key")
        token = f"token-{len(self.cloud.seen)}-{account}"
        self.cloud.tokens[token] = account
        return {"token": token, "seconds": 3600}

    def _places(self, _parts: list[str], _query: dict[str, str], _body: bytes) -> None:
        self._json(PLACES)

    def _sizes(self, _parts: list[str], _query: dict[str, str], _body: bytes) -> None:
        self._json(SIZES)

    def _images(self, _parts: list[str], query: dict[str, str], _body: bytes) -> None:
        self._page("images", [one for one in IMAGES if query.get("cpu", one["cpu"]) == one["cpu"]], query)

    def _servers(self, parts: list[str], query: dict[str, str], body: bytes) -> None:
        account, servers = self.cloud.tokens[self.headers["Token"]], self.cloud.servers
        own = {identifier: one for identifier, one in servers.items() if one["account"] == account}
        match self.command, parts:
            case "GET", []:
                self._page("servers", list(own.values()), query)
            case "POST", []:
                wanted = json.loads(body)
                if not _known(wanted["image"], IMAGES) or not _known(wanted.get("place"), PLACES):
                    raise _Refused(404, "no_such_thing")
                self._json(self.cloud.launch(wanted, self.headers.get("Request-Key"), account), 201)
            case "GET", [identifier]:
                self._json(own[identifier])
            case "DELETE", [identifier]:
                del servers[own[identifier]["id"]]
                self._json({})
            case "POST", [identifier, action]:
                own[identifier]["status"] = {"start": "up", "stop": "down"}[action]
                self._json(own[identifier])

    def _boxes(self, parts: list[str], query: dict[str, str], body: bytes) -> None:
        boxes = self.cloud.boxes
        match self.command, parts:
            case "GET", []:
                self._json([{"name": name} for name in boxes])
            case "GET", [box, "files"]:
                named = {name: file for name, file in boxes[box].items() if name.startswith(query.get("begin", ""))}
                self._json([{"name": name, "bytes": len(file.content)} for name, file in named.items()])
            case "PUT", [box, "files", name]:
                labels = {key: value for key, value in self.headers.items() if key.lower().startswith("label-")}
                boxes[box][name] = File(body, self.headers["Content-Type"], labels)
                self._json({})
            case "GET" | "HEAD", [box, "files", name]:
                file = boxes[box][name]
                self._send(200, file.content, file.content_type, file.labels)

    def _page(self, name: str, items: list[Record], query: dict[str, str]) -> None:
        ids = [one["id"] for one in items]
        start = ids.index(query["after"]) + 1 if "after" in query else 0
        end = start + int(query["count"])
        self._json({name: items[start:end], "next": ids[end - 1] if end < len(items) else None})

    def _body(self) -> bytes:
        if "chunked" in self.headers.get("Transfer-Encoding", ""):
            chunks = []
            while size := int(self.rfile.readline() or self._broken_off(), 16):
                chunks.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(chunks)
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length)
        return body if len(body) == length else self._broken_off()

    def _broken_off(self) -> NoReturn:
        raise EOFError

    def _json(self, document: object, status: int = 200) -> None:
        self._send(status, json.dumps(document).encode(), "application/json", {})

    def _send(self, status: int, body: bytes, content_type: str, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Type": content_type, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def _known(identifier: object, things: list[Record]) -> bool:
    """Whether there is such a thing, or none was asked for."""
    return identifier is None or any(one["id"] == identifier for one in things)
