"""The few paths that belong to the server and to no front end: the index, robots.txt, health, metrics."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from html import escape
from typing import TYPE_CHECKING, TypeAlias

from deltacloud.api.parsing.accept import negotiate
from deltacloud.api.representations.encoding import encode
from deltacloud.errors import MethodNotAllowed, NotAcceptable, NotFound
from deltacloud.server.documents import HTML, PAGES, Reply, html_page

if TYPE_CHECKING:
    from deltacloud.kernel import Kernel
    from deltacloud.server.metrics import Metrics

Page: TypeAlias = Callable[[str | None, str], Reply]
"""Answers for an ``Accept`` header, and the base URL of the request (empty where it is not known)."""

_READ_ONLY = ("GET", "HEAD")
_EVERY_METHOD = "GET, HEAD, POST, PUT, DELETE, OPTIONS"
_ROBOTS = b"User-Agent: *\nDisallow: /\n"
_NOT_KEPT = (("Cache-Control", "no-store"),)


class Pages:
    """Answers for those paths.

    Args:
        pages: The pages by their paths, without the first slash.
    """

    def __init__(self, pages: Mapping[str, Page]) -> None:
        self._pages = pages

    def operation(self, name: str) -> str:
        """What metrics call a request for a page, ``server.healthz``; empty where there is no such page."""
        return f"server.{name or 'index'}" if name in self._pages else ""

    def reply(self, name: str, method: str, accept: str | None, base_url: str = "") -> Reply:
        """The answer for a path that no front end has.

        Args:
            name: The path without its first slash.
            method: The HTTP method.
            accept: The ``Accept`` header.
            base_url: Scheme, host and port of the request; empty where they are not known.

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
        return page(accept, base_url)


def site_pages(kernel: Kernel, front_ends: Sequence[tuple[str, str]]) -> dict[str, Page]:
    """What visitors and their robots find, for front ends of these names and mounts."""
    return {"": partial(_index, kernel, front_ends), "robots.txt": _robots}


def health_pages(trouble: Callable[[], str | None]) -> dict[str, Page]:
    """Whether the server lives, and can work; ``trouble`` tells why it cannot."""
    return {"healthz": _health, "readyz": partial(_readiness, trouble)}


def metrics_pages(metrics: Metrics) -> dict[str, Page]:
    """What Prometheus reads."""
    return {"metrics": partial(_metrics, metrics)}


def _index(kernel: Kernel, front_ends: Sequence[tuple[str, str]], accept: str | None, base_url: str) -> Reply:
    try:
        negotiate(accept, None, ("html", "xml"))
    except NotAcceptable:
        return Reply(406, "", b"")
    if any(name == PAGES for name, _ in front_ends):
        from deltacloud.api.pages import home  # noqa: PLC0415 - who shows no page need not load what makes them

        return Reply(200, HTML, home(kernel, base_url, front_ends))
    links = [
        f'<li><a href="{escape(mount)}" rel="{escape(name)}">{escape(name)}</a></li>' for name, mount in front_ends
    ]
    return html_page(200, "Deltacloud", "<ul>\n{}\n</ul>".format("\n".join(links)))


def _robots(accept: str | None, base_url: str) -> Reply:  # noqa: ARG001 - pages are called alike
    return Reply(200, "text/plain;charset=utf-8", _ROBOTS)


def _health(accept: str | None, base_url: str) -> Reply:  # noqa: ARG001 - pages are called alike
    return _status(accept, 200, "ok")


def _readiness(trouble: Callable[[], str | None], accept: str | None, base_url: str) -> Reply:  # noqa: ARG001
    reason = trouble()
    return _status(accept, 200, "ready") if reason is None else _status(accept, 503, reason)


def _metrics(metrics: Metrics, accept: str | None, base_url: str) -> Reply:  # noqa: ARG001 - pages are called alike
    content, content_type = metrics.page(accept)
    return Reply(200, content_type, content, _NOT_KEPT)


def _status(accept: str | None, status: int, word: str) -> Reply:
    """One word for machines: plain text, or JSON for who asks for it."""
    if accept and "json" in accept.lower():
        return Reply(status, "application/json", encode({"status": word}), _NOT_KEPT)
    return Reply(status, "text/plain;charset=utf-8", f"{word}\n".encode("utf-8", "replace"), _NOT_KEPT)
