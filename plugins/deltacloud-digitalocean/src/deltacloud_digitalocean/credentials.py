"""Two services, two logins: an API token for the API, a pair of keys for Spaces. Which is which, by its form.

Sources: https://docs.digitalocean.com/reference/api/reference/ (the prefixes of tokens) and
https://docs.digitalocean.com/products/spaces/how-to/manage-access/ (pairs of keys).
"""

from __future__ import annotations

import re

from deltacloud.context import Credentials
from deltacloud_ec2.credentials import Keys

_API_TOKEN = re.compile(r"do[opr]_v1_.*|[0-9a-f]{64}", re.ASCII | re.DOTALL)
"""With a prefix, or as they were before 2021."""
_ACCESS_KEY = re.compile(r"[A-Z0-9]{16,128}", re.ASCII)


def is_access_key(text: str) -> bool:
    """Whether an access key of Spaces looks so; what people call themselves does not."""
    return _ACCESS_KEY.fullmatch(text) is not None


def is_api_token(text: str) -> bool:
    """Whether a text is an API token beyond doubt."""
    return _API_TOKEN.fullmatch(text) is not None


def keys_of_spaces(caller: Credentials) -> Keys:
    """What Spaces calls access key and secret key: the user name, and the session token or without one the password.

    Spaces has no session tokens, so none is signed into a request.
    """
    return Keys(caller.username, (caller.token or caller.password).reveal(), None)


def is_for_spaces_alone(caller: Credentials) -> bool:
    """Whether these are the keys of Spaces and nothing else, so that the API need not be told the secret one."""
    return caller.token is None and is_access_key(caller.username) and not is_api_token(caller.password.reveal())
