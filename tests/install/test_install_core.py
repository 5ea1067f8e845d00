"""The wheels as a stranger gets them: into clean environments, first the core alone, then with one more."""

from __future__ import annotations

import base64
import zipfile
from urllib.request import Request, urlopen

import pytest

from environments import DIST, VENDOR_SDKS, Installing, wheel
from gateway import Deltacloudd, Gateway, NotStarted

pytestmark = pytest.mark.timeout(600)  # environments are filled from a package index

ON_THE_CONSOLE = {"OTEL_TRACES_EXPORTER": "console", "OTEL_METRICS_EXPORTER": "none"}


def _get(gateway: Gateway, path: str, accept: str = "application/xml", credentials: str = "") -> tuple[int, str]:
    headers = {"Accept": accept}
    if credentials:
        headers["Authorization"] = "Basic " + base64.b64encode(credentials.encode()).decode()
    with urlopen(Request(gateway.url + path, headers=headers), timeout=30) as answer:
        return int(answer.status), str(answer.read(), "utf-8")


@pytest.mark.parametrize("name", sorted(path.name.split("-")[0] for path in DIST.glob("*.whl")) or ["deltacloud_core"])
def test_a_wheel_carries_code_types_and_licence_and_no_tests(name: str) -> None:
    files = zipfile.ZipFile(wheel(name)).namelist()
    top = {file.partition("/")[0] for file in files}
    assert any(file.endswith("/py.typed") for file in files)
    assert any(file.endswith(".dist-info/licenses/LICENSE") for file in files)
    assert {part for part in top if not part.endswith(".dist-info")} == {name.removesuffix("_core")}


def test_the_core_alone_installs_no_cloud(installed: Installing) -> None:
    there = installed("core").distributions()
    assert "deltacloud-core" in there
    assert not there & VENDOR_SDKS
    assert not [name for name in there if name.startswith("deltacloud-") and name != "deltacloud-core"]


def test_the_core_alone_lists_no_driver_and_explains_its_options(installed: Installing) -> None:
    assert "mock" not in installed("core").run("deltacloudd", "--list-drivers")
    assert "--driver" in installed("core").run("deltacloudd", "--help")


def test_the_core_alone_serves_an_empty_list_of_drivers(installed: Installing, servers: Deltacloudd) -> None:
    gateway = servers(driver=None, python=installed("core").binaries / "python")
    status, document = _get(gateway, "/api/drivers")
    assert status == 200
    assert "<drivers>" in document
    assert "<driver " not in document


def test_one_more_wheel_makes_a_working_gateway(installed: Installing, servers: Deltacloudd) -> None:
    environment = installed("core", "mock")
    assert "mock" in environment.run("deltacloudd", "--list-drivers").split()
    gateway = servers(python=environment.binaries / "python")
    status, document = _get(gateway, "/api/instances?format=xml", credentials="mockuser:mockpassword")
    assert status == 200
    assert "<instance " in document


def test_the_installed_gateway_serves_its_pages_without_the_repository(
    installed: Installing, servers: Deltacloudd
) -> None:
    gateway = servers(python=installed("core", "mock").binaries / "python")
    status, page = _get(gateway, "/api", accept="text/html")
    assert status == 200
    assert "<html" in page


def test_an_installed_extension_does_nothing_until_it_is_listed(installed: Installing, servers: Deltacloudd) -> None:
    python = installed("core", "mock", "otel").binaries / "python"
    logs = []
    for options in ((), ("--extensions", "otel")):
        gateway = servers("--workers", "1", *options, python=python, environment=ON_THE_CONSOLE)
        _get(gateway, "/api/realms?format=xml", credentials="mockuser:mockpassword")
        assert gateway.stop() == 0
        logs.append(gateway.log.read_text("utf-8"))
    assert ["trace_id=" in log for log in logs] == [False, True]
    assert ['"name": "GET /api/realms"' in log for log in logs] == [False, True]


def test_an_extension_says_which_extra_it_needs(installed: Installing, servers: Deltacloudd) -> None:
    environment = installed("core", "mock", "otel")
    assert "opentelemetry-exporter-otlp-proto-http" not in environment.distributions()
    with pytest.raises(NotStarted, match=r"pip install 'deltacloud-otel\[otlp\]'"):
        servers("--extensions", "otel", python=environment.binaries / "python")
