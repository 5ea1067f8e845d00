"""A driver that does not load is a report in every format, and only its own requests fail."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from apiclient import Client
from deltacloud.kernel import GatewaySettings

Install = Callable[..., None]

MISSPELT = """
    from deltacloud.driver import Driver

    class Broken(Driver):
        name, title, contract = "broken", "B", 1

        def list_instnaces(self, context):
            return ()
"""


@pytest.fixture
def client(install: Install, tmp_path: Path) -> Client:
    install("deltacloud-broken", {"deltacloud.drivers": {"broken": "deltacloud_broken_module:Broken"}}, MISSPELT)
    return Client(GatewaySettings(driver="mock", drivers={"mock": {"storage": str(tmp_path / "mock")}}))


def test_it_is_listed_by_name_with_the_reason(client: Client) -> None:
    assert "did you mean list_instances" in client("GET", "/api/drivers").json["broken"]["error"]
    listed = client("GET", "/api/drivers", accept="application/xml").xml
    reasons = {driver.get("id"): driver.findtext("error") for driver in listed}
    assert "did you mean list_instances" in (reasons["broken"] or "")
    assert reasons["mock"] is None


@pytest.mark.parametrize("accept", ["application/json", "application/xml", "text/html"])
def test_its_own_page_says_why(client: Client, accept: str) -> None:
    answer = client("GET", "/api/drivers/broken", accept=accept)
    assert answer.status == 200
    assert "list_instnaces is no hook" in answer.text


@pytest.mark.parametrize("path", ["/api", "/api/instances", "/api/openapi.json"])
def test_every_other_request_that_selects_it_fails_alone(client: Client, path: str) -> None:
    answer = client("GET", path, x_deltacloud_driver="broken")
    assert answer.status == 500
    assert answer.json["error_code"] == "driver_unavailable"
    assert client("GET", "/api").status == 200
