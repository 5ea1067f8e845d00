"""Where the links of a page go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deltacloud.api.incoming import MOUNT, Incoming
from deltacloud.api.parsing.percent import segment

if TYPE_CHECKING:
    from collections.abc import Mapping

_SELECTORS = ("driver", "provider")
_OF_ONE_FORMAT = frozenset({"format", "marker"})
_ALTERNATES = (("xml", "XML"), ("json", "JSON"))


@dataclass(frozen=True, slots=True)
class Link:
    """A link and its text."""

    url: str
    text: str


@dataclass(frozen=True, slots=True)
class Site:
    """The API as one page sees it: every link on the page is made here.

    Attributes:
        api: The absolute URL of the API.
        selection: What follows it when the request chose driver or provider by URL.
        driver: The request's driver.
        provider: Its provider; empty for none.
    """

    api: str
    selection: str
    driver: str
    provider: str

    def path(self, path: str) -> str:
        """The URL of an encoded path below the API, such as ``/instances``."""
        return f"{self.api}{self.selection}{path}"

    def link(self, url: str) -> str:
        """A URL as XML and JSON have it, with this page's selection; foreign ones are returned as they are."""
        return self.path(url.removeprefix(self.api)) if self.owns(url) else url

    def owns(self, url: str) -> bool:
        """Whether a URL leads into this API."""
        return url == self.api or url.startswith((f"{self.api}/", f"{self.api};", f"{self.api}?"))

    def target(self, value: Mapping[str, object]) -> str:
        """Where a JSON object leads that has an ``href`` into this API; empty for any other object."""
        url = value.get("href")
        return self.link(url) if isinstance(url, str) and self.owns(url) else ""


def site_of(request: Incoming) -> Site:
    """The site of a request, whatever is known of it."""
    api = request.record.base_url + MOUNT
    return Site(api, selection(request), request.driver_name, request.provider_text or "")


def selection(request: Incoming) -> str:
    """The matrix parameters that keep the driver and provider which a request chose by its URL; "" if it chose none."""
    if not request.chosen_by_url:
        return ""
    chosen = ((name, request.route.matrix_value(name) or request.last(f"api[{name}]")) for name in _SELECTORS)
    refused = () if request.provider_text else ("provider",)
    return "".join([f";{name}={segment(value)}" for name, value in chosen if value and name not in refused])


def place(path: str, fields: Mapping[str, str]) -> str:
    """A row's path with its fields filled in and encoded."""
    parts = path.split("/")
    return "/".join([segment(fields[part[1:-1]]) if part.startswith("{") else part for part in parts])


def alternates(request: Incoming, path: str | None = None) -> tuple[Link, ...]:
    """The same page in the formats for machines.

    Args:
        request: The page's request.
        path: The path of what is shown, below the API, where that is not the request's own path and query.
    """
    site = site_of(request)
    left_out = _OF_ONE_FORMAT | {f"api[{name}]" for name in _SELECTORS}
    pairs = () if path is not None else tuple(pair for pair in request.repeatable if pair[0] not in left_out)
    url = site.path(request.path.removeprefix(MOUNT) if path is None else path)
    return tuple(Link(with_query(url, *pairs, ("format", name)), text) for name, text in _ALTERNATES)


def with_query(url: str, *pairs: tuple[str, str]) -> str:
    """A URL with these pairs added to its query string."""
    return f"{url}{'&' if '?' in url else '?'}{_query(pairs)}"


def _query(pairs: tuple[tuple[str, str], ...]) -> str:
    return "&".join([f"{_quoted(name)}={_quoted(value)}" for name, value in pairs])


def _quoted(text: str) -> str:
    return segment(text).replace("+", "%2B")
