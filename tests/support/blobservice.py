"""A small Blob service in this process, which checks by itself who has signed each request, and fails to order.

Azurite is the judge of what requests look like; this one is for what it cannot do: remember every request, lose
answers, be busy, and have millions of blobs. Source:
https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import TypeAlias
from urllib.parse import parse_qsl, unquote, urlsplit
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from loopback import Asked, reply

Headers: TypeAlias = dict[str, str]
Fault: TypeAlias = Callable[["Call"], Iterable[bytes] | None]
"""Answers in the service's place, or leaves it to the service."""

_SIGNED = (
    "content-encoding", "content-language", "content-length", "content-md5", "content-type", "date",
    "if-modified-since", "if-match", "if-none-match", "if-unmodified-since", "range",
)  # fmt: skip

_CONTAINER = (
    "<Container><Name>{}</Name><Properties><Last-Modified>Mon, 23 Nov 2026 08:27:51 GMT</Last-Modified><Etag>1</Etag>"
    "<LeaseStatus>unlocked</LeaseStatus><LeaseState>available</LeaseState></Properties></Container>"
)


@dataclass(frozen=True)
class Call:
    """A request, taken apart.

    Attributes:
        asked: As it came.
        account: The account in its path.
        container: The container in its path; empty for the account itself.
        blob: The blob in its path; empty for the container itself.
        query: Its query, decoded.
    """

    asked: Asked
    account: str
    container: str
    blob: str
    query: Mapping[str, str]

    @property
    def name(self) -> str:
        """The operation, by its method and what else makes it that one: ``PUT blob block``."""
        where = "blob" if self.blob else "container" if self.container else "account"
        return " ".join(filter(None, (self.asked.method, where, self.query.get("comp", ""))))


@dataclass
class BlobService:
    """Containers in memory, by account; ``answer`` is for a server of :mod:`loopback`.

    Attributes:
        keys: Keys by accounts' names; shared access signatures of accounts that are to be asked with these.
        fault: What goes wrong.
        calls: Every request.
        forged: Those that were signed by somebody else than the account, or not at all.
        blobs: Contents by account, container and name.
        blocks: Uncommitted blocks by account, container, name and id.
        many: How many blobs every container called ``many`` has, besides; they are called by numbers.
    """

    keys: Mapping[str, str]
    fault: Fault = field(default=lambda _: None)
    calls: list[Call] = field(default_factory=list)
    forged: list[Call] = field(default_factory=list)
    blobs: dict[tuple[str, str], dict[str, bytes]] = field(default_factory=dict)
    blocks: dict[tuple[str, str, str], dict[str, bytes]] = field(default_factory=dict)
    many: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, asked: Asked) -> Iterable[bytes]:
        """Answer a request."""
        call = _taken_apart(asked)
        with self._lock:
            self.calls.append(call)
            if not self._signed(call):
                self.forged.append(call)
                return error(403, "AuthenticationFailed")
        failed = self.fault(call)
        if failed is not None:
            return failed
        with self._lock:
            return self._served(call)

    def _signed(self, call: Call) -> bool:
        key = self.keys.get(call.account)
        if key is None:
            return False
        authorization = call.asked.headers.get("authorization")
        if "&" in key:
            return authorization is None and call.query.items() >= dict(parse_qsl(key)).items()
        signature = hmac.new(base64.b64decode(key), _string_to_sign(call).encode(), hashlib.sha256).digest()
        expected = f"SharedKey {call.account}:{base64.b64encode(signature).decode()}"
        return authorization == expected

    def _served(self, call: Call) -> list[bytes]:
        place = (call.account, call.container)
        served: dict[str, Callable[[], list[bytes]]] = {
            "GET account list": lambda: self._list_containers(call),
            "PUT container": lambda: self._create(place),
            "GET container list": lambda: self._list_blobs(call),
            "PUT blob": lambda: self._put(call, call.asked.body),
            "PUT blob block": lambda: self._stage(call),
            "PUT blob blocklist": lambda: self._commit(call),
            "GET blob blocklist": lambda: self._block_list(call),
            "GET blob": lambda: self._get(call),
            "HEAD blob": lambda: self._get(call),
            "PUT blob metadata": lambda: reply(b""),
            "DELETE blob": lambda: reply(b"", "202 Accepted"),
            "DELETE container": lambda: reply(b"", "202 Accepted"),
            "GET container": lambda: reply(b"", Etag='"1"', Last_Modified=formatdate(usegmt=True)),
        }
        if call.name not in served:
            return error(400, "UnsupportedHttpVerb")
        if call.name not in ("GET account list", "PUT container") and place not in self.blobs:
            return error(404, "ContainerNotFound")
        return served[call.name]()

    def _create(self, place: tuple[str, str]) -> list[bytes]:
        self.blobs[place] = {}
        return reply(b"", "201 Created")

    def _list_containers(self, call: Call) -> list[bytes]:
        names = sorted(container for account, container in self.blobs if account == call.account)
        return _page(call, "Containers", [_CONTAINER.format(name) for name in names])

    def _list_blobs(self, call: Call) -> list[bytes]:
        if call.container == "many":
            return self._list_many(call)
        blobs = self.blobs[call.account, call.container]
        return _page(call, "Blobs", [_entry(escape(name), len(blobs[name])) for name in sorted(blobs)])

    def _list_many(self, call: Call) -> list[bytes]:
        start = int(call.query.get("marker") or 0)
        end = min(start + int(call.query.get("maxresults", 5000)), self.many)
        entries = [_entry(f"{number:08}", number) for number in range(start, end)]
        return _listing("Blobs", entries, str(end) if end < self.many else "")

    def _put(self, call: Call, content: bytes) -> list[bytes]:
        self.blobs[call.account, call.container][call.blob] = content
        self.blocks.pop((call.account, call.container, call.blob), None)
        return reply(b"", "201 Created", Etag='"1"', Last_Modified=formatdate(usegmt=True))

    def _stage(self, call: Call) -> list[bytes]:
        blocks = self.blocks.setdefault((call.account, call.container, call.blob), {})
        blocks[call.query["blockid"]] = call.asked.body
        return reply(b"", "201 Created")

    def _commit(self, call: Call) -> list[bytes]:
        blocks = self.blocks.get((call.account, call.container, call.blob), {})
        wanted = [block.text or "" for block in ET.fromstring(call.asked.body)]  # noqa: S314 - the driver's own
        if not set(wanted) <= blocks.keys():
            return error(400, "InvalidBlockList")
        return self._put(call, b"".join(blocks[one] for one in wanted))

    def _block_list(self, call: Call) -> list[bytes]:
        blocks = self.blocks.get((call.account, call.container, call.blob), {})
        told = [f"<Block><Name>{name}</Name><Size>{len(block)}</Size></Block>" for name, block in blocks.items()]
        body = f"<BlockList><UncommittedBlocks>{''.join(told)}</UncommittedBlocks></BlockList>"
        return reply(body.encode(), Content_Type="application/xml")

    def _get(self, call: Call) -> list[bytes]:
        content = self.blobs[call.account, call.container].get(call.blob)
        if content is None:
            return error(404, "BlobNotFound", head=call.asked.method == "HEAD")
        headers = {"Etag": '"1"', "Last_Modified": formatdate(usegmt=True), "Content_Type": "text/plain"}
        if call.asked.method == "HEAD":
            answer = reply(b"", "200 OK", **headers)[0]
            return [answer.replace(b"Content-Length: 0", b"Content-Length: %d" % len(content))]
        first, last = call.asked.headers["x-ms-range"].removeprefix("bytes=").split("-")
        part = content[int(first) : int(last) + 1]
        if not part:
            return error(416, "InvalidRange")
        where = f"bytes {first}-{int(first) + len(part) - 1}/{len(content)}"
        return reply(part, "206 Partial Content", Content_Range=where, **headers)


