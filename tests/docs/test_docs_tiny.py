"""The smallest driver of the documentation keeps the contract, in what it has."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from deltacloud.testing import Backend, DriverContract
from docexamples import importable


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backend]:
    with importable(tmp_path_factory.mktemp("tiny"), "deltacloud-tiny"):
        yield Backend(driver="tiny", credentials=("ann", "secret"), wrong_credentials=("ann", "wrong"))


class TestTiny(DriverContract):
    """Three machines that always run."""
