"""When a request to a cloud is sent again, and how long to wait before."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import requests
from requests.exceptions import ConnectionError as RequestsConnectionError
from requests.exceptions import ConnectTimeout, SSLError

from deltacloud.context import Deadline

_PASSING = frozenset({
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
})  # fmt: skip
_ATTEMPTS = 4
_FIRST_WAIT = 0.2


def send_again(
    send: Callable[[], requests.Response], deadline: Deadline, sleep: Callable[[float], None] = time.sleep
) -> requests.Response:
    """Send until an answer comes that is worth handing on, four times at most and within the deadline.

    Sent again is what did not connect, what was reset before a byte of an answer came, and what was answered with 429,
    502, 503 or 504. A ``Retry-After`` that the deadline leaves no time for ends it: the answer is handed on.

    Args:
        send: Sends once; returns with the answer's header, before its body is read.
        deadline: Of the request that this serves.
        sleep: Waits so many seconds.

    Raises:
        requests.RequestException: the last attempt failed.
        DeltacloudError: the guard refuses, or the deadline has passed.
    """
    for attempt in range(1, _ATTEMPTS):
        try:
            response = send()
        except (ConnectTimeout, RequestsConnectionError) as error:
            if isinstance(error, SSLError):
                raise
            pause = _pause(attempt)
            if pause >= deadline.remaining():
                raise
        else:
            if response.status_code not in _PASSING:
                return response
            pause = _pause(attempt) + _asked_for(response.headers.get("Retry-After"))
            if pause >= deadline.remaining():
                return response
            response.close()
        sleep(pause)
    return send()


def _pause(attempt: int) -> float:
    """Between half of and a whole of a time that doubles, so that many callers do not come back at once."""
    return _FIRST_WAIT * (1 << (attempt - 1)) * random.uniform(0.5, 1.0)  # noqa: S311 - spreads load, guards nothing


def _asked_for(header: str | None) -> float:
    """Seconds that a ``Retry-After`` asks for, in either of its forms; 0 without a readable one."""
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return 0.0
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max((moment - datetime.now(UTC)).total_seconds(), 0.0)
