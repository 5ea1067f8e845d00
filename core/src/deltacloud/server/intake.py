"""Taking a request in: its id, its path as sent, the base of its links, who sent it and from where."""

from __future__ import annotations

import os
import re
from typing import Any
from urllib.parse import quote

from deltacloud.errors import InvalidRequest, NotSupported
from deltacloud.kernel.request import RequestRecord
from deltacloud.kernel.settings import GatewaySettings
from deltacloud.server.hosts import Host, forwarded_peer, is_loopback, peers_within, read_host

REPEATED = "deltacloud.repeated"
"""Where our worker says which headers the client sent more than once; WSGI shows them joined by commas."""
MONITORING = "deltacloud.monitoring"
"""Where the worker says that a request came in by the port for monitoring."""

HOST_MISSING = "Unable to find HTTP Host header"
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_PATH_SAFE = "/;=:@&+$,!~*'()"


class Intake:
    """Makes the record of each request.

    Args:
        settings: Whom to trust, and what links are to begin with.
    """

    def __init__(self, settings: GatewaySettings) -> None:
        self._trusted = peers_within(settings.trusted_proxies)
        self._public_url = settings.public_url
        self._may_be_local = settings.bound_to_loopback and settings.public_url is None

    def record(self, environ: dict[str, Any]) -> RequestRecord:
        """The request's record, complete but for what :meth:`locate` may refuse."""
        peer = environ.get("REMOTE_ADDR") or ""
        trusted = self._trusted(peer)
        request_id = environ.get("HTTP_X_REQUEST_ID") if trusted else None
        if request_id is None or not _REQUEST_ID.fullmatch(request_id):
            request_id = os.urandom(12).hex()
        if trusted and "HTTP_X_FORWARDED_FOR" in environ:
            peer = forwarded_peer(environ["HTTP_X_FORWARDED_FOR"], self._trusted) or peer
        repeated = environ.get(REPEATED, frozenset())
        return RequestRecord(id=request_id, raw_path="", base_url="", peer=peer, local=False, repeated=repeated)

    def locate(self, environ: dict[str, Any], record: RequestRecord) -> None:
        """Fill in path, base URL and whether the request is local.

        Raises:
            InvalidRequest: the target is malformed, or the host is missing or malformed.
            NotSupported: the body is coded in a way that nothing here undoes.
        """
        target, authority = _split_target(environ)
        script = environ.get("SCRIPT_NAME") or ""
        record.raw_path = target[len(script) :] if script and target.startswith(script) else target
        if environ.get("HTTP_TRANSFER_ENCODING", "chunked").strip().lower() != "chunked":
            record.close = True  # what comes next is for somebody who understands the coding
            raise NotSupported("The transfer coding is not supported")
        host = self._host(environ, authority)
        if host is None:
            return
        record.base_url = self._public_url or host.base_url + script
        record.local = (
            self._may_be_local and host.loopback and is_loopback(environ.get("REMOTE_ADDR") or "") and _direct(environ)
        )

    def _host(self, environ: dict[str, Any], authority: str | None) -> Host | None:
        """The host that the request names; None for one of HTTP/1.0 that names none, as simple health checks do."""
        scheme = environ["wsgi.url_scheme"]
        text = environ.get("HTTP_HOST")
        if text is None and environ.get("SERVER_PROTOCOL") != "HTTP/1.0":
            raise InvalidRequest(HOST_MISSING)
        text = text if authority is None else authority
        if self._trusted(environ.get("REMOTE_ADDR") or ""):
            scheme = _last(environ.get("HTTP_X_FORWARDED_PROTO")) or scheme
            text = _last(environ.get("HTTP_X_FORWARDED_HOST")) or text
        if text is None:
            return None
        host = read_host(scheme, text) if scheme in {"http", "https"} else None
        if host is None:
            raise InvalidRequest("The Host header is malformed")
        return host


def _split_target(environ: dict[str, Any]) -> tuple[str, str | None]:
    """The path as sent, and the authority if the target was a whole URL (RFC 9112, 3.2.2: it then beats ``Host``)."""
    target = environ.get("RAW_URI") or environ.get("REQUEST_URI")
    if target is None:
        path = (environ.get("SCRIPT_NAME") or "") + (environ.get("PATH_INFO") or "")
        return quote(path, safe=_PATH_SAFE, encoding="latin-1"), None
    path, _, _ = target.partition("?")
    if path.startswith("/") and "#" not in path:
        return path, None
    scheme, found, rest = path.partition("://")
    if found and scheme.isalpha() and "#" not in rest:
        authority, slash, path = rest.partition("/")
        return slash + path or "/", authority
    if path == "*":
        return path, None
    raise InvalidRequest("The request target is malformed")


def _direct(environ: dict[str, Any]) -> bool:
    """Whether no header says that somebody stands between client and server."""
    if "HTTP_FORWARDED" in environ or "HTTP_VIA" in environ:
        return False
    # One search in all names together costs a tenth of a loop over them.
    return "\nHTTP_X_FORWARDED" not in "\n".join(environ)


def _last(header: str | None) -> str | None:
    """The last of a header's values: the one that the nearest proxy wrote."""
    return None if header is None else header.rpartition(",")[2].strip() or None
