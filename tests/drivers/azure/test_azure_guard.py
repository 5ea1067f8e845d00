"""The guard's table through the SDK's transport, as the driver sets it up."""

from __future__ import annotations

import pytest
from azure.core.exceptions import AzureError

import guardtable
from azureaccounts import new_key
from deltacloud.context import Context, Credentials
from deltacloud.errors import InvalidRequest
from deltacloud.secret import Secret
from deltacloud_azure.client import Account
from deltacloud_azure.endpoints import PROVIDERS
from deltacloud_azure.errors import translate
from guardtable import Row, Target

pytestmark = pytest.mark.thorough

PLACES = [
    row for row in guardtable.ROWS if row.provider and (row.named_by or getattr(row.earlier, "named_by", None)) is None
]
"""What a client can name as a provider; Azure's answers name no other endpoints."""
SPELLINGS = [row for row in guardtable.ROWS if row.url and not row.provider]


def ask(context: Context, target: Target) -> None:
    context.provider = PROVIDERS.resolve(target.url)
    context._credentials = Credentials("account", Secret(new_key()))
    try:
        Account(context, None).container("box").get_container_properties()
    except AzureError as error:
        raise translate(error) or error from None


@pytest.mark.parametrize("row", PLACES, ids=str)
def test_the_sdk_reaches_what_the_table_says(row: Row) -> None:
    guardtable.verify(row, ask)


@pytest.mark.parametrize("row", SPELLINGS, ids=str)
def test_what_no_endpoint_is_spelled_like_is_no_provider(row: Row) -> None:
    with pytest.raises(InvalidRequest):
        PROVIDERS.resolve(row.url.replace("{port}", "8000"))
