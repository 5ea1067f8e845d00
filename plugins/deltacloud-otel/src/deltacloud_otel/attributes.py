"""What is said of a request: nothing that a client may have put a secret into.

Left out of what the conventions recommend are therefore ``url.query``, matrix parameters, ``user_agent.original`` and
``http.request.method_original``.
"""

from __future__ import annotations

import re
from typing import Any, TypeAlias
from urllib.parse import quote

from deltacloud.kernel import RequestRecord

Attributes: TypeAlias = dict[str, str | int]

_METHODS = frozenset({"CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"})
_OTHER = "_OTHER"
_PORTS = {"http": 80, "https": 443}
_MATRIX = re.compile(r";[^/]*")
_VISIBLE = "".join(map(chr, range(0x21, 0x7F)))


def of_kind(environ: dict[str, Any], record: RequestRecord) -> Attributes:
    """What a request has in common with many: its method, and the scheme that the client used."""
    method = environ["REQUEST_METHOD"]
    scheme = record.base_url.partition("://")[0] or environ["wsgi.url_scheme"]
    return {"http.request.method": method if method in _METHODS else _OTHER, "url.scheme": scheme}


def of_request(record: RequestRecord) -> Attributes:
    """What is its own."""
    found: Attributes = {"url.path": path(record.raw_path), "deltacloud.request.id": record.id}
    if record.peer:
        found["client.address"] = record.peer
    if record.base_url:
        found |= _server(record.base_url)
    return found


def span_name(kind: Attributes, route: str = "") -> str:
    """What its span is called: one of a few texts, whatever clients send."""
    method = kind["http.request.method"]
    name = "HTTP" if method == _OTHER else str(method)
    return f"{name} {route}" if route else name


def path(raw: str) -> str:
    """A path without matrix parameters, and in ASCII."""
    if ";" in raw:
        raw = _MATRIX.sub("", raw)
    return raw if raw.isascii() else quote(raw, safe=_VISIBLE, encoding="utf-8", errors="replace")


def _server(base_url: str) -> Attributes:
    scheme, _, rest = base_url.partition("://")
    authority = rest.partition("/")[0]
    host, colon, port = authority.rpartition(":")
    if not colon or not port.isdecimal():
        host, port = authority, ""
    return {"server.address": host.strip("[]"), "server.port": int(port) if port else _PORTS.get(scheme, 0)}
