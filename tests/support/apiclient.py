"""The whole WSGI application with a mock cloud of its own, called in this process."""

from __future__ import annotations

import base64
import io
import json
import weakref
from collections.abc import Callable, Mapping
from typing import Any

from deltacloud.kernel import GatewaySettings
from deltacloud.server.assembly import assemble
from deltacloud.testing.wsgi import Answer, answered

GOOD = ("mockuser", "mockpassword")


class Client:
    """Calls an application: ``client("GET", "/api/realms")``; JSON, and as mockuser, unless told otherwise."""

    def __init__(self, settings: GatewaySettings) -> None:
        service = assemble(settings)
        self.application = service.application
        weakref.finalize(self, service.kernel.close)

    def __call__(
        self,
        method: str,
        path: str,
        body: bytes | str | Mapping[str, object] = b"",
        *,
        accept: str | None = "application/json",
        user: tuple[str, str] | None = GOOD,
        **headers: str,
    ) -> Answer:
        environ = self._environ(method, path, accept, user, headers)
        content, kind = _encoded(body)
        environ["wsgi.input"] = io.BytesIO(content)
        environ.setdefault("CONTENT_LENGTH", str(len(content)))
        if content and "CONTENT_TYPE" not in environ:
            environ["CONTENT_TYPE"] = kind
        return answered(self.application, environ)

    def _environ(
        self,
        method: str,
        path: str,
        accept: str | None,
        user: tuple[str, str] | None,
        headers: Mapping[str, str],
    ) -> dict[str, Any]:
        raw, _, query = path.partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "RAW_URI": path,
            "PATH_INFO": raw,
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "3001",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "localhost:3001",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }
        if accept is not None:
            environ["HTTP_ACCEPT"] = accept
        if user is not None:
            environ["HTTP_AUTHORIZATION"] = "Basic " + base64.b64encode(":".join(user).encode()).decode()
        for name, value in headers.items():
            key = name.upper()
            environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH", "SERVER_PROTOCOL") else f"HTTP_{key}"] = value
        return environ


def _encoded(body: bytes | str | Mapping[str, object]) -> tuple[bytes, str]:
    if isinstance(body, bytes):
        return body, "application/octet-stream"
    if isinstance(body, str):
        return body.encode(), "application/x-www-form-urlencoded"
    return json.dumps(body).encode(), "application/json"


MakeClient = Callable[..., Client]
