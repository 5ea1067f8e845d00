"""Shared access signatures: what a caller may hand in instead of an account's key.

Source: https://learn.microsoft.com/rest/api/storageservices/delegate-access-with-shared-access-signature.
"""

from __future__ import annotations

import re

from deltacloud.errors import AuthenticationFailed

_PARAMETERS = frozenset(
    {
        "api-version", "rscc", "rscd", "rsce", "rscl", "rsct", "saoid", "scid", "sdd", "sduoid", "se", "ses", "si",
        "sig", "sip", "ske", "skdutid", "skoid", "sks", "skt", "sktid", "skv", "sp", "spr", "sr", "srh", "srq", "srt",
        "ss", "st", "suoid", "sv",
    }
)  # fmt: skip
"""All that a signature may consist of. It is put behind the query of each request, whose meaning it must not change."""
_PARAMETER = re.compile(r"([a-z-]+)=[A-Za-z0-9%._~:/,+@!$'()*;=-]+", re.ASCII)


def is_signature(password: str) -> bool:
    """Whether this is a shared access signature rather than a key: keys are base64, which has none of these marks."""
    return password.startswith("?") or "&" in password


def checked(signature: str) -> str:
    """A signature as it goes behind a query, without its question mark.

    Raises:
        AuthenticationFailed: it holds anything that does not belong there, or lacks the signature proper.
    """
    query = signature.removeprefix("?")
    parts = [_PARAMETER.fullmatch(part) for part in query.split("&")]
    names = [part[1] for part in parts if part is not None]
    if None in parts or not set(names) <= _PARAMETERS or len(set(names)) < len(names) or "sig" not in names:
        raise AuthenticationFailed("This is not a shared access signature as Azure issues them")
    return query
