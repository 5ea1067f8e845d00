"""Whose deadline a connection has to keep right now, and whether what it carries may be sent twice.

Pooled connections outlive requests and are used by many. So none has a deadline of its own: when a request begins, the
connection takes the one in force where it is sent from.
"""

from __future__ import annotations

import contextlib
import contextvars
from collections.abc import Iterator
from typing import NamedTuple

from deltacloud import context
from deltacloud.context import Deadline


class _Rules(NamedTuple):
    deadline: Deadline
    repeatable: bool


_BOUND: contextvars.ContextVar[_Rules] = contextvars.ContextVar("deltacloud_deadline")
_CLOSING: contextvars.ContextVar[_Rules] = contextvars.ContextVar("deltacloud_closing")


def in_force() -> Deadline:
    """The deadline of what runs now: that of the ``context.http`` session which sends, else that of the call.

    Raises:
        RuntimeError: no call runs here. Threads that an SDK starts see one if ``context.sdk`` gave it the executor.
    """
    rules = _rules()
    if rules is None:
        raise RuntimeError("a guarded connection was used outside of any call")
    return rules.deadline


def repeatable() -> bool:
    """Whether what is sent now may be sent again: in a call that only reads, or because the driver says so."""
    rules = _rules()
    return rules is not None and rules.repeatable


@contextlib.contextmanager
def bound(deadline: Deadline, *, repeatable: bool = False) -> Iterator[None]:
    """Whatever is sent inside keeps this deadline."""
    token = _BOUND.set(_Rules(deadline, repeatable))
    try:
        yield
    finally:
        _BOUND.reset(token)


@contextlib.contextmanager
def closing(deadline: Deadline) -> Iterator[None]:
    """Whatever is sent inside, to let go of a value, keeps this deadline, even if the value's own call is long over."""
    token = _CLOSING.set(_Rules(deadline, repeatable=False))
    try:
        yield
    finally:
        _CLOSING.reset(token)


def _rules() -> _Rules | None:
    rules = _CLOSING.get(None) or _BOUND.get(None)
    if rules is not None:
        return rules
    try:
        call = context.current()
    except LookupError:
        return None
    return _Rules(call.deadline, call.reading)
