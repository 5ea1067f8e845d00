"""The one grammar for URLs of endpoints: parsed once, rebuilt, and only the rebuilt form goes on.

Libraries disagree about odd spellings: full-width digits, percent-encoded hosts, backslashes, user parts and tabs lead
some of them to one host and some to another. What this grammar lets pass, all read alike.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

from deltacloud.outbound.addresses import Address
from deltacloud.providers import ParsedProvider

_DEFAULT_PORTS = {"http": 80, "https": 443}
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = rf"{_LABEL}(?:\.{_LABEL})*"
_AUTHORITY = (
    rf"(?P<scheme>https?)://(?:(?P<host>{_HOST})|\[(?P<v6>[0-9a-f:.]{{2,45}})\])(?::(?P<port>[1-9][0-9]{{0,4}}))?"
)
_ENDPOINT = re.compile(rf"{_AUTHORITY}(?P<path>(?:/[A-Za-z0-9._~!$&'()*+,;=:-]*)*)", re.ASCII)
_ORIGIN = re.compile(rf"{_AUTHORITY}(?=[/?#]|\Z)", re.ASCII)
_SCHEME_AND_AUTHORITY = re.compile(r"[^/?#]*(?://[^/?#]*)?", re.ASCII)
_LONGEST_HOST = 253
_LAST_PORT = 65535


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a service is.

    Attributes:
        scheme: ``http`` or ``https``.
        host: A name in lower case, or an address; an IPv6 address has no brackets.
        port: Always given, the scheme's own if the URL had none.
        path: Empty, or begins with a slash.
    """

    scheme: str
    host: str
    port: int
    path: str = ""

    @property
    def url(self) -> str:
        """The endpoint, rebuilt: what an SDK may be handed."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _DEFAULT_PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.path}"

    @property
    def origin(self) -> tuple[str, int]:
        """Host and port: what the guard judges."""
        return self.host, self.port


def parse(url: str) -> Endpoint:
    """The endpoint that a URL names.

    ASCII only: ``http`` or ``https``; a host of letters, digits and hyphens without a dot at its end, or an IPv6
    address in brackets without a zone; perhaps a port; perhaps a path without empty or dot segments. No user part, no
    query, no fragment, no percent sign, no backslash.

    Raises:
        ValueError: it is written in any other way. The message does not repeat it.
    """
    match = _ENDPOINT.fullmatch(_lower_authority(url))
    if match is None:
        raise ValueError("not a plain http or https URL")
    path = match["path"]
    segments = path.split("/")[1:]
    if any(segment in {".", ".."} for segment in segments) or "" in segments[:-1]:
        raise ValueError("the URL's path has empty or dot segments")
    return _endpoint(match, path)


def installation(text: str) -> ParsedProvider:
    """A provider that is the URL of an installation, in the role ``api``: for :class:`~deltacloud.providers.Endpoints`.

    Raises:
        ValueError: it is no URL that :func:`parse` knows; a slash at its end does not count.
    """
    return ParsedProvider(text=text, endpoints={"api": parse(text.removesuffix("/")).url})


def parse_origin(url: str) -> Endpoint:
    """Scheme, host and port of a URL whose path and query may be anything; the result has no path.

    Raises:
        ValueError: the part before the path breaks the grammar of :func:`parse`.
    """
    match = _ORIGIN.match(_lower_authority(url))
    if match is None:
        raise ValueError("not a plain http or https URL")
    return _endpoint(match, "")


def check_host(text: str) -> str:
    """A host by itself, in the form that :class:`Endpoint` has; an IPv6 address may have brackets.

    Raises:
        ValueError: it is neither a host name nor an address.
    """
    if ":" in text:
        bracketed = text.startswith("[") and text.endswith("]")
        return str(_version_6(text[1:-1] if bracketed else text))
    host = text.lower()
    if not text.isascii() or len(host) > _LONGEST_HOST or re.fullmatch(_HOST, host) is None:
        raise ValueError("not a host name")
    return host


def check_port(port: int) -> int:
    """A port by itself.

    Raises:
        ValueError: there is no such port.
    """
    if not 0 < port <= _LAST_PORT:
        raise ValueError(f"ports are from 1 to {_LAST_PORT}")
    return port


def check_label(text: str) -> str:
    """A part that is composed into a host name (a region, an account), in lower case.

    Raises:
        ValueError: it is not one label of letters, digits and hyphens: it could name another host.
    """
    label = text.lower()
    if not text.isascii() or re.fullmatch(_LABEL, label) is None:
        raise ValueError("not a part of a host name")
    return label


def literal(host: str) -> Address | None:
    """The address that a host is written as; None for a name, which only resolving tells more about."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _lower_authority(url: str) -> str:
    """The URL with scheme and host in lower case; not by ``str.lower`` of other letters, which can yield ASCII."""
    authority = _SCHEME_AND_AUTHORITY.match(url)
    end = authority.end() if authority else 0
    return url[:end].lower() + url[end:] if url[:end].isascii() else ""


def _endpoint(match: re.Match[str], path: str) -> Endpoint:
    scheme = match["scheme"]
    host = match["host"] if match["v6"] is None else str(_version_6(match["v6"]))
    if len(host) > _LONGEST_HOST:
        raise ValueError("the URL's host is too long")
    port = _DEFAULT_PORTS[scheme] if match["port"] is None else int(match["port"])
    return Endpoint(scheme, host, check_port(port), path)


def _version_6(text: str) -> ipaddress.IPv6Address:
    if "%" in text:
        raise ValueError("an address with a zone")
    return ipaddress.IPv6Address(text)
