"""Versions of the service, against an Azurite that refuses those which it does not know."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from azureaccounts import AzureCloud, azure_cloud
from azurehooks import azure_hooks, everything
from azurite import AZURITE
from deltacloud.errors import BackendError, InvalidRequest
from emulators import Place

pytestmark = pytest.mark.doubles

KNOWN = ("2025-11-05", "2021-12-02", "2019-12-12")


def _strict(place: Place) -> list[str]:
    return [part for part in AZURITE.command(place) if part != "--skipApiVersionCheck"]


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AzureCloud]:
    with azure_cloud(tmp_path_factory.mktemp("strict"), replace(AZURITE, command=_strict)) as cloud:
        yield cloud


@pytest.mark.parametrize("version", KNOWN)
def test_every_request_is_as_a_known_version_has_it(strict: AzureCloud, version: str) -> None:
    with azure_hooks(strict.url, strict.logins[0], api_version=version) as hooks:
        everything(hooks, f"version-{version}")


def test_a_version_that_the_service_does_not_know_is_refused_as_such(strict: AzureCloud) -> None:
    with azure_hooks(strict.url, strict.logins[0]) as hooks, pytest.raises(InvalidRequest) as raised:
        hooks.call("get_bucket", bucket_id="box")
    assert raised.value.backend_code == "InvalidHeaderValue"


def test_a_version_that_the_sdk_does_not_know_is_the_operators_mistake(strict: AzureCloud) -> None:
    with (
        azure_hooks(strict.url, strict.logins[0], api_version="2999-01-01") as hooks,
        pytest.raises(BackendError, match="api-version"),
    ):
        hooks.call("get_bucket", bucket_id="box")
