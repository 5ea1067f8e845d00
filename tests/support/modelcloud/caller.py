"""A client over kept connections, which asks for XML and JSON in turn, and says what it wants in every way in turn."""

from __future__ import annotations

import base64
import http.client
import itertools
import json
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote, unquote, urlencode, urlsplit
from xml.etree import ElementTree

from gateway import HOST

Fields = Mapping[str, Any]
"""Parameters as the members of a JSON body: texts, numbers, arrays for numbered families, objects for named ones."""

ACCEPT = {"xml": "application/xml", "json": "application/json"}
CONNECTIONS = 3
"""Kept at once, so that not all requests go to the same worker process."""
REQUESTS_EACH = 150
PATIENCE = 60
REMEMBERED = 60


class Reply(NamedTuple):
    """What came back, with the request that it answers, for messages."""

    request: str
    status: int
    headers: dict[str, str]
    body: bytes
    format: str

    @property
    def json(self) -> Any:
        """The document of a JSON answer."""
        return json.loads(self.body)

    @property
    def xml(self) -> ElementTree.Element:
        """The root of an XML answer."""
        return ElementTree.fromstring(self.body)  # noqa: S314 - our own document

    def expect(self, status: int) -> Reply:
        """Itself, if it has this status; a refusal also has to be an error document that says the same."""
        assert self.status == status, f"{self} instead of {status}"
        if status >= 400 and self.body:
            said = self.json["code"] if self.format == "json" else int(self.xml.findtext("code") or 0)
            assert said == status, f"{self} says {said}"
        return self

    def __str__(self) -> str:
        return f"{self.request}: {self.status} {self.body[:400].decode(errors='replace')}"


class Caller:
    """One client of one server.

    Args:
        port: The server's.
        user: The user name.
        password: Its password.

    Attributes:
        sent: When the last request went out, by the clock that all processes of a machine share.
        history: The last requests that were to change something, with the statuses of their answers.
    """

    def __init__(self, port: int, user: str, password: str) -> None:
        self._port = port
        self._authorization = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
        self._idle = [_Connection(port) for _ in range(CONNECTIONS)]
        self._formats = itertools.cycle(["xml", "json"])
        self._writers = itertools.cycle([_as_form, _as_json, _as_query])
        self.sent = 0.0
        self.history: deque[str] = deque(maxlen=REMEMBERED)

    def get(self, *path: str, query: Fields | None = None, **options: Any) -> Reply:
        """Read what is at a path below ``/api``, given in decoded segments."""
        return self.send("GET", path_of(path, query), **options)

    def post(self, *path: str, fields: Fields | None = None) -> Reply:
        """Post parameters, as a form, as JSON or in the query string."""
        query, body, headers = next(self._writers)(fields or {})
        return self.send("POST", path_of(path) + query, body, headers)

    def head(self, *path: str) -> Reply:
        """Read the headers of what is at a path."""
        return self.send("HEAD", path_of(path))

    def delete(self, *path: str) -> Reply:
        """Delete what is at a path."""
        return self.send("DELETE", path_of(path))

    def send(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None, as_: str = ""
    ) -> Reply:
        """Send any request.

        Args:
            method: The method.
            path: The path, encoded, with the query string.
            body: The body.
            headers: Further headers.
            as_: The format to ask for; the one whose turn it is if not given.
        """
        wanted = as_ or next(self._formats)
        sent = {"Accept": ACCEPT[wanted], "Authorization": self._authorization, **(headers or {})}
        connection = self._idle.pop(0)
        self.sent = time.monotonic()
        try:
            status, received, content = connection.exchange(method, path, body, sent)
        finally:
            self._idle.append(connection if connection.left else _Connection(self._port))
        reply = Reply(f"{method} {path} ({wanted})", status, received, content, wanted)
        if method in ("POST", "PUT", "DELETE"):
            self.history.append(f"{reply.request} {body[:200]!r}: {status}")
        return reply

    def close(self) -> None:
        """Close all connections."""
        for connection in self._idle:
            connection.close()


class _Connection:
    """A connection and how many requests it is still good for; it is kept open by the server all that time."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection(HOST, port, timeout=PATIENCE)
        self._connection.connect()
        self.left = REQUESTS_EACH

    def exchange(
        self, method: str, path: str, body: bytes, headers: Mapping[str, str]
    ) -> tuple[int, dict[str, str], bytes]:
        left, self.left = self.left - 1, 0
        try:
            self._connection.request(method, path, body or None, dict(headers))
            answer = self._connection.getresponse()
            content = answer.read()
            refused = answer.status >= 400 and body  # then the rest of the body may have been left unread
            assert refused or not answer.will_close, f"the connection is not kept after {method} {path}"
            self.left = 0 if answer.will_close else left
        finally:
            if not self.left:
                self.close()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, content

    def close(self) -> None:
        self._connection.close()


def path_of(segments: Iterable[str], query: Fields | None = None) -> str:
    """The path below ``/api`` of segments that may hold anything, with a query string."""
    path = "/api" + "".join(f"/{quote(one, safe='')}" for one in segments)
    return f"{path}?{urlencode(list(_flat(query)))}" if query else path


def segments_in(url: str) -> list[str]:
    """The decoded segments below ``/api`` of a URL that the server gave out."""
    first, *rest = urlsplit(url).path.strip("/").split("/")
    assert first == "api"
    return [unquote(one) for one in rest]


def path_in(url: str) -> str:
    """The path and query string of a URL that the server gave out."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _as_form(fields: Fields) -> tuple[str, bytes, dict[str, str]]:
    return "", urlencode(list(_flat(fields))).encode(), {"Content-Type": "application/x-www-form-urlencoded"}


def _as_json(fields: Fields) -> tuple[str, bytes, dict[str, str]]:
    return "", json.dumps(fields).encode(), {"Content-Type": "application/json"}


def _as_query(fields: Fields) -> tuple[str, bytes, dict[str, str]]:
    return f"?{urlencode(list(_flat(fields)))}" if fields else "", b"", {"Content-Length": "0"}


def _flat(fields: Fields) -> Iterator[tuple[str, str]]:
    """The members of a JSON body as the pairs of a form."""
    for name, value in fields.items():
        if name == "sources":
            yield from _sources(value)
        elif isinstance(value, Mapping):
            yield from ((f"{name.removesuffix('s')}_{key}", str(one)) for key, one in value.items())
        elif isinstance(value, list):
            yield from ((f"{name}{number}", str(one)) for number, one in enumerate(value, start=1))
        else:
            yield name, str(value)


def _sources(sources: Iterable[Any]) -> Iterator[tuple[str, str]]:
    for number, source in enumerate(sources, start=1):
        if isinstance(source, str):
            yield f"ip_address{number}", source
        else:
            yield f"group{number}", source["name"]
            yield f"group{number}owner", source["owner"]
