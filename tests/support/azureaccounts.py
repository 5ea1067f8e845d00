"""Azurite with accounts of a test's own, and what is asked of it past the driver."""

from __future__ import annotations

import base64
import contextlib
import secrets
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeAlias

import requests
from azure.core.pipeline.transport import RequestsTransport
from azure.storage.blob import AccountSasPermissions, BlobServiceClient, ResourceTypes, generate_account_sas

from azurite import AZURITE
from deltacloud.testing import Backend, Variant
from emulators import Emulator, running

Login: TypeAlias = tuple[str, str]
"""An account, and its key or a signature."""
PERMISSIONS = "rwdlac"
"""All that the driver needs, in the letters of signatures."""


def new_key() -> str:
    """A key as Azure makes them: 64 random bytes in base64."""
    return base64.b64encode(secrets.token_bytes(64)).decode()


def signature(login: Login, permissions: str = PERMISSIONS, *, days: float = 1) -> str:
    """A shared access signature for all of an account.

    Args:
        login: The account and its key.
        permissions: What it permits.
        days: When it expires, from now on; in the past if negative.
    """
    return generate_account_sas(
        login[0],
        login[1],
        ResourceTypes(service=True, container=True, object=True),
        AccountSasPermissions.from_string(permissions),  # type: ignore[no-untyped-call]
        datetime.now(UTC) + timedelta(days=days),
    )


@dataclass(frozen=True)
class AzureCloud:
    """A running emulator.

    Attributes:
        url: Where it is; an account is below it.
        accounts: Keys by accounts' names.
        session: What the SDK's own clients send over.
    """

    url: str
    accounts: dict[str, str] = field(repr=False)
    session: requests.Session = field(repr=False)

    @property
    def logins(self) -> list[Login]:
        """Account and key of each."""
        return list(self.accounts.items())

    def past(self, login: Login) -> BlobServiceClient:
        """The SDK's own client of an account, past the driver."""
        named_key = {"account_name": login[0], "account_key": login[1]}
        transport = RequestsTransport(session=self.session, session_owner=False)
        return BlobServiceClient(f"{self.url}/{login[0]}", credential=named_key, transport=transport)

    def backend(self, logins: list[Login], wrong: Login) -> Backend:
        """What the kit is told.

        Args:
            logins: Of both accounts.
            wrong: One that is refused.
        """
        past = self.past(self.logins[0])

        def ids(collection: str) -> Collection[str] | None:
            return [one.name for one in past.list_containers()] if collection == "buckets" else None

        return Backend(
            driver="azure",
            provider=self.url,
            credentials=logins[0],
            other_credentials=logins[1],
            wrong_credentials=wrong,
            ids=ids,
            small_pages=Variant(settings={"page-size": 2}),
            page_size=2,
            endpoint=self.url,
            at=lambda url: Variant(provider=url),
        )


@contextlib.contextmanager
def azure_cloud(folder: Path, emulator: Emulator = AZURITE) -> Iterator[AzureCloud]:
    """The emulator, with two accounts."""
    accounts = {name: new_key() for name in ("firstaccount", "secondaccount")}
    environment = {"AZURITE_ACCOUNTS": ";".join(f"{name}:{key}" for name, key in accounts.items())}
    with running(emulator, folder, environment) as place, requests.Session() as session:
        yield AzureCloud(place.url, accounts, session)
