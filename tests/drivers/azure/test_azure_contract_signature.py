"""The driver of Azure keeps the contract with shared access signatures, against Azurite."""

from __future__ import annotations

import pytest

from azureaccounts import AzureCloud, new_key, signature
from deltacloud.testing import Backend, DriverContract

pytestmark = pytest.mark.doubles


@pytest.fixture(scope="module")
def backend(azurite: AzureCloud) -> Backend:
    signed = [(login[0], signature(login)) for login in azurite.logins]
    forged = (signed[0][0], signature((signed[0][0], new_key())))
    return azurite.backend(signed, forged)


class TestSignature(DriverContract):
    """Nothing that the driver has is left unchecked."""
