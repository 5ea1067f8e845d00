"""Azurite with two accounts, and what the driver's tests know about them."""

from __future__ import annotations

import base64
import contextlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from azurite import AZURITE
from emulators import running


def new_key() -> str:
    """A key as Azure makes them: 64 random bytes in base64."""
    return base64.b64encode(secrets.token_bytes(64)).decode()


@dataclass(frozen=True)
class AzureCloud:
    """A running emulator.

    Attributes:
        url: Where it is; an account is below it.
        accounts: Keys by accounts' names.
    """

    url: str
    accounts: dict[str, str] = field(repr=False)

    @property
    def logins(self) -> list[tuple[str, str]]:
        """Account and key of each."""
        return list(self.accounts.items())


@contextlib.contextmanager
def azure_cloud(folder: Path, *names: str) -> Iterator[AzureCloud]:
    """The emulator, with an account of each name; ``firstaccount`` and ``secondaccount`` if none is given."""
    accounts = {name: new_key() for name in names or ("firstaccount", "secondaccount")}
    environment = {"AZURITE_ACCOUNTS": ";".join(f"{name}:{key}" for name, key in accounts.items())}
    with running(AZURITE, folder, environment) as place:
        yield AzureCloud(place.url, accounts)
