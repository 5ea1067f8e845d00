"""When a request to a cloud is sent again, and how long to wait before."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from http import HTTPStatus

import requests

from deltacloud import context
from deltacloud.context import Deadline
from deltacloud.errors import retry_after_seconds
from deltacloud.outbound.meanings import meaning

ATTEMPTS = 4
"""How often a request is sent at most."""
_PASSING = frozenset({
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
})  # fmt: skip
_FIRST_WAIT = 0.2


def send_again(
    send: Callable[[], requests.Response], deadline: Deadline, sleep: Callable[[float], None] = time.sleep
) -> requests.Response:
    """Send until an answer comes that is worth handing on, four times at most and within the deadline.

    Sent again is what did not connect, what was broken off before its answer or in it, what took longer than the
    driver's own ``timeout``, and what was answered with 429, 502, 503 or 504. A ``Retry-After`` that the deadline
    leaves no time for ends it: the answer is handed on. What cannot pass by itself, as a certificate that is not
    trusted or an answer that is no HTTP, is not sent again.

    Args:
        send: Sends once; returns with the answer, or with its header if its body is to be streamed.
        deadline: Of the request that this serves.
        sleep: Waits so many seconds.

    Raises:
        requests.RequestException: the last attempt failed.
        DeltacloudError: the guard refuses, or the deadline has passed.
    """
    for attempt in range(1, ATTEMPTS):
        try:
            response = send()
        except requests.RequestException as error:
            fault, pause = meaning(error), _pause(attempt)
            if fault is None or not fault.retryable or pause >= deadline.remaining():
                raise
            _note(attempt, fault.message, pause)
        else:
            if response.status_code not in _PASSING:
                return response
            pause = _pause(attempt) + retry_after_seconds(response.headers.get("Retry-After"), default=0)
            if pause >= deadline.remaining():
                return response
            response.close()
            _note(attempt, f"status {response.status_code}", pause)
        sleep(pause)
    return send()


def _pause(attempt: int) -> float:
    """Between half of and a whole of a time that doubles, so that many callers do not come back at once."""
    return _FIRST_WAIT * (1 << (attempt - 1)) * random.uniform(0.5, 1.0)  # noqa: S311 - spreads load, guards nothing


def _note(attempt: int, reason: str, pause: float) -> None:
    """A line for who reads the log in detail; what fails in the end is logged once, by the kernel."""
    try:
        log = context.current().log
    except LookupError:
        return
    log.info("attempt %d to ask the provider failed (%s), the next one is in %.2f s", attempt, reason, pause)
