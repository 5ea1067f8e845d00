"""Requests to a gateway in front of a cloud, many at once, and what came back of each."""

from __future__ import annotations

import base64
import http.client
import time
import uuid
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from cloudfaults.tries import Try

FORMATS = ("application/xml", "application/json", "application/problem+json")
AT_ONCE = 120
_PATIENCE = 60.0
_AUTHORIZATION = "Basic " + base64.b64encode(b"alice:secret of alice").decode()
_PIECE = 16 * 1024


@dataclass(frozen=True)
class Asking:
    """What is sent: a request, where it leads, and in which format the answer is to be."""

    what: Try
    provider: str
    accept: str = FORMATS[0]
    idempotency_key: str | None = None


@dataclass(frozen=True)
class Outcome:
    """What came back.

    Attributes:
        request_id: The id that logs and the cloud have, too.
        status: The status; 0 when no answer came.
        headers: By lower-cased names.
        body: What came of the body.
        broken: Whether the connection broke before the answer had ended.
        seconds: How long it took.
    """

    request_id: str
    status: int
    headers: dict[str, str]
    body: bytes
    broken: bool
    seconds: float


def send_all(port: int, askings: Sequence[Asking]) -> list[Outcome]:
    """Send them, many at once, each over a connection of its own."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(lambda asking: send(port, asking), askings))


def send(port: int, asking: Asking) -> Outcome:
    """Send one."""
    what, request_id = asking.what, uuid.uuid4().hex
    headers = headers_of(asking, request_id)
    body: bytes | Iterable[bytes] | None = what.body or None
    if what.chunked:
        body = (what.body[place : place + _PIECE] for place in range(0, len(what.body), _PIECE))
    began = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
    try:
        connection.request(what.method, f"/api{what.path}", body, headers, encode_chunked=what.chunked)
        answer = connection.getresponse()
    except (ConnectionError, http.client.HTTPException):
        connection.close()
        return Outcome(request_id, 0, {}, b"", broken=True, seconds=time.monotonic() - began)
    content, broken = _content(answer)
    connection.close()
    fields = {name.lower(): value for name, value in answer.getheaders()}
    return Outcome(request_id, answer.status, fields, content, broken, time.monotonic() - began)


def headers_of(asking: Asking, request_id: str) -> dict[str, str]:
    """The headers of a request, but for its length."""
    headers = {
        "Accept": asking.accept, "Authorization": _AUTHORIZATION, "X-Deltacloud-Provider": asking.provider,
        "X-Request-Id": request_id, **dict(asking.what.headers),
    }  # fmt: skip
    if asking.idempotency_key is not None:
        headers["Idempotency-Key"] = asking.idempotency_key
    if asking.what.content_type:
        headers["Content-Type"] = asking.what.content_type
    return headers


def _content(answer: http.client.HTTPResponse) -> tuple[bytes, bool]:
    received = b""
    try:
        while piece := answer.read1(_PIECE):
            received += piece
    except (ConnectionError, http.client.HTTPException):
        return received, True
    return received, bool(answer.length)
