"""The page of an error: what the cloud said, and what to do."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from deltacloud.api.incoming import MOUNT
from deltacloud.api.pages.advice import advice
from deltacloud.api.pages.engine import framed
from deltacloud.api.pages.forms import refused
from deltacloud.api.pages.frame import unread
from deltacloud.api.pages.site import Link, path_of, site_of, with_query

if TYPE_CHECKING:
    from deltacloud.api.incoming import Incoming
    from deltacloud.api.pages.frame import Frame
    from deltacloud.api.representations.errors import ErrorFacts
    from deltacloud.driver import CredentialFields

_REPEATABLE = frozenset({"GET", "HEAD"})


def error(facts: ErrorFacts, request: Incoming) -> bytes:
    """What went wrong and what to do: at the form that was sent, or on a page of its own; no secrets.

    Args:
        facts: What error documents say in any format.
        request: The request; no more of it is used than every request has, however malformed.
    """
    return refused(facts, request) or _page(facts, request)


def _page(facts: ErrorFacts, request: Incoming) -> bytes:
    """A page of its own."""
    frame = unread(request)
    content = {
        "facts": facts,
        "advice": advice(facts),
        "retry": _retry(facts, request),
        "back": _back(request),
        "list": _list(frame) if facts.status == HTTPStatus.NOT_FOUND else None,
        "credentials": _credentials(request) if facts.status == HTTPStatus.UNAUTHORIZED else None,
    }
    return framed("error", frame, f"{facts.status} - {HTTPStatus(facts.status).phrase}", content)


def _retry(facts: ErrorFacts, request: Incoming) -> str:
    """The same address again."""
    if request.method not in _REPEATABLE or not facts.url.startswith(MOUNT):
        return ""
    retry = site_of(request).path(facts.url.removeprefix(MOUNT))
    return with_query(retry, *request.repeatable) if request.repeatable else retry


def _list(frame: Frame) -> Link | None:
    """The list of what was looked for."""
    known = (one for group in frame.groups for one in group.collections)
    return next((Link(frame.site.path(f"/{one.name}"), one.title) for one in known if one.name == frame.place), None)


def _back(request: Incoming) -> Link | None:
    """The page that the request came from, if it is one of ours; what is in its query string stays out of links."""
    source = (request.env.get("HTTP_REFERER") or "").partition("?")[0].partition("#")[0]
    if request.cross_site or not site_of(request).owns(source) or request.method in _REPEATABLE:
        return None
    return Link(path_of(source), "Back")


def _credentials(request: Incoming) -> CredentialFields | None:
    """What the cloud calls its credentials."""
    return None if request.exchange is None else request.exchange.driver.kind.credentials
