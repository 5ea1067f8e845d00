"""The wheels as a stranger gets them: into clean environments, first the core alone, then with one driver."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

import seaweedfs
from azurite import AZURITE
from digitaloceancloud import TOKEN, digitalocean_cloud, digitalocean_document
from emulators import running
from environments import Environment
from gateway import Deltacloudd, Gateway, NotStarted

ROOT = Path(__file__).parents[2]
DIST = ROOT / "dist"
pytestmark = pytest.mark.timeout(600)  # environments are filled from a package index

VENDOR_SDKS = {"azure-core", "boto3", "botocore", "google-cloud-storage", "keystoneauth1", "openstacksdk", "pyvmomi"}


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
def core_and_digitalocean(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    wheels = [_wheel(f"deltacloud_{name}") for name in ("core", "ec2", "digitalocean")]
    return Environment(tmp_path_factory.mktemp("core_and_digitalocean"), *wheels)


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

        def curl(*arguments: str) -> str:
            command = ["curl", "-sS", "--fail", "-u", f"account:{key}", "-H", "Accept: application/json", *arguments]
            return subprocess.run(command, capture_output=True, text=True, check=True).stdout

        bucket = f"{gateway.url}/api/buckets/holiday"
        assert json.loads(curl("-d", "name=holiday", f"{gateway.url}/api/buckets"))["bucket"]["id"] == "holiday"
        (tmp_path / "photo").write_bytes(b"picture" * 1_000_000)
        curl("-T", str(tmp_path / "photo"), "-H", "Content-Type: image/jpeg", f"{bucket}/beach%2Fone.jpg")
        blob = json.loads(curl(f"{bucket}/beach%2Fone.jpg"))["blob"]
        assert (blob["content_length"], blob["content_type"]) == (7_000_000, "image/jpeg")
        assert curl("-r", "7-20", f"{bucket}/beach%2Fone.jpg/content") == "picturepicture"
        assert json.loads(curl(bucket))["bucket"]["size"] == 1
        curl("-X", "DELETE", f"{bucket}/beach%2Fone.jpg")
        curl("-X", "DELETE", bucket)
        assert json.loads(curl(f"{gateway.url}/api/buckets"))["buckets"] == []


@pytest.mark.doubles
def test_two_wheels_more_are_a_gateway_to_digitalocean_and_its_spaces(
    core_and_digitalocean: Environment, servers: Deltacloudd, tmp_path: Path
) -> None:
    core_and_digitalocean.run("python", "-m", "pip", "check")
    assert core_and_digitalocean.distributions() & VENDOR_SDKS == {"botocore"}
    (tmp_path / "spaces").mkdir()
    spaces = running(seaweedfs.SEAWEEDFS, tmp_path / "spaces")
    with digitalocean_cloud(digitalocean_document(), seconds=0.1) as cloud, spaces as place:
        provider = f"api={cloud.url};spaces={place.url}"
        gateway = servers("-P", provider, driver="digitalocean", python=core_and_digitalocean.binaries / "python")

        def curl(path: str, *arguments: str) -> str:
            login = f"{seaweedfs.USER}:{TOKEN};{seaweedfs.SECRET}"
            command = ["curl", "-sS", "--fail", "-L", "-u", login, "-H", "Accept: application/json", *arguments]
            return subprocess.run(
                [*command, f"{gateway.url}/api{path}"], capture_output=True, text=True, check=True
            ).stdout

        def made(kind: str, **form: object) -> str:
            fields = [part for name, value in form.items() for part in ("-d", f"{name}={value}")]
            return str(json.loads(curl(f"/{kind}s", *fields))[kind]["id"])

        def settled(instance: str, state: str) -> None:
            while json.loads(curl(f"/instances/{instance}"))["instance"]["state"] != state:
                pass

        key = made(
            "key", name="mine", public_key="ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFzrAAAAC3NzaC1lZDI1NTE5AAAAIFzr"
        )
        firewall = made("firewall", name="web", description="any")
        volume = made("storage_volume", capacity=1, realm_id="nyc3")
        launched = {"hwp_id": "s-1vcpu-1gb", "realm_id": "nyc3", "keyname": key, "firewalls1": firewall}
        instance = made("instance", image_id="ubuntu-22-04-x64", **launched)
        settled(instance, "RUNNING")
        curl(f"/storage_volumes/{volume}/attach", "-d", f"instance_id={instance}", "-d", "device=/dev/sda")
        curl(f"/storage_volumes/{volume}/detach", "-X", "POST")
        assert '"load_1"' in curl(f"/metrics/{instance}")
        curl(f"/instances/{instance}/stop", "-d", "")
        settled(instance, "STOPPED")
        bucket = made("bucket", name="holiday")
        curl(f"/buckets/{bucket}/one.txt", "-T", "-", "-H", "Content-Type: text/plain")
        assert json.loads(curl(f"/buckets/{bucket}/one.txt"))["blob"]["content_type"] == "text/plain"
        curl(f"/instances/{instance}", "-X", "DELETE")
        while json.loads(curl("/instances"))["instances"]:
            pass
        blob = f"/buckets/{bucket}/one.txt"
        for path in (
            blob,
            f"/buckets/{bucket}",
            f"/storage_volumes/{volume}",
            f"/firewalls/{firewall}",
            f"/keys/{key}",
        ):
            curl(path, "-X", "DELETE")
        for kind in ("bucket", "storage_volume", "firewall", "key"):
            assert json.loads(curl(f"/{kind}s"))[f"{kind}s"] == []
