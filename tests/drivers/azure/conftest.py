"""Azurite, once for all tests of a process: two accounts, with keys of this run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from azureaccounts import AzureCloud, azure_cloud


@pytest.fixture(scope="session")
def azurite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AzureCloud]:
    """The emulator, and the accounts that it has."""
    with azure_cloud(tmp_path_factory.mktemp("azurite")) as cloud:
        yield cloud
