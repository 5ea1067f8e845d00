"""What a request says before any operation is known: its path, format, driver and provider, and where it comes from."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import falcon

from deltacloud.api.parsing.accept import error_format
from deltacloud.api.parsing.cross_site import is_cross_site
from deltacloud.api.parsing.paths import RawPath, parse_path
from deltacloud.api.parsing.uploads import Readable
from deltacloud.api.parsing.urlencoded import parse_query
from deltacloud.errors import ClientDisconnected, InvalidRequest
from deltacloud.kernel import ENVIRON_KEY, GatewaySettings, RequestRecord
from deltacloud.models import Pairs

if TYPE_CHECKING:
    from deltacloud.api.exchange import Exchange

MOUNT = "/api"
DRIVER = re.compile(r"[A-Za-z0-9_.-]{1,64}")
"""What a driver's name may look like."""
PROVIDER = re.compile(r"(?![^;]*//[^;]*@)(?!.*@.*[/:])[^\x00-\x1f\x7f?#]{1,2048}")
"""What a provider's may look like; a URL without user part, query and fragment, for these may hold passwords.

What follows the URL behind a semicolon may be a user's name with an at sign, as of oVirt's.
"""
_ALWAYS = frozenset({"format", "api[driver]", "api[provider]"})
"""What every operation understands."""
_SELECTORS = frozenset({"HTTP_X_DELTACLOUD_DRIVER", "HTTP_X_DELTACLOUD_PROVIDER"})
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_NO_ROW = "TRACE"
"""Stands for all the other methods: Falcon has answers of its own to some of them, and no path knows any."""


class Incoming(falcon.Request):
    """A request, with what the API reads from it first.

    :meth:`take_in` fills it in an order that errors can bear: whatever fails, the format and the names that an error
    document needs are there already.

    Attributes:
        record: What the server knows about the request.
        route: The path, parsed.
        query: The pairs of the query string.
        format_parameter: ``format`` out of the query string.
        error_format: The format of an error document.
        driver_name: The driver that the request selects; empty when there is none at all.
        provider_text: The provider that it names, as it was sent; None for none.
        chosen_by_url: Whether driver or provider were selected by the URL.
        cross_site: Whether a foreign page made a browser send it.
        exchange: What came of it, once its operation and driver are known; None before.
        held: A small form body, where that was read early to look for ``_method``; None else.
    """

    __slots__ = (
        "chosen_by_url",
        "cross_site",
        "driver_name",
        "error_format",
        "exchange",
        "format_parameter",
        "held",
        "provider_text",
        "query",
        "record",
        "route",
    )

    record: RequestRecord
    route: RawPath
    exchange: Exchange | None
    query: Pairs
    format_parameter: str | None
    error_format: str
    driver_name: str
    provider_text: str | None
    chosen_by_url: bool
    cross_site: bool
    held: bytes | None

    def __init__(self, env: dict[str, Any], options: falcon.RequestOptions | None = None) -> None:
        super().__init__(env, options)
        if self.method not in _METHODS:
            self.method = _NO_ROW

    def take_in(self, settings: GatewaySettings) -> None:
        """Read it.

        Raises:
            InvalidRequest: a malformed path or query string, or a selection header that was sent twice.
        """
        self.record = self.env[ENVIRON_KEY]
        self.held = None
        self.exchange = None
        self.route = RawPath((), (), trailing_slash=False, path=self.record.raw_path.partition(";")[0], canonical="/")
        self.query = ()
        self.format_parameter = None
        self.chosen_by_url = False
        self.driver_name, self.provider_text = settings.driver or "", None
        accept = self.env.get("HTTP_ACCEPT")
        self.error_format = error_format(accept, None)
        self.cross_site = is_cross_site(
            self.env.get("HTTP_SEC_FETCH_SITE"),
            self.env.get("HTTP_ORIGIN"),
            self.env.get("HTTP_REFERER"),
            self.record.base_url,
        )
        self.route = parse_path(self.record.raw_path)
        self.path = self.route.canonical
        query = self.env.get("QUERY_STRING", "")
        if query:
            self.query = parse_query(query)
            self.format_parameter = self.last("format")
            self.error_format = error_format(accept, self.format_parameter)
        self._select()
        self.record.driver, self.record.provider = self.driver_name, self.provider_text

    @property
    def body_length(self) -> int | None:
        """The length of the body in bytes; None when the client did not say (a chunked one)."""
        if "chunked" in self.env.get("HTTP_TRANSFER_ENCODING", "").lower():
            return None
        return self.content_length or 0

    @property
    def body(self) -> Readable:
        """The body, which raises ``ClientDisconnected`` when it ends early."""
        stream = self.env["wsgi.input"] if self.held is None else io.BytesIO(self.held)
        return CountedBody(stream, self.body_length)

    def last(self, name: str) -> str | None:
        """The value of a parameter of the query string, the last one if repeated; None if there is none."""
        return next((value for key, value in reversed(self.query) if key == name), None)

    def _select(self) -> None:
        driver, provider = self._header("DRIVER"), self._header("PROVIDER")
        if self.route.matrix or self.query:
            by_url = [self._by_url(name) for name in ("driver", "provider")]
            self.chosen_by_url = any(by_url)
            driver, provider = by_url[0] or driver, by_url[1] or provider
        if self.record.repeated & _SELECTORS:
            raise InvalidRequest("The driver or the provider was named more than once")
        if driver:
            self.driver_name = checked_name(driver, DRIVER, "driver").lower()
        if provider:
            self.provider_text = checked_name(provider, PROVIDER, "provider")

    @property
    def repeatable(self) -> Pairs:
        """What links may repeat of the query string: what the operation understands and is no secret."""
        declared = () if self.exchange is None else self.exchange.declared
        known = [one for one in declared if not one.secret]
        return tuple(pair for pair in self.query if pair[0] in _ALWAYS or any(one.matches(pair[0]) for one in known))

    def _header(self, name: str) -> str:
        """A selection header; an empty one counts as absent."""
        return str(self.env.get(f"HTTP_X_DELTACLOUD_{name}", "")).strip()

    def _by_url(self, name: str) -> str | None:
        """A matrix parameter on the ``api`` segment, or its long form in the query string."""
        return self.route.matrix_value(name) or self.last(f"api[{name}]") or None


def checked_name(text: str, pattern: re.Pattern[str], name: str) -> str:
    """A name that may stand in a header of the answer, and in what logs and pages say of the request.

    Raises:
        InvalidRequest: it is none.
    """
    # What the pattern must not find could be written with percent signs, and is read as such by whoever undoes them.
    if pattern.fullmatch(text) is None or pattern.fullmatch(unquote(text)) is None:
        raise InvalidRequest(f"No {name} has such a name", name)
    return text


class CountedBody:
    """A body whose bytes are counted: some servers report a client that broke off as a plain end."""

    __slots__ = ("_left", "_stream")

    def __init__(self, stream: Readable, length: int | None) -> None:
        self._stream = stream
        self._left = length

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes; none at the end.

        Raises:
            ClientDisconnected: the client broke off before it had sent what it announced.
        """
        if self._left is None:
            return self._stream.read(size)
        wanted = self._left if size < 0 else min(size, self._left)
        if not wanted:
            return b""
        chunk = self._stream.read(wanted)
        if not chunk:
            raise ClientDisconnected
        self._left -= len(chunk)
        return chunk
