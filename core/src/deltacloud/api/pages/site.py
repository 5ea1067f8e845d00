"""Where the links of a page go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deltacloud.api.incoming import MOUNT, Incoming
from deltacloud.api.parsing.percent import segment

if TYPE_CHECKING:
    from collections.abc import Mapping

_SELECTORS = ("driver", "provider")
_SELECTED = frozenset(f"api[{name}]" for name in _SELECTORS)
_OF_ONE_FORMAT = ("format", "marker")
FIND, SORT, PAGE = "find", "sort", "page"
"""What pages of lists add to the query string: what to look for, the column to sort by, the number of the page."""
OF_LISTS = (FIND, SORT, PAGE)
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
        """The address of an encoded path below the API, such as ``/instances``, without scheme and host."""
        return f"{self.base}{self.selection}{path}"

    @property
    def base(self) -> str:
        """The path of the API, without scheme and host."""
        return path_of(self.api)

    @property
    def front(self) -> str:
        """The address of the front page, where all clouds are."""
        return self.base.removesuffix(MOUNT) + "/"

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


def path_of(url: str) -> str:
    """The path of an absolute URL."""
    return "/" + url.partition("//")[2].partition("/")[2]


def own_address(request: Incoming, path: str | None = None) -> str:
    """The address at which what a page shows can be read again.

    Args:
        request: The page's request.
        path: The path of what is shown, below the API, where that is not the request's own path and query.
    """
    url = site_of(request).path(request.path.removeprefix(MOUNT) if path is None else path)
    own = tuple((name, value) for name in OF_LISTS if (value := request.last(name)))
    pairs = () if path is not None else (*left(request), *own)
    return with_query(url, *pairs) if pairs else url


def left(request: Incoming, *without: str) -> tuple[tuple[str, str], ...]:
    """The pairs of the query string that links on a page repeat."""
    return tuple(pair for pair in request.repeatable if pair[0] not in _SELECTED and pair[0] not in without)


def place(path: str, fields: Mapping[str, str]) -> str:
    """A row's path with its fields filled in and encoded."""
    parts = path.split("/")
    return "/".join([segment(fields[part[1:-1]]) if part.startswith("{") else part for part in parts])


def folders(site: Site, bucket_id: str, name: str) -> list[Link]:
    """The way to a blob, or to a folder: the bucket, then each folder that the name goes through."""
    here = site.path(place("/buckets/{id}", {"id": bucket_id}))
    links = [Link(here, f"Bucket {bucket_id}")]
    parts = name.split("/")[:-1]
    for depth, part in enumerate(parts, 1):
        links.append(Link(with_query(here, ("prefix", "/".join(parts[:depth]) + "/")), part))
    return links


def alternates(request: Incoming, path: str | None = None) -> tuple[Link, ...]:
    """The same page in the formats for machines.

    Args:
        request: The page's request.
        path: The path of what is shown, below the API, where that is not the request's own path and query.
    """
    site = site_of(request)
    pairs = () if path is not None else left(request, *_OF_ONE_FORMAT)
    url = site.path(request.path.removeprefix(MOUNT) if path is None else path)
    return tuple(Link(with_query(url, *pairs, ("format", name)), text) for name, text in _ALTERNATES)


def with_query(url: str, *pairs: tuple[str, str]) -> str:
    """A URL with these pairs added to its query string."""
    return f"{url}{'&' if '?' in url else '?'}{_query(pairs)}"


def _query(pairs: tuple[tuple[str, str], ...]) -> str:
    return "&".join([f"{_quoted(name)}={_quoted(value)}" for name, value in pairs])


def _quoted(text: str) -> str:
    return segment(text).replace("+", "%2B")
