"""A browser on the mock cloud, one for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from htmlclient import Browser


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    """A browser on a fresh mock cloud."""
    one = Browser(tmp_path)
    yield one
    one.close()
