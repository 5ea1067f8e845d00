"""Telling requests that a foreign page made a browser send from those that a person meant."""

from __future__ import annotations

from urllib.parse import urlsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}


def is_cross_site(sec_fetch_site: str | None, origin: str | None, referer: str | None, base_url: str) -> bool:
    """Whether a request comes from a page of another site; it may then not change anything, nor select a driver.

    Args:
        sec_fetch_site: ``Sec-Fetch-Site``. Where it is there, anything but ``same-origin`` and ``none`` is foreign.
        origin: ``Origin``, looked at without the former. ``null`` is foreign.
        referer: ``Referer``, looked at without the other two.
        base_url: Scheme, host and port that this request was sent to.

    Returns:
        False for requests with none of the headers: they come from no browser, or were typed.
    """
    if sec_fetch_site and sec_fetch_site.strip():
        return sec_fetch_site.strip().lower() not in ("same-origin", "none")
    source = (origin or "").strip() or (referer or "").strip()
    if not source:
        return False
    own = _origin(base_url)
    return own is None or _origin(source) != own


def _origin(url: str) -> tuple[str, str, int] | None:
    """Scheme, host and port; None for what has none."""
    try:
        parts = urlsplit(url)
        port = parts.port or _DEFAULT_PORTS.get(parts.scheme)
        host = parts.hostname
    except ValueError:
        return None
    if not host or port is None:
        return None
    return parts.scheme, host, port
