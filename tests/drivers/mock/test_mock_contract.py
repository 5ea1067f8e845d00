"""The pretend cloud keeps the driver contract."""

from __future__ import annotations

import pytest

from deltacloud.testing import Backend, DriverContract
from mockbackend import mock_backend

pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> Backend:
    return mock_backend(tmp_path_factory.mktemp("mock"))


class TestMock(DriverContract):
    """Nothing is left unchecked but certificates: the pretend cloud is not reached over a network."""
