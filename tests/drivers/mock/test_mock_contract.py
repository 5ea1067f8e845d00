"""The pretend cloud keeps the driver contract."""

from __future__ import annotations

from pathlib import Path

import pytest

from deltacloud.testing import Backend, DriverContract
from deltacloud.testing.checks import CHECKS
from deltacloud.testing.profiles import PROFILES
from deltacloud.testing.runner import perform_all
from mockbackend import USERS, mock_backend

pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> Backend:
    return mock_backend(tmp_path_factory.mktemp("mock"))


def test_where_changes_take_their_time_states_are_passed_through_as_declared(tmp_path: Path) -> None:
    settings = {"storage": str(tmp_path), "users": USERS, "transition-seconds": 0.2}
    checks = [check for check in CHECKS if check.name.startswith(("driver.", "instances."))]
    outcomes = list(perform_all(mock_backend(tmp_path, settings=settings), PROFILES["quick"], checks))
    assert [one for one in outcomes if one.verdict == "failed"] == []
    assert len([one for one in outcomes if one.verdict == "passed"]) > 20


class TestMock(DriverContract):
    """Nothing is left unchecked but certificates: the pretend cloud is not reached over a network."""
