"""The driver of Azure keeps the contract, against Azurite."""

from __future__ import annotations

import pytest
from azure.storage.blob import BlobServiceClient

from azureaccounts import AzureCloud, new_key
from deltacloud.testing import Backend, DriverContract, Variant

pytestmark = pytest.mark.doubles


@pytest.fixture(scope="module")
def backend(azurite: AzureCloud) -> Backend:
    mine, other = azurite.logins
    past = BlobServiceClient(f"{azurite.url}/{mine[0]}", credential={"account_name": mine[0], "account_key": mine[1]})
    return Backend(
        driver="azure",
        provider=azurite.url,
        credentials=mine,
        other_credentials=other,
        wrong_credentials=(mine[0], new_key()),
        ids=lambda collection: [one.name for one in past.list_containers()] if collection == "buckets" else None,
        small_pages=Variant(settings={"page-size": 2}),
        page_size=2,
        endpoint=azurite.url,
        at=lambda url: Variant(provider=url),
    )


class TestKey(DriverContract):
    """With an account's key."""
