"""How the endpoints of a private cloud are written: ``ec2=HOST[:PORT];s3=HOST[:PORT]``, and more exactly if need be."""

from __future__ import annotations

import re

from deltacloud.providers import Endpoints, Providers
from deltacloud_ec2.places import parser

_PORT = 8773
_PATHS = {
    "ec2": "/services/Eucalyptus",
    "s3": "/services/Walrus",
    "elb": "/services/LoadBalancing",
    "mon": "/services/CloudWatch",
}
"""Where the services of releases before 4 are; later ones answer there, too."""
_WRITTEN = re.compile(r"(?:(?P<scheme>https?)://)?(?P<host>\[[^\]/]*\]|[^:/\[\]]+)(?::(?P<port>\d+))?(?P<path>/.*)?")


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


PROVIDERS = Providers(
    endpoints=Endpoints(
        parse=parser(complete, roles=frozenset(_PATHS)),
        example="ec2=192.0.2.1:8773;s3=192.0.2.2:8773",
        error="A provider names the endpoints of a cloud: ec2=HOST[:PORT];s3=HOST[:PORT], perhaps elb, mon and region.",
    ),
    required=True,
)
"""There is no cloud to fall back on: without a provider nobody is asked."""
