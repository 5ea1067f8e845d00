"""Clients of the whole WSGI application, with a mock cloud of its own, called in this process."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from apiclient import Client, MakeClient
from deltacloud.kernel import GatewaySettings


@pytest.fixture
def make_client(tmp_path: Path) -> MakeClient:
    """Makes clients of servers with other settings; ``mock`` is the mock driver's table."""

    def make(mock: Mapping[str, object] | None = None, **settings: object) -> Client:
        tables = {"mock": {"storage": str(tmp_path / "mock"), **(mock or {})}}
        return Client(GatewaySettings(**{"driver": "mock", "drivers": tables, **settings}))  # type: ignore[arg-type]

    return make


@pytest.fixture
def client(make_client: MakeClient) -> Client:
    """A client of a fresh server with the seed data."""
    return make_client()
