"""The WSGI environment of a request, out of gunicorn's parsed one."""

from __future__ import annotations

import sys
from typing import Any, Protocol
from urllib.parse import unquote_to_bytes

from deltacloud.server.body import RequestBody
from deltacloud.server.intake import MONITORING, REPEATED


class ParsedRequest(Protocol):
    """The part of gunicorn's request that is used."""

    method: str
    uri: str
    path: str
    query: str
    version: tuple[int, int]
    headers: list[tuple[str, str]]


def listener_environ(
    name: tuple[Any, ...], *, scheme: str, multiprocess: bool, monitoring: bool = False
) -> dict[str, Any]:
    """What the environments of all requests on one listener have in common."""
    return {
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scheme,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": multiprocess,
        "wsgi.run_once": False,
        "wsgi.input_terminated": True,
        "SERVER_NAME": name[0],
        "SERVER_PORT": str(name[1]),
        "SCRIPT_NAME": "",
        MONITORING: monitoring,
    }


def request_environ(
    common: dict[str, Any], request: ParsedRequest, body: RequestBody, peer: tuple[Any, ...]
) -> dict[str, Any]:
    """The environment of one request.

    ``Expect`` is there to be seen; the body answers it. ``RAW_URI`` is the target as sent. A header whose name has an
    underscore would pass for the one with a hyphen, which a proxy may have checked, so it is left out; but metadata of
    blobs has such names, and clients send back what they were shown.
    """
    path = request.path
    environ = common | {
        "wsgi.input": body,
        "REQUEST_METHOD": request.method,
        "RAW_URI": request.uri,
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1") if "%" in path else path,
        "QUERY_STRING": request.query,
        "SERVER_PROTOCOL": f"HTTP/{request.version[0]}.{request.version[1]}",
        "REMOTE_ADDR": peer[0],
        "REMOTE_PORT": str(peer[1]),
    }
    repeated = set()
    for name, value in request.headers:
        if "_" in name and not name.startswith(_METADATA):
            continue
        key = _KEYS.get(name) or f"HTTP_{name.replace('-', '_')}"
        if key in environ:
            repeated.add(key)
            value = f"{environ[key]},{value}"  # noqa: PLW2901 - it is the header's value still
        environ[key] = value
    environ[REPEATED] = frozenset(repeated)
    return environ


_METADATA = "X-DELTACLOUD-BLOBMETA-"
_KEYS = {"CONTENT-TYPE": "CONTENT_TYPE", "CONTENT-LENGTH": "CONTENT_LENGTH"}


def content_length(request: ParsedRequest) -> int | None:
    """The length of the request's body; 0 when it has none, None when it is chunked."""
    length = 0
    for name, value in request.headers:
        if name == "TRANSFER-ENCODING":
            return None
        if name == "CONTENT-LENGTH":
            length = int(value)
    return length


def expects_continue(request: ParsedRequest) -> bool:
    """Whether the client waits for ``100 Continue`` before it sends the body."""
    return request.version >= (1, 1) and any(
        name == "EXPECT" and value.lower() == "100-continue" for name, value in request.headers
    )
