"""Every error of the contract, for tests that hold documentation against them."""

from __future__ import annotations

from collections.abc import Iterator

from deltacloud import errors
from deltacloud.errors import DeltacloudError


def _below(kind: type[DeltacloudError]) -> Iterator[type[DeltacloudError]]:
    for one in kind.__subclasses__():
        if one.__module__ == errors.__name__:
            yield one
            yield from _below(one)


ERRORS = sorted(set(_below(DeltacloudError)), key=lambda one: (one.status, one.code))
"""The classes of errors, by status."""
