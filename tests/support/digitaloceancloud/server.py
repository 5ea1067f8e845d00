"""The pretended DigitalOcean as a server on loopback; every request and every answer is held against the document."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, urlsplit

from digitaloceancloud.document import Described, Document
from digitaloceancloud.state import TOKEN, Account, Cloud, Record, Refused, not_found

MOST = 200


@dataclass
class Call:
    """One request.

    Attributes:
        cloud: The cloud.
        account: Who asks.
        ids: The values in the path, by name.
        query: The query.
        body: The body; empty if there is none.
    """

    cloud: Cloud
    account: Account
    ids: dict[str, str]
    query: dict[str, str]
    body: Record

    def page(self, name: str, items: list[Record]) -> Record:
        """One page of a list, with links that lead to the real cloud, as they do everywhere."""
        size, page = int(self.query.get("per_page", 20)), int(self.query.get("page", 1))
        start = (page - 1) * size
        links: Record = {}
        if start + size < len(items):
            links = {"pages": {"next": f"https://api.digitalocean.com/v2/x?page={page + 1}",
                               "last": f"https://api.digitalocean.com/v2/x?page={-(-len(items) // size)}"}}  # fmt: skip
        return {name: items[start : start + size], "links": links, "meta": {"total": len(items)}}


Answer: TypeAlias = tuple[int, Record | None]
Handler: TypeAlias = Callable[[Call], Answer]
HANDLERS: dict[str, Handler] = {}


def answers(name: str) -> Callable[[Handler], Handler]:
    """Makes a function the answer to an operation."""

    def register(handler: Handler) -> Handler:
        HANDLERS[name] = handler
        return handler

    return register


def listing(name: str, member: str, items: Callable[[Call], list[Record]]) -> None:
    """An operation that lists things."""
    HANDLERS[name] = lambda call: (200, call.page(member, items(call)))


def showing(name: str, member: str, item: Callable[[Call], Record]) -> None:
    """An operation that shows one thing."""
    HANDLERS[name] = lambda call: (200, {member: item(call)})


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


@contextmanager
def digitalocean_cloud(document: Document, seconds: float = 0.05) -> Iterator[Cloud]:
    """The cloud, running; at the end nothing may have been sent or answered that the document does not allow."""
    cloud = Cloud(seconds)
    server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"cloud": cloud, "document": document}))
    cloud.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield cloud
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    assert not cloud.violations, "\n".join(cloud.violations[:20])


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 64 * 1024
    disable_nagle_algorithm = True
    cloud: Cloud
    document: Document

    def log_message(self, *_arguments: object) -> None:
        """Nothing."""

    def handle_one(self) -> None:
        """Answer one request."""
        content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        with self.cloud.lock:
            self.cloud.settle()
            status, answer, headers = self._answer(content)
        body = b"" if answer is None else answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.send_response(status)
        for name, text in {**self._usual(), **headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, text)
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_DELETE = handle_one  # noqa: N815 - http.server's names

    def _usual(self) -> dict[str, str]:
        return {
            "Content-Type": "application/json; charset=utf-8",
            "ratelimit-limit": "5000",
            "ratelimit-remaining": str(max(5000 - len(self.cloud.seen), 0)),
            "ratelimit-reset": str(int(time.time()) + 3600),
        }

    def _answer(self, content: bytes) -> tuple[int, Record | bytes | None, dict[str, str]]:
        url = urlsplit(self.path)
        found = self.document.find(self.command, url.path)
        wrong = self.document.wrong_in_request(self.command, self.path, content)
        self.cloud.violations += wrong
        if found is None:
            return 404, _error(not_found()), {}
        one, ids = found
        self.cloud.seen.append(one.name)
        self.cloud.queries.append(url.query)
        self.cloud.requests.append((self.command, self.path, content))
        ordered = self.cloud.orders.get(one.name)
        if ordered:
            return ordered.pop(0)
        try:
            status, answer = self._do(one, ids, dict(parse_qsl(url.query)), json.loads(content or b"{}"))
        except Refused as refused:
            status, answer = refused.status, _error(refused)
        sent = b"" if answer is None else json.dumps(answer).encode()
        self.cloud.violations += self.document.wrong_in_answer(one, status, sent)
        return status, answer, {}

    def _do(self, one: Described, ids: dict[str, str], query: dict[str, str], body: Any) -> Answer:
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        account = self.cloud.accounts.get(token)
        if account is None:
            raise Refused(401, "unauthorized", "Unable to authenticate you.")
        wanted = {scope for each in one.body.get("security", []) for scope in each.get("bearer_auth", [])}
        if wanted & self.cloud.missing_scopes.get(token, set()):
            raise Refused(403, "forbidden", "You are not authorized to perform this operation")
        return HANDLERS[one.name](Call(self.cloud, account, ids, query, body))


def _error(refused: Refused) -> Record:
    return {"id": refused.word, "message": refused.message, "request_id": str(uuid.uuid4())}


__all__ = ["TOKEN", "Account", "Cloud", "digitalocean_cloud"]
