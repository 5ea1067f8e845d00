"""Which cloud a request means, and where its account is.

Source of the clouds' suffixes: https://learn.microsoft.com/azure/storage/common/storage-account-overview and the pages
of the sovereign clouds.
"""

from __future__ import annotations

from typing import NamedTuple

from deltacloud.context import Context
from deltacloud.models import Provider
from deltacloud.outbound import endpoints
from deltacloud.providers import Endpoints, ParsedProvider, Providers
from deltacloud_azure.names import account_name

DEFAULT_CLOUD = "core.windows.net"
"""The cloud of requests that name none; as the declared default it would be in answers, where the original had none."""
HOSTS = (
    "*.blob.core.windows.net",
    "*.blob.core.usgovcloudapi.net",
    "*.blob.core.chinacloudapi.cn",
    "*.blob.storage.azure.net",
)
"""Hosts of accounts; the last is that of accounts with a DNS zone of their own."""
_ROLE = "blob"


class Place(NamedTuple):
    """Where an account is.

    Attributes:
        url: The URL of its Blob service, without a slash at the end.
        named_by_account: Whether the account's name is a part of the host's, so that an unknown host is an unknown
            account.
    """

    url: str
    named_by_account: bool


def _endpoint(text: str) -> ParsedProvider:
    endpoint = endpoints.parse(text.rstrip("/"))
    if endpoint.path.count("/") > 1:
        raise ValueError("more than an account's name behind the host")
    return ParsedProvider(text=text, endpoints={_ROLE: endpoint.url})


PROVIDERS = Providers(
    names=(
        Provider(id=DEFAULT_CLOUD, name="Azure", aliases=("public", "AzureCloud")),
        Provider(id="core.usgovcloudapi.net", name="Azure US Government", aliases=("usgov", "AzureUSGovernment")),
        Provider(id="core.chinacloudapi.cn", name="Azure China", aliases=("china", "AzureChinaCloud")),
    ),
    endpoints=Endpoints(
        _endpoint,
        "https://myaccount.z01.blob.storage.azure.net or http://127.0.0.1:10000/devstoreaccount1",
        "A provider is one of core.windows.net, core.usgovcloudapi.net and core.chinacloudapi.cn, or the URL of an"
        " account's Blob service.",
    ),
)


def place_of(context: Context) -> Place:
    """Where the caller's account is.

    Without a provider it is in Azure's public cloud. An endpoint is the account's own, with its name in the host or
    behind it. An emulator's address alone will do: there the name is added.

    Raises:
        AuthenticationFailed: no account can have such a name.
    """
    account = account_name(context.credentials.username)
    url = context.provider.endpoints.get(_ROLE)
    if url is None:
        return Place(f"https://{account}.blob.{context.provider.name or DEFAULT_CLOUD}", named_by_account=True)
    endpoint = endpoints.parse(url)
    bare = not endpoint.path and (endpoints.literal(endpoint.host) is not None or endpoint.host == "localhost")
    return Place(f"{url}/{account}" if bare else url, named_by_account=False)
