"""Whole answers of the server itself; above all errors that happen before a front end is reached."""

from __future__ import annotations

from html import escape
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import urlsplit

from msgspec.structs import replace

from deltacloud.api.parsing.accept import CONTENT_TYPES, error_format
from deltacloud.api.representations.errors import ERROR_WRITERS, facts_of
from deltacloud.errors import DeltacloudError, MethodNotAllowed
from deltacloud.kernel.settings import GatewaySettings

PAGES = "deltacloud"
"""The front end that has pages for people."""
HTML = "text/html;charset=utf-8"
_PAGE = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>{head}</head>
<body>
<main>
<h1>{title}</h1>
{content}
</main>
</body>
</html>
"""  # noqa: E501 - a page as it is sent


class Reply(NamedTuple):
    """A whole answer in memory."""

    status: int
    content_type: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def status_line(self) -> str:
        """Status and phrase, as WSGI wants them."""
        return f"{self.status} {HTTPStatus(self.status).phrase}"

    @property
    def all_headers(self) -> list[tuple[str, str]]:
        """Its headers, the type and the length among them."""
        own = [("Content-Length", str(len(self.body)))]
        if self.content_type:
            own.insert(0, ("Content-Type", self.content_type))
        return [*own, *self.headers]


def error_reply(
    error: DeltacloudError,
    *,
    accept: str | None,
    path: str,
    request_id: str,
    settings: GatewaySettings,
    status: int | None = None,
) -> Reply:
    """An error document, in the format that the client prefers.

    Args:
        error: What is wrong.
        accept: The ``Accept`` header.
        path: The path as requested, without query string and matrix parameters.
        request_id: The request's id.
        settings: Which driver and provider the document names.
        status: The status, where it differs from that of the error's class (431 instead of 414).
    """
    facts = facts_of(error, url=path, request_id=request_id, driver=settings.driver, provider=settings.provider)
    if status is not None:
        facts = replace(facts, status=status)
    headers: tuple[tuple[str, str], ...] = (("Cache-Control", "no-store"),)
    if isinstance(error, MethodNotAllowed):
        headers += (("Allow", ", ".join(error.allowed)),)
    chosen = error_format(accept, None)
    if chosen == "html":
        content = f"<p>{escape(facts.message)}</p>\n<p>Request: <code>{escape(request_id)}</code></p>"
        head, foot = _dress(settings)
        title = f"{facts.status} - {HTTPStatus(facts.status).phrase}"
        return html_page(facts.status, title, content + foot, headers, head=head)
    return Reply(facts.status, CONTENT_TYPES[chosen], ERROR_WRITERS[chosen](facts), headers)


def _dress(settings: GatewaySettings) -> tuple[str, str]:
    """What makes a page look like those of the front end, and a way to its first page; nothing where it is off."""
    if PAGES not in settings.front_ends:
        return "", ""
    from deltacloud.api.incoming import MOUNT  # noqa: PLC0415 - who shows no page need not load what makes them
    from deltacloud.api.pages import assets  # noqa: PLC0415

    base = escape(urlsplit(settings.public_url or "").path.rstrip("/"))
    style = f'<link rel="stylesheet" href="{base}{MOUNT}{assets.place("style.css")}">'
    return style, f'\n<p><a class="button" href="{base}/">All clouds</a></p>'


def html_page(
    status: int, title: str, content: str, headers: tuple[tuple[str, str], ...] = (), *, head: str = ""
) -> Reply:
    """A page of HTML.

    Args:
        status: Its status.
        title: Title and heading, as text.
        content: What follows the heading, as HTML.
        headers: Further headers.
        head: What its head holds besides, as HTML.
    """
    page = _PAGE.format(title=escape(title), content=content, head=head)
    return Reply(status, HTML, page.encode("utf-8", "replace"), headers)
