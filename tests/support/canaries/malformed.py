"""What carries secrets and never becomes a request: broken heads, another protocol, clients that break off."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import quote

from canaries.failures import basic
from canaries.spelling import Secrets


class Broken(NamedTuple):
    """Bytes to send; the client then waits for an answer, unless it breaks off.

    Attributes:
        name: What is wrong.
        data: The bytes.
        leaves: Whether the client leaves without waiting.
    """

    name: str
    data: bytes
    leaves: bool = False


def broken_heads(serial: int) -> Iterator[Broken]:
    """Heads that no server can read, with secrets in them."""
    secrets = Secrets(serial)
    password = secrets.of("password")
    header = f"Authorization: {basic(f'mockuser:{password}')}"
    token = f"X-Deltacloud-Session-Token: {secrets.of('token')}"
    both = f"{header}\r\n{token}"
    query = f"password={quote(secrets.of('login'), safe='')}"
    body = f"password={quote(secrets.of('login'))}&private_key={quote(secrets.of('key'))}"
    texts = {
        "no version": f"GET /api/realms?{query}\r\nHost: x\r\n{both}\r\n\r\n",
        "strange version": f"GET /api/realms?{query} HTTP/9.7\r\nHost: x\r\n{both}\r\n\r\n",
        "next protocol": f"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n{both}\r\n\r\n",
        "no method": f"/api/realms?{query} HTTP/1.1\r\nHost: x\r\n{both}\r\n\r\n",
        "strange method": f"GE(T /api/realms?{query} HTTP/1.1\r\nHost: x\r\n{both}\r\n\r\n",
        "header first": f"{both}\r\n\r\n",
        "body first": f"{body}\r\n{both}\r\n\r\n",
        "space before the colon": f"GET / HTTP/1.1\r\nHost: x\r\n{header.replace(':', ' :', 1)}\r\n{token}\r\n\r\n",
        "no colon": f"GET / HTTP/1.1\r\nHost: x\r\n{header.replace(':', '', 1)}\r\n{token}\r\n\r\n",
        "no name": f"GET / HTTP/1.1\r\nHost: x\r\n: {password}\r\n{token}\r\n\r\n",
        "folded": f"GET / HTTP/1.1\r\nHost: x\r\nAuthorization: Basic\r\n {password}\r\n{token}\r\n\r\n",
        "a null": f"GET / HTTP/1.1\r\nHost: x\r\n{token}\0\r\n{header}\r\n\r\n",
        "a bare line break": f"GET / HTTP/1.1\r\nHost: x\r\n{header}\r{token}\r\n\r\n",
        "no host": f"GET /api/realms?{query} HTTP/1.1\r\nConnection: close\r\n{both}\r\n\r\n",
        "user in the host": f"GET /api/realms HTTP/1.1\r\nHost: me:{quote(password)}@x\r\n{both}\r\n\r\n",
        "user in the host, raw": f"GET /api/realms HTTP/1.1\r\nHost: me:{password}@x\r\n{both}\r\n\r\n",
        "user in the target": f"GET http://me:{quote(password)}@x/api/realms HTTP/1.1\r\nHost: x\r\n{both}\r\n\r\n",
        "user in the target, strange": f"GET h2://me:{quote(password)}@x/a#b HTTP/1.1\r\nHost: x\r\n{both}\r\n\r\n",
        "user in CONNECT": f"CONNECT me:{quote(password)}@x:443 HTTP/1.1\r\nHost: x\r\n{both}\r\n\r\n",
        "user in a forwarded host": f"GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-Host: me:{quote(password)}@x\r\n\r\n",
        "user in a forwarded peer": f"GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: {quote(password)}\r\n\r\n",
        "request id": f"GET /api/x HTTP/1.1\r\nHost: x\r\nX-Request-Id: {password}\r\nConnection: close\r\n\r\n",
        "two lengths": f"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n{both}\r\n\r\n{body}",
        "no length": f"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {quote(password)}\r\n{both}\r\n\r\n{body}",
        "strange coding": f"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: {quote(password)}\r\n{both}\r\n\r\n{body}",
        "strange expectation": f"POST / HTTP/1.1\r\nHost: x\r\nExpect: {quote(password)}\r\n{both}\r\n\r\n",
        "long target": f"GET /api/realms?{query}&x={'x' * 70_000} HTTP/1.1\r\nHost: x\r\n{both}\r\n\r\n",
        "long header": f"GET / HTTP/1.1\r\nHost: x\r\nX: {'x' * 17_000}\r\n{both}\r\n\r\n",
        "long secret": f"GET / HTTP/1.1\r\nHost: x\r\nAuthorization: Basic {password * 500}\r\n\r\n",
        "long headers": f"GET / HTTP/1.1\r\nHost: x\r\n{both}\r\n{'X: ' + 'x' * 9_000 + chr(13) + chr(10)}" * 20,
        "many headers": f"GET / HTTP/1.1\r\nHost: x\r\n{both}\r\n{'X: x' + chr(13) + chr(10)}" * 300 + "\r\n",
        "a long body": f"POST /api/realms HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n{body} x\r\n\r\n",
        "user in the referrer": f"POST /api HTTP/1.1\r\nHost: x\r\nReferer: http://x/;driver={quote(password)}\r\n"
        f"Origin: http://me:{quote(password)}@x\r\nConnection: close\r\n\r\n",
    }
    for name, text in texts.items():
        yield Broken(name, text.encode())
    hello = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"
    yield Broken("a TLS hello", hello + f"{both}{body}\r\n\r\n".encode())
    yield Broken("bytes above 127", f"GET /{password} HTTP/1.1\r\n{both}\r\n\r\n".encode("utf-16"))


def broken_off(serial: int, driver: str, provider: str) -> Iterator[Broken]:
    """Requests that are not sent to their end, and answers that nobody waits for."""
    secrets = Secrets(serial)
    password = secrets.of("password")
    body = f"image_id=img1&password={quote(secrets.of('login'))}&private_key={quote(secrets.of('key'))}&x="
    head = (
        f"POST /api/instances HTTP/1.1\r\nHost: localhost\r\nAuthorization: {basic(f'mockuser:{password}')}\r\n"
        f"X-Deltacloud-Session-Token: {secrets.of('token')}\r\nX-Deltacloud-Driver: {driver}\r\n"
        f"X-Deltacloud-Provider: {provider}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    )
    yield Broken("in the head", head.encode(), leaves=True)
    yield Broken("in the body", f"{head}Content-Length: {len(body) + 9}\r\n\r\n{body}".encode(), leaves=True)
    yield Broken("in a chunk", f"{head}Transfer-Encoding: chunked\r\n\r\nfff\r\n{body}".encode(), leaves=True)
    yield Broken("before the answer", f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode(), leaves=True)
    yield Broken(
        "before the content",
        head.replace("POST /api/instances", "GET /api/buckets/b/x/content").encode() + b"\r\n",
        leaves=True,
    )
