"""The driver of Azure keeps the contract with an account's key, against Azurite."""

from __future__ import annotations

import pytest

from azureaccounts import AzureCloud, new_key
from deltacloud.testing import Backend, DriverContract

pytestmark = pytest.mark.doubles


@pytest.fixture(scope="module")
def backend(azurite: AzureCloud) -> Backend:
    return azurite.backend(azurite.logins, (azurite.logins[0][0], new_key()))


class TestKey(DriverContract):
    """Nothing that the driver has is left unchecked."""
