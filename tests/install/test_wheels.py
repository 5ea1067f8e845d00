"""The wheels as a stranger gets them: into clean environments, first the core alone, then with one driver."""

from __future__ import annotations

import base64
import json
import os
import ssl
import subprocess
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
import trustme

from azurite import AZURITE
from emulators import running
from environments import Environment
from gateway import Deltacloudd, Gateway, NotStarted
from ovirtcloud import ADMIN, ovirt_engine
from ovirtcloud.state import PASSWORDS

ROOT = Path(__file__).parents[2]
DIST = ROOT / "dist"
pytestmark = pytest.mark.timeout(600)  # environments are filled from a package index

VENDOR_SDKS = {
    "azure-core",
    "boto3",
    "botocore",
    "google-cloud-storage",
    "keystoneauth1",
    "openstacksdk",
    "ovirt-engine-sdk-python",
    "pyvmomi",
}


def _wheel(name: str) -> Path:
    found = list(DIST.glob(f"{name}-*.whl"))
    assert len(found) == 1, f"{len(found)} wheels of {name} in dist/: `nox -s install` builds exactly one"
    return found[0]


@pytest.fixture(scope="module")
def core_alone(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    return Environment(tmp_path_factory.mktemp("core"), _wheel("deltacloud_core"))


@pytest.fixture(scope="module")
def core_and_mock(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    wheels = _wheel("deltacloud_core"), _wheel("deltacloud_mock")
    return Environment(tmp_path_factory.mktemp("core_and_mock"), *wheels)


@pytest.fixture(scope="module")
def with_telemetry(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    wheels = [_wheel(f"deltacloud_{name}") for name in ("core", "mock", "otel")]
    return Environment(tmp_path_factory.mktemp("with_telemetry"), *wheels)


@pytest.fixture(scope="module")
def core_and_azure(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    wheels = _wheel("deltacloud_core"), _wheel("deltacloud_azure")
    return Environment(tmp_path_factory.mktemp("core_and_azure"), *wheels)


@pytest.fixture(scope="module")
def core_and_rhevm(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    wheels = _wheel("deltacloud_core"), _wheel("deltacloud_rhevm")
    return Environment(tmp_path_factory.mktemp("core_and_rhevm"), *wheels)


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[Deltacloudd]:
    servers = Deltacloudd(tmp_path)
    yield servers
    servers.stop()


def _get(gateway: Gateway, path: str, accept: str = "application/xml", credentials: str = "") -> tuple[int, str]:
    headers = {"Accept": accept}
    if credentials:
        headers["Authorization"] = "Basic " + base64.b64encode(credentials.encode()).decode()
    with urlopen(Request(gateway.url + path, headers=headers), timeout=30) as answer:
        return int(answer.status), str(answer.read(), "utf-8")


class Curl:
    """What a user calls: ``curl("-X", "DELETE", url)`` gives the body, and fails where the answer is an error.

    Args:
        login: User and password, with a colon between them.
        headers: What each request has.
    """

    def __init__(self, login: str, *headers: str) -> None:
        self._command = ["curl", "-sS", "-u", login, "-H", "Accept: application/json"]
        self._command += [part for header in headers for part in ("-H", header)]

    def __call__(self, *arguments: str) -> str:
        return self._run("--fail-with-body", *arguments)

    def json(self, *arguments: str) -> Any:
        """The document that answers."""
        return json.loads(self(*arguments))

    def status(self, *arguments: str) -> int:
        """The status alone, of an error too."""
        return int(self._run("-o", os.devnull, "-w", "%{http_code}", *arguments))

    def _run(self, *arguments: str) -> str:
        done = subprocess.run([*self._command, *arguments], capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
        return done.stdout


@pytest.mark.parametrize("name", sorted(path.name.split("-")[0] for path in DIST.glob("*.whl")) or ["deltacloud_core"])
def test_a_wheel_carries_code_types_and_licence_and_no_tests(name: str) -> None:
    files = zipfile.ZipFile(_wheel(name)).namelist()
    top = {file.partition("/")[0] for file in files}
    assert any(file.endswith("/py.typed") for file in files)
    assert any(file.endswith(".dist-info/licenses/LICENSE") for file in files)
    assert {part for part in top if not part.endswith(".dist-info")} == {name.removesuffix("_core")}


def test_the_core_alone_installs_no_cloud(core_alone: Environment) -> None:
    core_alone.run("python", "-m", "pip", "check")
    installed = core_alone.distributions()
    assert "deltacloud-core" in installed
    assert not installed & VENDOR_SDKS
    assert not [name for name in installed if name.startswith("deltacloud-") and name != "deltacloud-core"]


def test_the_core_alone_lists_no_driver_and_explains_its_options(core_alone: Environment) -> None:
    assert "mock" not in core_alone.run("deltacloudd", "--list-drivers")
    assert "--driver" in core_alone.run("deltacloudd", "--help")


def test_the_core_alone_serves_an_empty_list_of_drivers(core_alone: Environment, servers: Deltacloudd) -> None:
    gateway = servers(driver=None, python=core_alone.binaries / "python")
    status, document = _get(gateway, "/api/drivers")
    assert status == 200
    assert "<drivers>" in document
    assert "<driver " not in document


def test_one_more_wheel_makes_a_working_gateway(core_and_mock: Environment, servers: Deltacloudd) -> None:
    core_and_mock.run("python", "-m", "pip", "check")
    assert "mock" in core_and_mock.run("deltacloudd", "--list-drivers").split()
    gateway = servers(python=core_and_mock.binaries / "python")
    status, document = _get(gateway, "/api/instances?format=xml", credentials="mockuser:mockpassword")
    assert status == 200
    assert "<instance " in document


def test_the_installed_gateway_serves_its_pages_without_the_repository(
    core_and_mock: Environment, servers: Deltacloudd
) -> None:
    gateway = servers(python=core_and_mock.binaries / "python")
    status, page = _get(gateway, "/api", accept="text/html")
    assert status == 200
    assert "<html" in page


ON_THE_CONSOLE = {"OTEL_TRACES_EXPORTER": "console", "OTEL_METRICS_EXPORTER": "none"}


def test_an_installed_extension_does_nothing_until_it_is_listed(
    with_telemetry: Environment, servers: Deltacloudd
) -> None:
    with_telemetry.run("python", "-m", "pip", "check")
    python = with_telemetry.binaries / "python"
    logs = []
    for options in ((), ("--extensions", "otel")):
        gateway = servers("--workers", "1", *options, python=python, environment=ON_THE_CONSOLE)
        _get(gateway, "/api/realms?format=xml", credentials="mockuser:mockpassword")
        assert gateway.stop() == 0
        logs.append(gateway.log.read_text("utf-8"))
    assert ["trace_id=" in log for log in logs] == [False, True]
    assert ['"name": "GET /api/realms"' in log for log in logs] == [False, True]


def test_an_extension_says_which_extra_it_needs(with_telemetry: Environment, servers: Deltacloudd) -> None:
    assert "opentelemetry-exporter-otlp-proto-http" not in with_telemetry.distributions()
    with pytest.raises(NotStarted, match=r"pip install 'deltacloud-otel\[otlp\]'"):
        servers("--extensions", "otel", python=with_telemetry.binaries / "python")


@pytest.mark.doubles
def test_one_wheel_more_is_a_gateway_to_azure(
    core_and_azure: Environment, servers: Deltacloudd, tmp_path: Path
) -> None:
    core_and_azure.run("python", "-m", "pip", "check")
    assert core_and_azure.distributions() & VENDOR_SDKS == {"azure-core"}
    key = base64.b64encode(os.urandom(64)).decode()
    (tmp_path / "azurite").mkdir()
    with running(AZURITE, tmp_path / "azurite", {"AZURITE_ACCOUNTS": f"account:{key}"}) as place:
        gateway = servers("-P", place.url, driver="azure", python=core_and_azure.binaries / "python")

        curl = Curl(f"account:{key}")
        bucket = f"{gateway.url}/api/buckets/holiday"
        assert curl.json("-d", "name=holiday", f"{gateway.url}/api/buckets")["bucket"]["id"] == "holiday"
        (tmp_path / "photo").write_bytes(b"picture" * 1_000_000)
        photo, described = f"{bucket}/beach%2Fone.jpg", ("-H", "X-Deltacloud-Blobmeta-Place: Nice")
        curl("-T", str(tmp_path / "photo"), "-H", "Content-Type: image/jpeg", *described, photo)
        blob = curl.json(photo)["blob"]
        assert (blob["content_length"], blob["content_type"]) == (7_000_000, "image/jpeg")
        assert blob["user_metadata"] == {"place": "Nice"}
        assert curl("-r", "7-20", f"{photo}/content") == "picturepicture"
        curl("-o", str(tmp_path / "back"), f"{photo}/content")
        assert (tmp_path / "back").read_bytes() == b"picture" * 1_000_000
        curl("-X", "POST", "-H", "X-Deltacloud-Blobmeta-Year: 2026", photo)
        assert curl.json(photo)["blob"]["user_metadata"] == {"year": "2026"}
        shown = curl.json(bucket)["bucket"]
        assert (shown["size"], [one["id"] for one in shown["blob_list"]]) == (1, ["beach/one.jpg"])
        assert curl.status("-X", "DELETE", bucket) == 409
        curl("-X", "DELETE", photo)
        assert curl.status(photo) == 404
        curl("-X", "DELETE", bucket)
        assert curl.json(f"{gateway.url}/api/buckets")["buckets"] == []


def test_one_wheel_more_is_a_gateway_to_ovirt(
    core_and_rhevm: Environment, servers: Deltacloudd, tmp_path: Path
) -> None:
    core_and_rhevm.run("python", "-m", "pip", "check")
    assert not core_and_rhevm.distributions() & VENDOR_SDKS
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    config = tmp_path / "config.toml"
    config.write_text(f'[drivers.rhevm.ca-files]\n"127.0.0.1" = "{tmp_path}/ca.pem"\n', encoding="utf-8")
    with ovirt_engine(tls=context) as engine:
        gateway = servers("-c", str(config), driver="rhevm", python=core_and_rhevm.binaries / "python")
        api, login = f"{gateway.url}/api", f"{ADMIN}:{PASSWORDS[ADMIN]}"
        anywhere = Curl(login, "X-Deltacloud-Provider: " + engine.url)
        centers = anywhere.json(f"{api}/drivers/rhevm")["driver"]["entrypoints"]
        assert list(centers) == ["Default", "South Side"]
        (south,) = centers["South Side"].values()
        curl = Curl(login, "X-Deltacloud-Provider: " + south)
        assert [one["name"] for one in anywhere.json(f"{api}/realms")["realms"]] == ["beta", "alpha", "empty"]
        assert [one["name"] for one in curl.json(f"{api}/realms")["realms"]] == ["south"]

        (image,) = (one["id"] for one in curl.json(f"{api}/images")["images"] if one["name"] == "Debian 12")
        made = curl.json("-d", f"image_id={image}&name=web&hwp_memory=2048", f"{api}/instances")["instance"]["id"]
        instance = f"{api}/instances/{made}"
        _until(curl, instance, "STOPPED")
        network = curl.json(f"{api}/networks")["networks"][0]["id"]
        plugged = curl.json("-d", f"instance={made}&network={network}", f"{api}/network_interfaces")
        card = plugged["network_interface"]["id"]
        assert card in [one["id"] for one in curl.json(f"{api}/network_interfaces")["network_interfaces"]]
        curl("-X", "DELETE", f"{api}/network_interfaces/{card}")
        for action, state in (("start", "RUNNING"), ("reboot", "RUNNING"), ("stop", "STOPPED")):
            curl("-X", "POST", f"{instance}/{action}")
            _until(curl, instance, state)
        template = curl.json("-d", f"instance_id={made}&name=of-web", f"{api}/images")["image"]["id"]
        assert "of-web" in [one["name"] for one in curl.json(f"{api}/images")["images"]]
        assert made not in [one["id"] for one in anywhere.json(f"{api}/instances")["instances"]]
        curl("-X", "DELETE", f"{api}/images/{template}")
        curl("-X", "DELETE", instance)
        assert curl.status(instance) == 404
        assert curl.json(f"{api}/instances")["instances"] == []


def _until(curl: Curl, instance: str, state: str) -> None:
    end = time.monotonic() + 30
    while (now := curl.json(instance)["instance"]["state"]) != state:
        assert time.monotonic() < end, now
        time.sleep(0.05)
