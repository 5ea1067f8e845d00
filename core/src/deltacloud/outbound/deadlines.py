"""Whose deadline a connection has to keep right now.

Pooled connections outlive requests and are used by many. So none has a deadline of its own: when a request begins, the
connection takes the one in force where it is sent from.
"""

from __future__ import annotations

import contextlib
import contextvars
from collections.abc import Iterator

from deltacloud import context
from deltacloud.context import Deadline

_BOUND: contextvars.ContextVar[Deadline] = contextvars.ContextVar("deltacloud_deadline")
_CLOSING: contextvars.ContextVar[Deadline] = contextvars.ContextVar("deltacloud_closing")


def in_force() -> Deadline:
    """The deadline of what runs now: that of the ``context.http`` session which sends, else that of the call.

    Raises:
        RuntimeError: no call runs here. Threads that an SDK starts see one if ``context.sdk`` gave it the executor.
    """
    deadline = _CLOSING.get(None) or _BOUND.get(None)
    if deadline is not None:
        return deadline
    try:
        return context.current().deadline
    except LookupError:
        raise RuntimeError("a guarded connection was used outside of any call") from None


@contextlib.contextmanager
def bound(deadline: Deadline) -> Iterator[None]:
    """Whatever is sent inside keeps this deadline."""
    token = _BOUND.set(deadline)
    try:
        yield
    finally:
        _BOUND.reset(token)


@contextlib.contextmanager
def closing(deadline: Deadline) -> Iterator[None]:
    """Whatever is sent inside, to let go of a value, keeps this deadline, even if the value's own call is long over."""
    token = _CLOSING.set(deadline)
    try:
        yield
    finally:
        _CLOSING.reset(token)
