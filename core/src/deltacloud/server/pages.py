"""The few paths that belong to the server and to no front end: the index, robots.txt, health."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape

from deltacloud.api.parsing.accept import negotiate
from deltacloud.api.representations.encoding import encode
from deltacloud.errors import MethodNotAllowed, NotAcceptable, NotFound
from deltacloud.server.documents import Reply, html_page

_READ_ONLY = ("GET", "HEAD")
_EVERY_METHOD = "GET, HEAD, POST, PUT, DELETE, OPTIONS"
_ROBOTS = b"User-Agent: *\nDisallow: /\n"


class Pages:
    """Answers for those paths.

    Args:
        front_ends: Name and mount of each front end.
        trouble: Tells why the server cannot do its work; None when it can.
    """

    def __init__(self, front_ends: Iterable[tuple[str, str]], trouble: Callable[[], str | None]) -> None:
        self._links = "\n".join(
            f'<li><a href="{escape(mount)}" rel="{escape(name)}">{escape(name)}</a></li>' for name, mount in front_ends
        )
        self._trouble = trouble
        self._pages = {"": self._index, "robots.txt": _robots, "healthz": _health, "readyz": self._readiness}

    def reply(self, name: str, method: str, accept: str | None) -> Reply:
        """The answer for a path that no front end has.

        Args:
            name: The path without its first slash.
            method: The HTTP method.
            accept: The ``Accept`` header.

        Raises:
            NotFound: there is no such page.
            MethodNotAllowed: pages can only be read.
        """
        if name == "*" and method == "OPTIONS":
            return Reply(204, "", b"", (("Allow", _EVERY_METHOD),))
        page = self._pages.get(name)
        if page is None:
            raise NotFound
        if method not in _READ_ONLY:
            raise MethodNotAllowed(_READ_ONLY)
        return page(accept)

    def _index(self, accept: str | None) -> Reply:
        try:
            negotiate(accept, None, ("html", "xml"))
        except NotAcceptable:
            return Reply(406, "", b"")
        return html_page(200, "Deltacloud", f"<ul>\n{self._links}\n</ul>")

    def _readiness(self, accept: str | None) -> Reply:
        trouble = self._trouble()
        return _status(accept, 200, "ready") if trouble is None else _status(accept, 503, trouble)


def _robots(accept: str | None) -> Reply:  # noqa: ARG001 - pages are called alike
    return Reply(200, "text/plain;charset=utf-8", _ROBOTS)


def _health(accept: str | None) -> Reply:
    return _status(accept, 200, "ok")


def _status(accept: str | None, status: int, word: str) -> Reply:
    """One word for machines: plain text, or JSON for who asks for it."""
    headers = (("Cache-Control", "no-store"),)
    if accept and "json" in accept.lower():
        return Reply(status, "application/json", encode({"status": word}), headers)
    return Reply(status, "text/plain;charset=utf-8", f"{word}\n".encode("utf-8", "replace"), headers)
