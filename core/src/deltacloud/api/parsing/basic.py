"""HTTP Basic credentials (RFC 7617), and the session tokens that some clouds add to them."""

from __future__ import annotations

import base64
import re

from deltacloud.context import Credentials
from deltacloud.secret import Secret

NO_SCHEME = "SignOut"
"""A challenge that no browser can answer: it asks nobody for a password, and Chromium and its like forget the last."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def parse_authorization(header: str | None, token: str | None = None, *, has_token: bool = False) -> Credentials | None:
    """The credentials of a request.

    Args:
        header: ``Authorization``; None when it is absent.
        token: ``X-Deltacloud-Session-Token``; None or empty when it is absent.
        has_token: Whether the driver declares a token. Only then is the token's header read, and without it a password
            ``SECRET;TOKEN`` taken apart.

    Returns:
        The credentials, an explicit empty pair included, or None when the client is to be asked for some: no header,
        another scheme, no base64, no colon, or control characters.
    """
    pair = _pair(header or "")
    if pair is None:
        return None
    username, password = pair
    if not has_token:
        return Credentials(username, Secret(password))
    if not token:
        secret, _, behind = password.partition(";")
        password, token = (secret, behind) if behind else (password, None)
    return Credentials(username, Secret(password), Secret(token) if token else None)


def _pair(header: str) -> tuple[str, str] | None:
    scheme, _, encoded = header.strip().partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        raw = base64.b64decode(encoded.strip(), validate=True)
    except ValueError:
        return None
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    username, colon, password = text.partition(":")
    return None if not colon or _CONTROL.search(text) else (username, password)
