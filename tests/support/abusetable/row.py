"""One hostile request and what it must get."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

USER, PASSWORD = "mockuser", "mockpassword"
SECRET = "sesame0pen"
"""What stands for a credential in requests whose credentials are wrong or malformed."""
FORMATS: Mapping[str, str] = {
    "xml": "application/xml",
    "json": "application/json",
    "html": "text/html",
    "problem": "application/problem+json",
}
"""The formats of error documents, and the media types that ask for them."""
ACCEPT = b"{accept}"
"""Where the runner puts the media type; a request without it is sent once."""


def basic(text: str | bytes) -> str:
    """The header of an account."""
    raw = text.encode() if isinstance(text, str) else text
    return f"Authorization: Basic {base64.b64encode(raw).decode()}"


GOOD = basic(f"{USER}:{PASSWORD}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One hostile request.

    Attributes:
        name: What it tries.
        request: Its bytes; :data:`ACCEPT` in them is where the media type goes.
        status: What it must get.
        blames: The parameter that the error document must name; None: it must name none.
        says: What the message must hold.
        headers: Headers that the answer must have, and the regular expressions that they must match.
        answers: The format of the answer, where it does not follow the ``Accept`` header; ``empty`` for no body.
        closes: Whether the connection must be closed after the answer; it must be usable again otherwise.
        body: Makes blocks that are sent after the request until an answer comes.
        continues: For requests that wait for ``100 Continue``: whether it must come before the answer.
    """

    name: str = ""
    request: bytes = b""
    status: int
    blames: str | None = None
    says: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    answers: str = ""
    closes: bool = False
    body: Callable[[], Iterator[bytes]] | None = None
    continues: bool = False

    @property
    def method(self) -> str:
        """The method as it is sent."""
        return self.request.lstrip(b"\r\n").partition(b" ")[0].decode("latin-1")

    @property
    def expected(self) -> tuple[tuple[str, str], ...]:
        """(media type to ask for, format to get) of every way to send it."""
        if ACCEPT not in self.request:
            return (("", self.answers or "xml"),)
        return tuple((media_type, self.answers or name) for name, media_type in FORMATS.items())


def ask(
    method: str = "GET",
    target: str = "/api/realms",
    *headers: str,
    body: bytes | str = b"",
    kind: str = "",
    account: str = GOOD,
    accept: bool = True,
    host: str = "Host: localhost",
    version: str = "HTTP/1.1",
) -> bytes:
    """The bytes of a request that is well-formed but for what the arguments make of it."""
    raw = body.encode() if isinstance(body, str) else body
    lines = [f"{method} {target} {version}", host, account, "Accept: {accept}" if accept else "", *headers]
    if kind:
        lines.append(f"Content-Type: {kind}")
    if raw:
        lines.append(f"Content-Length: {len(raw)}")
    head = "\r\n".join([line for line in lines if line])
    return head.encode("latin-1") + b"\r\n\r\n" + raw


FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
MULTIPART = "multipart/form-data; boundary=b"


def post(target: str, body: bytes | str, kind: str = FORM, *headers: str) -> bytes:
    """The bytes of a POST with a body."""
    return ask("POST", target, *headers, body=body, kind=kind)


def parts(*described: tuple[str, str | bytes], end: str = "--b--\r\n") -> bytes:
    """The body of a multipart form: (further headers of a part behind ``form-data``, content) pairs."""
    body = b""
    for head, content in described:
        raw = content.encode() if isinstance(content, str) else content
        body += f"--b\r\nContent-Disposition: form-data{head}\r\n\r\n".encode("latin-1") + raw + b"\r\n"
    return body + end.encode()


def each(wanted: Row, requests: Mapping[str, bytes]) -> list[Row]:
    """Requests that must all get the same, by name."""
    return [replace(wanted, name=name, request=request) for name, request in requests.items()]


def family(name: str, *rows: Row) -> tuple[Row, ...]:
    """Rows of one kind, whose name comes first in theirs."""
    return tuple(replace(row, name=f"{name}-{row.name}") for row in rows)
