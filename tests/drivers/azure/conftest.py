"""What the tests of Azure's driver share: Azurite, and a Blob service in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from apiclient import Client
from azureaccounts import AzureCloud, azure_cloud, new_key
from azurehooks import azure_api
from blobservice import BlobService
from deltacloud.testing.wsgi import Answer
from loopback import Backend

Api = Callable[..., Answer]


@pytest.fixture(scope="session")
def azurite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AzureCloud]:
    """The emulator, with two accounts whose keys are of this run."""
    with azure_cloud(tmp_path_factory.mktemp("azurite")) as cloud:
        yield cloud


@pytest.fixture(scope="module")
def api(azurite: AzureCloud) -> Api:
    """The gateway's API in front of Azurite, called as the first account unless told otherwise."""
    client: Client = azure_api(azurite.url)

    def call(method: str, path: str, *arguments: object, **options: object) -> Answer:
        return client(method, path, *arguments, **{"user": azurite.logins[0], **options})  # type: ignore[arg-type]

    return call


@pytest.fixture
def service() -> Iterator[tuple[BlobService, str]]:
    """A Blob service in this process with one account, ``account``, and where it is."""
    made = BlobService({"account": new_key()})
    server = Backend(made.answer)
    yield made, server.url()
    server.close()
