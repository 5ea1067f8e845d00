"""The recorded exchanges with the original server: what was asked, what it answered, and which driver it needs."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass, replace
from importlib.metadata import entry_points
from pathlib import Path
from typing import TypeAlias, TypedDict

Headers: TypeAlias = tuple[tuple[str, str], ...]

SECOND_SEQUENCE = "mockplus"
"""Exchanges whose names begin with it are a sequence of their own, on a server of their own."""
WITHOUT_CAPABILITY = re.compile(r"errors\.412\.|head\.firewalls$")
"""The original mock driver had no firewalls and no load balancers. Ours has; the driver ``lean`` has not."""
LEAN = "lean"
_DRIVER_HEADER = "X-Deltacloud-Driver"
_DRIVER_IN_PATH = re.compile(r"^/api;(?:[^/?]*;)?driver=(\w+)")
_DRIVER_IN_QUERY = re.compile(r"[?&]api\[driver\]=(\w+)")
_DRIVER_SHOWN = re.compile(r"^/api/drivers/(\w+)")
_KNOWN_TO_THE_ORIGINAL = frozenset(
    {
        "arubacloud",
        "azure",
        "condor",
        "digitalocean",
        "ec2",
        "eucalyptus",
        "fgcp",
        "gogrid",
        "google",
        "mock",
        "opennebula",
        "openstack",
        "profitbricks",
        "rackspace",
        "rhevm",
        "rimuhosting",
        "sbc",
        "terremark",
        "vsphere",
        "mockplus",
    }
)


class _Message(TypedDict, total=False):
    method: str
    path: str
    http_version: str
    status: int
    headers: dict[str, str]
    body: str | None
    body_base64: str
    body_description: str
    transport_error: str


class _Varies(TypedDict):
    headers: list[str]
    body: bool


class _Recording(TypedDict):
    seq: int
    request: _Message
    response: _Message
    varies: _Varies


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent, as it goes over the wire."""

    method: str
    path: str
    headers: Headers
    body: bytes
    version: str = "1.1"

    def header(self, name: str) -> str | None:
        """The value of a header, whatever the case of its name."""
        return _header(self.headers, name)

    @property
    def target(self) -> str:
        """The path without query string and matrix parameters."""
        return re.sub(r";[^/]*", "", self.path.partition("?")[0])

    def wire(self) -> bytes:
        """Every byte of it."""
        lines = [f"{self.method} {self.path} HTTP/{self.version}"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        return "\r\n".join([*lines, "", ""]).encode() + self.body


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: Headers
    body: bytes

    def header(self, name: str) -> str | None:
        """The value of a header, whatever the case of its name."""
        return _header(self.headers, name)

    @property
    def media_type(self) -> str:
        """The content type without parameters; empty without one."""
        return (self.header("Content-Type") or "").partition(";")[0].strip().lower()

    def with_headers(self, **values: str | None) -> Answer:
        """The same with other headers; ``_`` in a name is a hyphen, None removes a header."""
        changed = {name.replace("_", "-").lower(): value for name, value in values.items()}
        kept = [pair for pair in self.headers if pair[0].lower() not in changed]
        added = [(name.title(), value) for name, value in changed.items() if value is not None]
        return replace(self, headers=(*kept, *added))


@dataclass(frozen=True, slots=True)
class Exchange:
    """One recorded exchange.

    Attributes:
        name: The recording's name.
        number: Its place in its sequence.
        sequence: ``mock`` or ``mockplus``: each is replayed in order on a fresh server.
        request: What was sent.
        answer: What the original answered; None where its process died.
        driver: The driver that the request needs; an unknown one needs none.
        varies: Whether the body differed when the same was asked twice.
    """

    name: str
    number: int
    sequence: str
    request: Request
    answer: Answer | None
    driver: str = "mock"
    varies: bool = False


def load(folder: Path) -> list[Exchange]:
    """All exchanges of a folder, each sequence in the order in which it was recorded.

    Args:
        folder: Where the recordings are; one that does not exist has none.
    """
    exchanges = [_exchange(path.stem, json.loads(path.read_text("utf-8"))) for path in folder.glob("*.json")]
    return sorted(exchanges, key=lambda exchange: (exchange.sequence, exchange.number))


def installed_drivers() -> frozenset[str]:
    """The names of the drivers that are installed here."""
    return frozenset(entry_point.name for entry_point in entry_points(group="deltacloud.drivers"))


def _exchange(name: str, recording: _Recording) -> Exchange:
    sequence = SECOND_SEQUENCE if name.startswith(f"{SECOND_SEQUENCE}.") else "mock"
    request, response = recording["request"], recording["response"]
    exchange = Exchange(
        name=name,
        number=recording["seq"],
        sequence=sequence,
        request=Request(
            request["method"],
            request["path"],
            tuple(request["headers"].items()),
            _body(request),
            request.get("http_version", "1.1"),
        ),
        answer=None
        if "transport_error" in response
        else Answer(response["status"], tuple(response["headers"].items()), _body(response)),
        varies=recording["varies"]["body"],
    )
    return _on_lean(exchange) if WITHOUT_CAPABILITY.match(name) else replace(exchange, driver=_needed(exchange.request))


def _on_lean(exchange: Exchange) -> Exchange:
    """The same, asked of the driver that still lacks what the original mock driver lacked."""
    request, answer = exchange.request, exchange.answer
    if answer is None:
        raise ValueError(f"{exchange.name} has no answer")
    return replace(
        exchange,
        driver=LEAN,
        request=replace(request, headers=(*request.headers, (_DRIVER_HEADER, LEAN))),
        answer=answer.with_headers(X_Deltacloud_Driver=LEAN),
    )


def _needed(request: Request) -> str:
    """The driver that a request chooses: the path before the header, as the server does; the default is mock."""
    found = _DRIVER_IN_PATH.search(request.path) or _DRIVER_IN_QUERY.search(request.path)
    name = found[1] if found else request.header(_DRIVER_HEADER)
    shown = _DRIVER_SHOWN.match(request.path)
    if name is None and shown is not None:
        name = shown[1]
    return name if name in _KNOWN_TO_THE_ORIGINAL else "mock"


def _body(message: _Message) -> bytes:
    if "body_base64" in message:
        return base64.b64decode(message["body_base64"])
    if "body_description" in message:  # the one large body: N times "x"
        count, _, text = message["body_description"].partition(" times ")
        return str(json.loads(text)).encode() * int(count)
    return (message.get("body") or "").encode()


def _header(headers: Headers, name: str) -> str | None:
    return next((value for key, value in headers if key.lower() == name.lower()), None)
