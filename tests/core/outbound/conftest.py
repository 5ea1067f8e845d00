"""What the tests of the way out share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from loopback import Outside


@pytest.fixture(name="outside")
def outside_fixture() -> Iterator[Outside]:
    outside = Outside()
    yield outside
    outside.close()
