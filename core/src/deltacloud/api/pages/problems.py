"""The page of an error."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from deltacloud.api.incoming import MOUNT
from deltacloud.api.pages.engine import render
from deltacloud.api.pages.site import site_of, with_query

if TYPE_CHECKING:
    from deltacloud.api.incoming import Incoming
    from deltacloud.api.representations.errors import ErrorFacts

_REPEATABLE = frozenset({"GET", "HEAD"})


def error(facts: ErrorFacts, request: Incoming) -> bytes:
    """What went wrong, and a link to try again, without secrets, where the request only read something.

    Args:
        facts: What error documents say in any format.
        request: The request; no more of it is used than every request has, however malformed.
    """
    site = site_of(request)
    retry = ""
    if request.method in _REPEATABLE and facts.url.startswith(MOUNT):
        retry = site.path(facts.url.removeprefix(MOUNT))
        if request.repeatable:
            retry = with_query(retry, *request.repeatable)
    title = f"{facts.status} - {HTTPStatus(facts.status).phrase}"
    return render("error", site, title, {"facts": facts, "retry": retry})
