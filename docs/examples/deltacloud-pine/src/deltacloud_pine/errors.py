"""What the cloud's errors mean."""

from __future__ import annotations

import msgspec
import requests
from deltacloud import errors

# 5. What its errors mean.
ERRORS: dict[str, type[errors.DeltacloudError]] = {
    "wrong_key": errors.AuthenticationFailed,
    "no_such_thing": errors.NotFound,
    "name_taken": errors.Conflict,
    "wrong_state": errors.ActionNotAllowed,
    "not_empty": errors.Conflict,
}
"""The cloud's words for what went wrong."""


class _Refusal(msgspec.Struct, frozen=True):
    """The JSON of an answer that is an error."""

    error: str


def translate(error: Exception) -> errors.DeltacloudError | None:
    """What an exception means; None leaves it to the core, which knows HTTP's statuses and the network's faults."""
    if isinstance(error, msgspec.MsgspecError):
        return errors.ProviderError("The provider's answer cannot be read")
    if not isinstance(error, requests.HTTPError) or error.response is None:
        return None
    try:
        word = msgspec.json.decode(error.response.content, type=_Refusal).error
    except msgspec.MsgspecError:
        return None
    return errors.from_response(error.response, kind=ERRORS.get(word), backend_code=word)
