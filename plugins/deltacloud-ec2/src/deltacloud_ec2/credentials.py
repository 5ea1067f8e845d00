"""The caller's keys, for SDK clients that all callers share."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from deltacloud.context import Credentials, current


class Keys(NamedTuple):
    """One caller's keys, as botocore's signers take them. What they are goes into no text."""

    access_key: str
    secret_key: str
    token: str | None

    def __repr__(self) -> str:
        return "Keys('***')"


KeysOf: TypeAlias = Callable[[Credentials], Keys]
"""How a driver reads keys out of what a caller sends."""


def keys_of(caller: Credentials) -> Keys:
    """What Amazon and its like call user name, password and session token."""
    return Keys(caller.username, caller.password.reveal(), None if caller.token is None else caller.token.reveal())


class CallerCredentials:
    """Stands for whoever calls: a client asks for the keys each time it signs, and keeps none.

    Args:
        read: How keys are read out of the caller's credentials.
    """

    method = "deltacloud"
    account_id = None

    def __init__(self, read: KeysOf = keys_of) -> None:
        self._read = read

    def get_frozen_credentials(self) -> Keys:
        """The keys of the call that runs now.

        Raises:
            CredentialsRequired: its request has none.
            LookupError: no call runs here.
        """
        return self._read(current().credentials)

    def get_deferred_property(self, name: str) -> None:
        """No account id is known before a call: endpoints do not depend on it."""


class CallerProvider:
    """botocore's component ``credential_provider``: neither environment, nor files, nor a metadata service is asked.

    Args:
        read: How keys are read out of the caller's credentials.
    """

    def __init__(self, read: KeysOf = keys_of) -> None:
        self._read = read

    def load_credentials(self) -> CallerCredentials:
        """The caller's."""
        return CallerCredentials(self._read)


class NoToken:
    """botocore's component ``token_provider``: there are no bearer tokens."""

    def load_token(self, signing_name: str | None = None) -> None:
        """None, for any service."""
