"""The wheels as a stranger gets them: into clean environments, first the core alone, then with one driver."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from awscloud.accounts import Accounts, Keys
from awscloud.images import IMAGE, written
from awsmoto import MOTO
from azurite import AZURITE
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
def core_and_ec2(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    wheels = _wheel("deltacloud_core"), _wheel("deltacloud_ec2")
    return Environment(tmp_path_factory.mktemp("core_and_ec2"), *wheels)


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


class Account:
    """Asks a gateway with one account's keys, in one region.

    Args:
        gateway: The server.
        provider: The provider's text.
        keys: The login.
    """

    def __init__(self, gateway: Gateway, provider: str, keys: Keys) -> None:
        login = base64.b64encode(f"{keys.access_key}:{keys.secret_key}".encode()).decode()
        self._headers = {
            "Accept": "application/json",
            "Authorization": f"Basic {login}",
            "X-Deltacloud-Provider": provider,
        }
        self._url = f"{gateway.url}/api"

    def send(self, method: str, path: str, content: bytes | None = None, **headers: str) -> bytes:
        """What is answered; an error with its words."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = Request(self._url + path, content, {**self._headers, **named}, method=method)
        try:
            with urlopen(request, timeout=60) as answer:
                return bytes(answer.read())
        except HTTPError as error:
            raise AssertionError(f"{method} {path}: {error.code} {error.read()!r}") from None

    def list(self, collection: str) -> list[str]:
        """The ids of a collection."""
        return [one["id"] for one in json.loads(self.send("GET", f"/{collection}"))[collection]]

    def get(self, path: str) -> Any:
        """The thing that a document is about."""
        (found,) = json.loads(self.send("GET", path)).values()
        return found

    def make(self, collection: str, **fields: str) -> Any:
        """Makes a thing."""
        (made,) = json.loads(self.send("POST", f"/{collection}", urlencode(fields).encode())).values()
        return made

    def act(self, path: str, action: str, **fields: str) -> None:
        """Lets something happen to a thing."""
        self.send("POST", f"{path}/{action}", urlencode(fields).encode())

    def delete(self, *paths: str) -> None:
        """Removes things, one after the other."""
        for path in paths:
            self.send("DELETE", path)


@pytest.fixture
def amazon(core_and_ec2: Environment, servers: Deltacloudd, tmp_path: Path) -> Iterator[dict[str, Account]]:
    """An account at moto, which checks signatures, in two regions, by their names."""
    folder = tmp_path / "moto"
    folder.mkdir()
    with running(MOTO, folder, {"MOTO_AMIS_PATH": str(written(folder))}) as place:
        moto = Accounts(place.url)
        gateway = servers(driver="ec2", python=core_and_ec2.binaries / "python")
        regions = ("us-east-1", "eu-west-1")
        yield {name: Account(gateway, f"{moto.provider()};region={name}", moto.main) for name in regions}


@pytest.mark.doubles
def test_one_wheel_more_is_a_gateway_to_amazon(core_and_ec2: Environment, amazon: dict[str, Account]) -> None:
    core_and_ec2.run("python", "-m", "pip", "check")
    assert core_and_ec2.distributions() & VENDOR_SDKS == {"botocore"}
    for region, account in amazon.items():
        assert f"{region}a" in account.list("realms")
        account.make("keys", name=f"key-{region}")
        assert account.list("keys") == [f"key-{region}"]
    _compute(amazon["us-east-1"])
    _networks(amazon["us-east-1"])
    _storage(amazon["us-east-1"])
    assert amazon["eu-west-1"].list("instances") == []


def _compute(account: Account) -> None:
    account.make("firewalls", name="web", description="for the web")
    rule = {"protocol": "tcp", "port_from": "80", "port_to": "80", "ip_address1": "192.0.2.0/24"}
    assert account.make("firewalls/web/rules", **rule)["rules"][0]["sources"][0]["address"] == "192.0.2.0"
    launch = {"image_id": IMAGE, "hwp_id": "t3.micro", "keyname": "key-us-east-1", "firewalls1": "web", "name": "front"}
    made = account.make("instances", **launch)["id"]
    instance = f"/instances/{made}"
    for action, state in (("reboot", "RUNNING"), ("stop", "STOPPED"), ("start", "RUNNING")):
        account.act(instance, action)
        assert account.get(instance)["state"] == state
    image = account.make("images", instance_id=made, name="copy of front")["id"]
    assert image in account.list("images")
    volume = account.make("storage_volumes", capacity="1", realm_id="us-east-1a")["id"]
    account.act(f"/storage_volumes/{volume}", "attach", instance_id=made, device="/dev/sdh")
    assert account.get(f"/storage_volumes/{volume}")["state"] == "IN-USE"
    account.act(f"/storage_volumes/{volume}", "detach")
    snapshot = account.make("storage_snapshots", volume_id=volume)["id"]
    address = account.make("addresses")["id"]
    account.act(f"/addresses/{address}", "associate", instance_id=made)
    assert account.get(f"/addresses/{address}")["instance_id"] == made
    account.act(f"/addresses/{address}", "disassociate")
    listener = {"listener_protocol": "HTTP", "listener_balancer_port": "80", "listener_instance_port": "8080"}
    account.make("load_balancers", name="balancer", realm_id="us-east-1a", **listener)
    account.act("/load_balancers/balancer", "register", instance_id=made)
    assert [one["id"] for one in account.get("/load_balancers/balancer")["instances"]] == [made]
    account.act(instance, "stop")
    account.delete(instance, "/load_balancers/balancer", f"/addresses/{address}", f"/storage_snapshots/{snapshot}")
    account.delete(f"/storage_volumes/{volume}", f"/images/{image}", "/keys/key-us-east-1", "/firewalls/web")
    assert account.get(instance)["state"] == "FINISH"


def _networks(account: Account) -> None:
    network = account.make("networks", address_block="10.5.0.0/16")["id"]
    subnet = account.make("subnets", network_id=network, address_block="10.5.1.0/24")["id"]
    assert account.get(f"/networks/{network}")["subnets"][0]["id"] == subnet
    account.delete(f"/subnets/{subnet}", f"/networks/{network}")


def _storage(account: Account) -> None:
    content = b"picture" * 3_000_000
    account.make("buckets", name="holiday")
    account.send("PUT", "/buckets/holiday/beach%2Fone.jpg", content, Content_Type="image/jpeg")
    blob = account.get("/buckets/holiday/beach%2Fone.jpg")
    assert (blob["content_length"], blob["content_type"]) == (len(content), "image/jpeg")
    assert account.send("GET", "/buckets/holiday/beach%2Fone.jpg/content") == content
    assert account.send("GET", "/buckets/holiday/beach%2Fone.jpg/content", Range="bytes=7-20") == b"picturepicture"
    assert account.get("/buckets/holiday")["size"] == 1
    account.delete("/buckets/holiday/beach%2Fone.jpg", "/buckets/holiday")
    assert account.list("buckets") == []
