"""The driver keeps the contract in an administrator's view: lists in pages. Who sees everything has no other tenant."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from deltacloud.testing import Backend, DriverContract
from ovirtbackend import backend_of
from ovirtcloud import ADMIN, ovirt_engine


@pytest.fixture(scope="module")
def backend() -> Iterator[Backend]:
    with ovirt_engine() as engine:
        yield backend_of(engine, ADMIN, None, filtered=False)


class TestAdministrator(DriverContract):
    """An administrator of an engine that is a server of these tests."""
