"""Errors of the SDK in this project's words, where a hook goes on after some of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from deltacloud_ec2 import errors


@contextmanager
def meant() -> Iterator[None]:
    """What goes wrong inside is raised as what it means, so that it can be told apart by its class."""
    try:
        yield
    except Exception as error:
        meaning = errors.translate(error)
        if meaning is None:
            raise
        raise meaning from None
