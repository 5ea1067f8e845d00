"""The caller's keys, for SDK clients that all callers share."""

from __future__ import annotations

from typing import NamedTuple

from deltacloud.context import current


class Keys(NamedTuple):
    """One caller's keys, as botocore's signers take them. What they are goes into no text."""

    access_key: str
    secret_key: str
    token: str | None

    def __repr__(self) -> str:
        return "Keys('***')"


class CallerCredentials:
    """Stands for whoever calls: a client asks for the keys each time it signs, and keeps none."""

    method = "deltacloud"
    account_id = None

    def get_frozen_credentials(self) -> Keys:
        """The keys of the call that runs now.

        Raises:
            CredentialsRequired: its request has none.
            LookupError: no call runs here.
        """
        caller = current().credentials
        token = None if caller.token is None else caller.token.reveal()
        return Keys(caller.username, caller.password.reveal(), token)

    def get_deferred_property(self, name: str) -> None:
        """No account id is known before a call: endpoints do not depend on it."""


class CallerProvider:
    """botocore's component ``credential_provider``: neither environment, nor files, nor a metadata service is asked."""

    def load_credentials(self) -> CallerCredentials:
        """The caller's."""
        return CallerCredentials()


class NoToken:
    """botocore's component ``token_provider``: there are no bearer tokens."""

    def load_token(self, signing_name: str | None = None) -> None:
        """None, for any service."""
