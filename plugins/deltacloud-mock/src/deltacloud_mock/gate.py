"""The pretend cloud's front door: who may come in, how long it takes, and what is made to fail."""

from __future__ import annotations

import hashlib
import hmac
import time

from deltacloud.context import Context
from deltacloud.errors import AuthenticationFailed
from deltacloud_mock.failures import FAILURES
from deltacloud_mock.settings import MockSettings


class Gate:
    """Every hook passes it first.

    Args:
        settings: Users, delay and failures.
    """

    def __init__(self, settings: MockSettings) -> None:
        self._accounts = tuple(_digest(name, password) for name, password in settings.users.items())
        self._delay = settings.delay_seconds
        self._failures = {hook: FAILURES[word] for hook, word in settings.fail.items()}

    def admit(self, context: Context, hook: str) -> str:
        """Let a call in.

        Args:
            context: The call's context.
            hook: The name of the hook that is called.

        Returns:
            The user name: the owner of what the call sees and makes.

        Raises:
            AuthenticationFailed: no such user, or another password.
            ProviderTimeout: the delay is longer than what is left of the deadline.
            DeltacloudError: the hook is one that the settings make fail.
        """
        credentials = context.credentials
        # Digests have one length, and every account is compared: the time tells nothing about any of them.
        given = _digest(credentials.username, credentials.password.reveal())
        if not sum(hmac.compare_digest(account, given) for account in self._accounts):
            # In lists the original said no more than the status does.
            raise AuthenticationFailed("" if hook.startswith("list_") else "Authentication Failure")
        if self._delay:
            time.sleep(max(0.0, min(self._delay, context.deadline.remaining())))
            context.deadline.check()
        failure = self._failures.get(hook)
        if failure is not None:
            raise failure()
        return credentials.username


def _digest(name: str, password: str) -> bytes:
    return hashlib.sha256(f"{len(name)}:{name}:{password}".encode(errors="surrogatepass")).digest()
