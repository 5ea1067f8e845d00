"""The gateway's HTTP API, called in this process."""

from __future__ import annotations

import base64
import io
import json
from typing import Any, NamedTuple
from xml.etree import ElementTree

from deltacloud.kernel import Application
from deltacloud.testing.backend import Login


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:  # noqa: ANN401 - whatever the document holds
        """The document, as JSON."""
        return json.loads(self.body)

    @property
    def text(self) -> str:
        """The body, as text."""
        return self.body.decode()

    @property
    def xml(self) -> ElementTree.Element:
        """The document, as XML."""
        return ElementTree.fromstring(self.body)  # noqa: S314 - the core's own document


def request(
    application: Application,
    method: str,
    path: str,
    login: Login,
    *,
    accept: str = "application/json",
    body: bytes = b"",
    headers: dict[str, str] | None = None,
) -> Answer:
    """Send one request.

    Args:
        application: The gateway.
        method: The method.
        path: Path and query string, as they stand in the request line.
        login: Whose credentials it carries.
        accept: The wanted format.
        body: What is sent.
        headers: Further headers, by their names.
    """
    raw, _, query = path.partition("?")
    sent = {"Host": "localhost:3001", "Accept": accept, **(headers or {})}
    sent["Authorization"] = "Basic " + base64.b64encode(f"{login[0]}:{login[1]}".encode()).decode()
    if len(login) == 3:  # noqa: PLR2004 - user, password and token
        sent["X-Deltacloud-Session-Token"] = login[2]
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method, "RAW_URI": path, "PATH_INFO": raw, "QUERY_STRING": query, "SERVER_NAME": "localhost",
        "SERVER_PORT": "3001", "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1", "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http", "wsgi.errors": io.StringIO(), "wsgi.input": io.BytesIO(body),
        "CONTENT_LENGTH": str(len(body)), "CONTENT_TYPE": sent.pop("Content-Type", "application/octet-stream"),
        "wsgi.multithread": True, "wsgi.multiprocess": False, "wsgi.run_once": False,
    }  # fmt: skip
    environ |= {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in sent.items()}
    return answered(application, environ)


def answered(application: Application, environ: dict[str, Any]) -> Answer:
    """What comes back for an environment."""
    started: list[tuple[str, list[tuple[str, str]]]] = []
    result = application(environ, lambda status, fields, *_: started.append((status, fields)))
    try:
        content = b"".join(result)
    finally:
        close = getattr(result, "close", None)
        if close is not None:
            close()
    status, fields = started[-1]
    return Answer(int(status.split()[0]), {name.lower(): value for name, value in fields}, content)
