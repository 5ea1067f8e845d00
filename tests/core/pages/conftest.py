"""A browser on the mock cloud, one for each test."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from apiclient import Client
from deltacloud.kernel import GatewaySettings
from htmlclient import Browser

Open = Callable[[Path], Browser]


@pytest.fixture(scope="session")
def open_browser() -> Open:
    """Opens browsers on fresh mock clouds in a directory."""

    def open_one(storage: Path) -> Browser:
        table = {"storage": str(storage), "page-size": 2}
        return Browser(Client(GatewaySettings(driver="mock", drivers={"mock": table})))

    return open_one


@pytest.fixture
def browser(open_browser: Open, tmp_path: Path) -> Browser:
    """A browser on a fresh mock cloud."""
    return open_browser(tmp_path)
