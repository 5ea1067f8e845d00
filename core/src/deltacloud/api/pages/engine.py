"""Templates to pages: jinja2 with automatic escaping, so that no value can become markup."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

import jinja2

from deltacloud import API_VERSION
from deltacloud.api.pages import assets, tones, values
from deltacloud.api.pages.frame import Frame, frame_of
from deltacloud.api.pages.site import alternates
from deltacloud.api.representations.markup import legal

if TYPE_CHECKING:
    from deltacloud.api.incoming import Incoming


def render(
    template: str,
    request: Incoming,
    title: str,
    content: Mapping[str, object],
    *,
    own: str | None = None,
    formats: bool = False,
) -> bytes:
    """A whole page.

    Args:
        template: The template's name, without its suffix.
        request: Whom it answers.
        title: Title and heading.
        content: What the template shows.
        own: The path of what is shown, below the API, where that is not the request's own path and query.
        formats: Whether the same can be had in the formats for machines.
    """
    links = alternates(request, own) if formats else ()
    return framed(template, frame_of(request, own), title, {**content, "alternates": links})


def framed(template: str, frame: Frame, title: str, content: Mapping[str, object]) -> bytes:
    """A whole page in a frame that is known already."""
    page = _environment().get_template(f"{template}.html")
    context = {"alternates": (), **content, "frame": frame, "site": frame.site, "title": title}
    return legal(page.render(context)).encode()


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("deltacloud.api.pages"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals.update(
        api_version=API_VERSION,
        asset=assets.place,
        columns=values.columns,
        copied=values.COPIED,
        free=values.FREE,
        states=values.STATES,
        tone=tones.tone,
        without=values.without,
    )
    environment.filters.update(
        bytes=values.size,
        lower_words=values.phrase,
        measure=values.measure,
        moment=values.moment,
        quantity=values.quantity,
        sentence=values.sentence,
        words=values.words,
    )
    return environment
