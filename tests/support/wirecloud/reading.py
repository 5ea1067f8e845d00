"""Requests, read from a socket's file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import BinaryIO
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Asked:
    """A request; its body is None while it is not read."""

    method: str
    behaviour: str
    hook: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes | None


class NoRequest(Exception):
    """What came is no HTTP."""


def head_of(file: BinaryIO) -> Asked | None:
    """The head of the next request; None at the end.

    Raises:
        NoRequest: none begins here.
    """
    first = file.read(1)
    if not first:
        return None
    if not first.isalpha():
        raise NoRequest
    line = (first + file.readline()).decode("latin-1")
    method, target, _ = line.split(" ", 2)
    parts = urlsplit(target)
    _, behaviour, *hook = parts.path.split("/")
    headers: dict[str, str] = {}
    while (line := file.readline().decode("latin-1").strip()) != "":
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    return Asked(method, behaviour, "/".join(hook), dict(parse_qsl(parts.query, keep_blank_values=True)), headers, None)


def read_body(file: BinaryIO, asked: Asked) -> Asked:
    """The request with its body; None stays where the client broke off."""
    if asked.headers.get("transfer-encoding") == "chunked":
        body, whole = _chunks(file)
    else:
        length = int(asked.headers.get("content-length", "0"))
        body = file.read(length)
        whole = len(body) == length
    return replace(asked, body=body) if whole else asked


def _chunks(file: BinaryIO) -> tuple[bytes, bool]:
    body = b""
    while line := file.readline().strip():
        size = int(line, 16)
        chunk = file.read(size)
        body += chunk
        if len(chunk) < size:
            break
        file.readline()
        if size == 0:
            return body, True
    return body, False
