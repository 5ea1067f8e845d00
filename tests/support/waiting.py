"""Waiting for what should come soon."""

from __future__ import annotations

import time
from collections.abc import Callable


def wait_until(condition: Callable[[], bool], what: str = "it did not happen", seconds: float = 20) -> None:
    """Wait until something is so.

    Args:
        condition: Whether it is.
        what: What failed, where it does not come to that.
        seconds: How long to wait for it.
    """
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.02)
