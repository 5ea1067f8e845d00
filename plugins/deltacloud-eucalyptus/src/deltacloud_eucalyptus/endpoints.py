"""How the endpoints of a private cloud are written: ``ec2=HOST[:PORT];s3=HOST[:PORT]``, and more exactly if need be."""

from __future__ import annotations

import re
from collections.abc import Mapping

from deltacloud.errors import InvalidRequest
from deltacloud.models import Provider
from deltacloud.providers import Endpoints, ParsedProvider, Providers
from deltacloud_ec2.endpoints import parser

_PORT = 8773
_PATHS = {
    "ec2": "/services/Eucalyptus",
    "s3": "/services/Walrus",
    "elb": "/services/LoadBalancing",
    "mon": "/services/CloudWatch",
}
"""Where the services of releases before 4 are; later ones answer there, too."""
_WRITTEN = re.compile(
    r"(?:(?P<scheme>https?)://)?(?P<host>\[[^\]/]*\]|[A-Za-z0-9.-]+)(?::(?P<port>\d+))?(?P<path>/.*)?"
)


def complete(role: str, value: str) -> str:
    """The whole URL of a service; a part that is missing is the usual one.

    Args:
        role: The word for the service.
        value: What the provider's text has for it: ``[SCHEME://]HOST[:PORT][/PATH]``.

    Raises:
        ValueError: it is written in another way.
    """
    found = _WRITTEN.fullmatch(value)
    if found is None:
        raise ValueError("not [http|https://]HOST[:PORT][/PATH]")
    path = _PATHS[role] if found["path"] is None else found["path"].rstrip("/")
    return f"{found['scheme'] or 'http'}://{found['host']}:{found['port'] or _PORT}{path}"


_FORM = "ec2=EUCALYPTUS_IP[:PORT];s3=WALRUS_IP[:PORT]"
_ERROR = "A provider names the endpoints of a cloud: ec2=HOST[:PORT];s3=HOST[:PORT], perhaps elb, mon and region."
_EXAMPLE = "ec2=192.0.2.1:8773;s3=192.0.2.2:8773"
PROVIDERS = Providers(
    names=(Provider(id="default", entry_points=(("default", _FORM),)),),
    endpoints=Endpoints(parse=parser(complete, roles=frozenset(_PATHS)), example=_EXAMPLE, error=_ERROR),
)


def endpoints_of(provider: ParsedProvider) -> Mapping[str, str]:
    """The endpoints that a call's provider names.

    Raises:
        InvalidRequest: it names none. There is no cloud to fall back on, so nobody is asked.
    """
    if not provider.endpoints:
        raise InvalidRequest(f"{_ERROR} Example: {_EXAMPLE}", "provider")
    return provider.endpoints
