"""Templates to pages: jinja2 with automatic escaping, so that no value can become markup."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import jinja2

from deltacloud.api.pages.site import Link, Site
from deltacloud.api.pages.values import FREE, columns, without, words
from deltacloud.api.representations.markup import legal


def render(
    template: str, site: Site, title: str, content: Mapping[str, object], *, alternates: Sequence[Link] = ()
) -> bytes:
    """A whole page.

    Args:
        template: The template's name, without its suffix.
        site: Where links go.
        title: Title and heading.
        content: What the template shows.
        alternates: The same in other formats.
    """
    page = _environment().get_template(f"{template}.html")
    return legal(page.render(content, site=site, title=title, alternates=alternates)).encode()


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
    environment.globals.update(columns=columns, free=FREE, without=without)
    environment.filters["words"] = words
    return environment
