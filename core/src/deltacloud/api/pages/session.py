"""The page of who has signed out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deltacloud.api.pages.engine import render
from deltacloud.api.pages.site import site_of, with_query

if TYPE_CHECKING:
    from deltacloud.api.incoming import Incoming


def signed_out(request: Incoming) -> bytes:
    """What to do now: sign in as someone else, or make sure that the browser has forgotten the last one."""
    left = request.last("user") or ""
    again = with_query(site_of(request).path("/sign-out"), ("user", left), ("again", "yes"))
    return render("signed_out", request, "You are signed out", {"again": again})