def error(status: int, code: str, message: str = "Said", *, head: bool = False, **headers: str) -> list[bytes]:
    """An answer that says what went wrong, as the Blob service does."""
    body = f'<?xml version="1.0" encoding="utf-8"?><Error><Code>{code}</Code><Message>{message}</Message></Error>'
    told = {"x_ms_error_code": code, "x_ms_request_id": "0f6a", "Content_Type": "application/xml", **headers}
    return reply(b"" if head else body.encode(), f"{status} {code}", **told)


def _taken_apart(asked: Asked) -> Call:
    url = urlsplit(asked.path)
    parts = [unquote(part) for part in url.path.split("/", 3)[1:]]
    account, container, blob = (*parts, "", "", "")[:3]
    return Call(asked, account, container, blob, dict(parse_qsl(url.query, keep_blank_values=True)))


def _string_to_sign(call: Call) -> str:
    headers = {**call.asked.headers}
    if headers.get("content-length") == "0":
        del headers["content-length"]
    lines = [call.asked.method, *(headers.get(name, "") for name in _SIGNED)]
    lines += [f"{name}:{headers[name]}" for name in sorted(headers, key=_collated) if name.startswith("x-ms-")]
    lines.append(f"/{call.account}{urlsplit(call.asked.path).path}")
    lines += [f"{name.lower()}:{value}" for name, value in sorted(call.query.items())]
    return "\n".join(lines)


def _collated(name: str) -> str:
    """The cloud sorts headers' names as words are sorted: hyphens do not count."""
    return name.replace("-", "")


def _entry(name: str, length: int) -> str:
    """An entry with all that the cloud says of a blob."""
    return (
        f"<Blob><Name>{name}</Name><Properties><Creation-Time>Mon, 23 Nov 2026 08:27:51 GMT</Creation-Time>"
        f"<Last-Modified>Mon, 23 Nov 2026 08:27:51 GMT</Last-Modified><Etag>0x8DE2A</Etag>"
        f"<Content-Length>{length}</Content-Length><Content-Type>application/octet-stream</Content-Type>"
        "<Content-Encoding/><Content-Language/><Content-CRC64/><Content-MD5>1B2M2Y8AsgTpgAmY7PhCfg==</Content-MD5>"
        "<Cache-Control/><Content-Disposition/><BlobType>BlockBlob</BlobType><AccessTier>Hot</AccessTier>"
        "<AccessTierInferred>true</AccessTierInferred><LeaseStatus>unlocked</LeaseStatus>"
        "<LeaseState>available</LeaseState><ServerEncrypted>true</ServerEncrypted></Properties><OrMetadata/></Blob>"
    )


def _page(call: Call, kind: str, entries: list[str]) -> list[bytes]:
    start = int(call.query.get("marker") or 0)
    end = start + int(call.query.get("maxresults", 5000))
    return _listing(kind, entries[start:end], str(end) if end < len(entries) else "")


def _listing(kind: str, entries: list[str], marker: str) -> list[bytes]:
    return reply("".join(_document(kind, entries, marker)).encode(), Content_Type="application/xml")


def _document(kind: str, entries: list[str], marker: str) -> Iterator[str]:
    yield f'\ufeff<?xml version="1.0" encoding="utf-8"?><EnumerationResults ServiceEndpoint="http://x/"><{kind}>'
    yield from entries
    yield f"</{kind}><NextMarker>{marker}</NextMarker></EnumerationResults>"
