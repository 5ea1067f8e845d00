"""The driver keeps the contract in the view of users, who are the tenants; engines never cut their lists into pages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from deltacloud.testing import Backend, DriverContract
from ovirtbackend import backend_of
from ovirtcloud import JANE, JOE, ovirt_engine


@pytest.fixture(scope="module")
def backend() -> Iterator[Backend]:
    with ovirt_engine() as engine:
        yield backend_of(engine, JANE, JOE, filtered=True)


class TestUsers(DriverContract):
    """Two users of an engine that is a server of these tests."""
