"""Where Amazon's services are: regions, their hosts, and endpoints that stand in for them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from deltacloud.errors import CapabilityMissing
from deltacloud.models import Provider
from deltacloud.providers import Endpoints, ParsedProvider, Providers

ROLES: Mapping[str, str] = {
    "ec2": "ec2",
    "s3": "s3",
    "elb": "elb",
    "elbv2": "elb",
    "cloudwatch": "mon",
    "ssm": "ssm",
}
"""The word for an endpoint in a provider's text, by the service's name in botocore; both load balancings share one."""
DEFAULT_REGION = "us-east-1"

_HOST_PREFIXES = {
    "ec2": "ec2", "elb": "elasticloadbalancing", "mon": "monitoring", "s3": "s3", "ssm": "ssm",
}  # fmt: skip
REGIONS = (
    "us-east-1", "us-east-2", "us-west-1", "us-west-2", "af-south-1", "ap-east-1", "ap-east-2", "ap-northeast-1",
    "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-south-2", "ap-southeast-1", "ap-southeast-2",
    "ap-southeast-3", "ap-southeast-4", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7", "ca-central-1",
    "ca-west-1", "eu-central-1", "eu-central-2", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-2",
    "eu-west-3", "il-central-1", "me-central-1", "me-south-1", "mx-central-1", "sa-east-1", "us-gov-east-1",
    "us-gov-west-1", "cn-north-1", "cn-northwest-1",
)  # fmt: skip
"""The regions that anybody can get an account for; later ones are found by their form."""
REGION = r"[a-z]{2,4}(-[a-z]{2,12}){1,3}-[0-9]{1,2}"
"""The form of a region's name."""
HOSTS = (
    *(f"{prefix}.*.amazonaws.com" for prefix in _HOST_PREFIXES.values()),
    *(f"{prefix}.*.amazonaws.com.cn" for prefix in _HOST_PREFIXES.values()),
    "*.s3.*.amazonaws.com",
    "*.s3.*.amazonaws.com.cn",
    "*.s3express-*.*.amazonaws.com",
)
"""Amazon's own hosts; a bucket is a label in front of the host of S3, or of a zone's S3."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where one service is, and how requests to it are signed: what a client is built for.

    Attributes:
        service: Its name in botocore.
        region: The region that signatures name.
        endpoint: Its URL; None lets botocore find Amazon's own in the region.
        signed: Whether requests are signed.
    """

    service: str
    region: str
    endpoint: str | None = None
    signed: bool = True


def place_of(provider: ParsedProvider, service: str) -> Place:
    """Where a service of this provider is.

    Raises:
        CapabilityMissing: the provider is a list of endpoints, and has none for this service.
    """
    if not provider.endpoints:
        return Place(service, provider.name or DEFAULT_REGION)
    role = ROLES[service]
    endpoint = provider.endpoints.get(role)
    if endpoint is None:
        raise CapabilityMissing(f"The provider names no endpoint for this: {role}=URL is missing")
    return Place(service, provider.options.get("region", DEFAULT_REGION), endpoint)


def parser(
    complete: Callable[[str, str], str],
    *,
    roles: frozenset[str] = frozenset(ROLES.values()),
    options: Mapping[str, str] = MappingProxyType({}),
) -> Callable[[str], ParsedProvider]:
    """Makes the reader of provider texts such as ``ec2=URL;s3=URL;region=NAME``.

    Args:
        complete: Given a role and what was written for it, the whole URL.
        roles: The words for endpoints.
        options: Further words, and the form of what may follow them; ``region`` is always known.
    """
    forms = {"region": r"[a-z0-9-]{1,40}", **options}

    def parse(text: str) -> ParsedProvider:
        endpoints: dict[str, str] = {}
        further: dict[str, str] = {}
        for part in filter(None, map(str.strip, text.split(";"))):
            key, _, value = map(str.strip, part.partition("="))
            if not value or key in endpoints or key in further:
                raise ValueError("a part has no value, or is there twice")
            if key in roles:
                endpoints[key] = complete(key, value)
            elif key in forms and re.fullmatch(forms[key], value):
                further[key] = value
            else:
                raise ValueError("a part is not known")
        if not endpoints:
            raise ValueError("there is no endpoint")
        return ParsedProvider(text=text, endpoints=endpoints, options=further)

    return parse


def as_written(_role: str, value: str) -> str:
    """An endpoint as it is written, if it is a URL."""
    if "://" not in value:
        raise ValueError("an endpoint is a URL")
    return value


def _hosts(region: str) -> tuple[tuple[str, str], ...]:
    suffix = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    return tuple((role, f"{prefix}.{region}.{suffix}") for role, prefix in _HOST_PREFIXES.items() if role != "ssm")


PROVIDERS = Providers(
    names=tuple(Provider(id=region, name=region, entry_points=_hosts(region)) for region in REGIONS),
    pattern=REGION,
    endpoints=Endpoints(
        parse=parser(as_written),
        example="ec2=http://127.0.0.1:5000;s3=http://127.0.0.1:5000;region=us-east-1",
        error="A provider is a region of Amazon's, or a list of endpoints: ec2, s3, elb, mon, ssm, and perhaps region.",
    ),
)
"""A region, or endpoints of something that stands in for Amazon's services; without one, the first region."""
