"""Which account a request means: clouds, endpoints and emulators."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from azureaccounts import new_key
from deltacloud.context import Context
from deltacloud.errors import Forbidden, InvalidRequest
from deltacloud_azure.client import Account
from deltacloud_azure.endpoints import HOSTS, PROVIDERS, place_of
from loopback import Outside

PUBLIC = "https://account.blob.core.windows.net"
PLACES = {
    None: PUBLIC,
    "core.windows.net": PUBLIC,
    "Core.Windows.NET": PUBLIC,
    "public": PUBLIC,
    "AzureCloud": PUBLIC,
    "usgov": "https://account.blob.core.usgovcloudapi.net",
    "core.usgovcloudapi.net": "https://account.blob.core.usgovcloudapi.net",
    "china": "https://account.blob.core.chinacloudapi.cn",
    "core.chinacloudapi.cn": "https://account.blob.core.chinacloudapi.cn",
    "https://account.z01.blob.storage.azure.net": "https://account.z01.blob.storage.azure.net",
    "https://files.example.com/": "https://files.example.com",
    "HTTPS://Files.Example.COM:443": "https://files.example.com",
    "http://127.0.0.1:10000/devstoreaccount1": "http://127.0.0.1:10000/devstoreaccount1",
    "http://127.0.0.1:10000": "http://127.0.0.1:10000/account",
    "http://localhost:10000/": "http://localhost:10000/account",
    "http://[::1]:10000": "http://[::1]:10000/account",
    "http://azurite:10000/account": "http://azurite:10000/account",
}
"""Where the account ``account`` is, by the provider that a request names."""


@pytest.fixture
def outside() -> Iterator[Outside]:
    outside = Outside()
    yield outside
    outside.close()


def _context(outside: Outside, provider: str | None, allow: tuple[str, ...] | None = None) -> Context:
    context = outside.context(outside.way(hosts=HOSTS, allow=allow), user="account", password=new_key())
    context.provider = PROVIDERS.resolve(provider)
    return context


@pytest.mark.parametrize("provider", PLACES)
def test_an_account_is_where_its_provider_says(outside: Outside, provider: str | None) -> None:
    context = _context(outside, provider, ("*", "127.0.0.0/8", "::1"))
    assert place_of(context).url == PLACES[provider]
    for client in (Account(context, None).service(), Account(context, None).container("box")):
        assert client.url.rstrip("/").removesuffix("/box") == PLACES[provider]
        assert client.account_name == "account"


@pytest.mark.parametrize(
    "provider",
    ["core.windows.com", "windows.net", "https://a/b/c", "https://user@host", "ftp://host", "https://host?sv=1",
     "https://{account}.host", "account.blob.core.windows.net", "https://host/../x", "http://host:99999"],
)  # fmt: skip
def test_what_is_no_cloud_and_no_endpoint_is_refused_with_an_example(provider: str) -> None:
    with pytest.raises(InvalidRequest, match=r"Example: https://myaccount\.z01"):
        PROVIDERS.resolve(provider)


@pytest.mark.parametrize("provider", [one for one in PLACES if one is None or "://" not in one or "azure.net" in one])
def test_the_clouds_own_hosts_are_open_to_everybody(outside: Outside, provider: str | None) -> None:
    Account(_context(outside, provider), None)


@pytest.mark.parametrize("provider", [one for one in PLACES if one and "://" in one and "azure.net" not in one])
def test_any_other_endpoint_needs_the_operators_leave(outside: Outside, provider: str) -> None:
    with pytest.raises(Forbidden):
        Account(_context(outside, provider), None)
