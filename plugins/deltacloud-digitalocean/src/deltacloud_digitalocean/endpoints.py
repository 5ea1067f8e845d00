"""Providers: a region by its slug, or the endpoints of another installation."""

from __future__ import annotations

import re

from deltacloud.outbound import endpoints
from deltacloud.providers import Endpoints, ParsedProvider, Providers
from deltacloud_ec2.endpoints import parser

API = "api"
SPACES = "spaces"
_SLUG = re.compile(r"[a-z]{3}[0-9]{1,2}", re.ASCII)
_PARTS = re.compile(r"\s*[a-z]+\s*=", re.ASCII)


def _complete(_role: str, value: str) -> str:
    return endpoints.parse(value.rstrip("/")).url


_read_parts = parser(_complete, roles=frozenset({API, SPACES}))


def installation(text: str) -> ParsedProvider:
    """A provider that is the URL of another server with the same API, or names the endpoints of both services.

    Args:
        text: ``URL``, or ``api=URL;spaces=URL;region=SLUG``, of which any part may be missing but one of the URLs.

    Raises:
        ValueError: it is written in another way.
    """
    if _PARTS.match(text):
        return _read_parts(text)
    return endpoints.installation(text)


def region_of(provider: ParsedProvider) -> str | None:
    """The region that a provider names; None if it is no region's slug, or says nothing of one."""
    named = provider.name or provider.options.get("region")
    return named if named is not None and is_slug(named) else None


def is_slug(text: str) -> bool:
    """Whether a region's slug looks so; it becomes a part of a host's name."""
    return _SLUG.fullmatch(text) is not None


PROVIDERS = Providers(
    pattern=r"[A-Za-z0-9_-]+",
    endpoints=Endpoints(
        installation,
        "https://digitalocean.example.com",
        "A provider is a region's slug, the URL of a server with DigitalOcean's API, or api=URL;spaces=URL;region=SLUG"
        "; any other word is ignored.",
    ),
)
