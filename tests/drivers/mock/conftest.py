"""A fresh pretend cloud for each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mockcloud import Cloud


@pytest.fixture
def make_cloud(tmp_path: Path) -> Iterator[Callable[..., Cloud]]:
    """Makes drivers, all on one directory."""
    made: list[Cloud] = []

    def make(**settings: object) -> Cloud:
        made.append(Cloud(tmp_path / "cloud", **settings))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for cloud in made:
        cloud.driver.close()


@pytest.fixture
def cloud(make_cloud: Callable[..., Cloud]) -> Cloud:
    """A pretend cloud with the original's data."""
    return make_cloud()
