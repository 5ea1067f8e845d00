"""The Containerfile: what it promises, and what comes out when its steps are carried out."""

from __future__ import annotations

import base64
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import pytest

from containerfile import Image, last, listed, read
from deltacloud.server.options import OPTIONS
from gateway import HOST, find_free_port
from programs import needed
from yamlfiles import read_yaml

pytestmark = pytest.mark.timeout(300)  # a package index fills the image

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "deploy" / "container"
FILE = FOLDER / "Containerfile"
STAGES = read(FILE)
FINAL = STAGES[-1]
USER = last(FINAL, "USER")
WRITABLE = ("/tmp", "/var/lib/deltacloud")  # noqa: S108 - in the container
SECONDS = 30


def test_all_bases_are_one_slim_python_from_wherever_images_come_from() -> None:
    bases = {last(stage, "FROM").split()[0] for stage in STAGES}
    assert len(bases) == 1
    assert re.fullmatch(r"python:3\.\d+-slim", bases.pop())


def test_the_image_runs_without_rights_and_is_stopped_as_the_server_wants() -> None:
    assert re.fullmatch(r"[1-9]\d+:[1-9]\d+", USER), "a cluster can only check numbers"
    assert last(FINAL, "STOPSIGNAL") == "SIGTERM"
    assert listed(last(FINAL, "ENTRYPOINT"))[0] == "deltacloudd"
    assert listed(last(FINAL, "HEALTHCHECK"))[0] == "python"
    port = next(option.default for option in OPTIONS if option.key == "port")
    assert last(FINAL, "EXPOSE") == str(port)
    assert not [step for step in FINAL if step.word == "RUN"], "what builds is not in the image that runs"


def test_the_pod_runs_as_the_user_of_the_image() -> None:
    (pod,) = read_yaml((ROOT / "deploy" / "kubernetes" / "deployment.yaml").read_text("utf-8"))
    security = pod["spec"]["template"]["spec"]["securityContext"]
    assert f"{security['runAsUser']}:{security['runAsGroup']}" == USER


def test_what_is_sent_to_be_built_is_what_is_copied() -> None:
    lines = (FOLDER / "Containerfile.dockerignore").read_text("utf-8").splitlines()
    sent = {line.removeprefix("!") for line in lines if line.startswith("!")}
    copied = {step.rest.split()[0] for step in STAGES[0] if step.word == "COPY"}
    assert "*" in lines
    assert sent == copied


@pytest.mark.doubles
def test_the_linter_has_nothing_to_say() -> None:
    hadolint = needed("hadolint", "deploy/container/Containerfile, by its linter")
    done = subprocess.run([hadolint, "--no-color", str(FILE)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Image]:
    """The image, with this machine's Python and programs in place of the base."""
    probe = ["unshare", "--mount", "true"]
    if os.geteuid() != 0 or shutil.which("unshare") is None or subprocess.run(probe, check=False).returncode != 0:
        pytest.skip("no root, or no mount namespaces: the steps of deploy/container/Containerfile are NOT TESTED")
    image = Image(ROOT, tmp_path_factory.mktemp("image"))
    image.carry_out(STAGES)
    yield image
    shutil.rmtree(image.root.parent)


@pytest.fixture(scope="module")
def port(image: Image, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Of a container that runs: as its user, with a root that nobody can write to."""
    port = find_free_port()
    entrypoint = [*listed(last(FINAL, "ENTRYPOINT")), "-r", HOST, "--workers", "2"]
    program = [f"/opt/deltacloud/bin/{entrypoint[0]}", *entrypoint[1:]]
    command = image.command(image.lasting(program), user=USER, writable=WRITABLE, API_PORT=str(port))
    log = tmp_path_factory.mktemp("container") / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
    try:
        _wait(port, process, log)
        yield port
    finally:
        process.terminate()
        assert process.wait(SECONDS) == 0, log.read_text("utf-8")


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            urlopen(f"http://{HOST}:{port}/readyz", timeout=SECONDS).close()
        except (URLError, ConnectionError):
            time.sleep(0.1)
        else:
            return
    raise AssertionError(log.read_text("utf-8"))


@pytest.mark.doubles
def test_the_image_holds_the_gateway_and_nothing_that_builds(image: Image) -> None:
    packages = {
        one.name.partition("-")[0].lower() for one in image.root.glob("opt/deltacloud/lib/*/site-packages/*.dist-info")
    }
    assert {"deltacloud_core", "deltacloud_mock", "gevent"} <= packages
    assert not {"pip", "setuptools", "hatchling", "build", "wheel"} & packages
    assert not list(image.root.glob("source")) + list(image.root.glob("opt/wheels"))


@pytest.mark.doubles
def test_the_health_check_tells_whether_the_container_serves(image: Image, port: int) -> None:
    check = listed(last(FINAL, "HEALTHCHECK"))

    def result(api_port: int) -> int:
        command = image.command(check, user=USER, writable=WRITABLE, API_PORT=str(api_port))
        return subprocess.run(command, stderr=subprocess.DEVNULL, check=False, timeout=SECONDS).returncode

    assert result(port) == 0
    assert result(find_free_port()) != 0


@pytest.mark.doubles
def test_the_container_serves_with_a_root_that_cannot_be_written(image: Image, port: int) -> None:
    refused = subprocess.run(
        image.command(["sh", "-c", "touch /x /opt/x /opt/deltacloud/x"], user=USER, writable=WRITABLE),
        capture_output=True,
        text=True,
        check=False,
    )
    assert refused.stderr.count("cannot touch") == 3
    assert _ask(port, "/api/instances?format=json") == 200
    assert _ask(port, "/api/keys?format=json", b"name=fresh", "application/x-www-form-urlencoded") == 201
    assert _ask(port, "/metrics") == 200


@pytest.mark.doubles
def test_a_file_that_has_to_wait_finds_room(port: int) -> None:
    """In a form whose file comes before its fields the server keeps the file in the temporary folder."""
    parts = [
        b'Content-Disposition: form-data; name="blob_data"; filename="f"\r\n\r\n' + bytes(5_000_000),
        b'Content-Disposition: form-data; name="blob_id"\r\n\r\nwaited',
    ]
    body = b"".join(b"--limit\r\n" + part + b"\r\n" for part in parts) + b"--limit--\r\n"
    assert _ask(port, "/api/buckets/bucket1?format=json", body, "multipart/form-data; boundary=limit") == 201


def _ask(port: int, path: str, body: bytes | None = None, content_type: str = "") -> int:
    pair = base64.b64encode(b"mockuser:mockpassword").decode()
    headers = {"Authorization": f"Basic {pair}"} | ({"Content-Type": content_type} if content_type else {})
    try:
        with urlopen(Request(f"http://{HOST}:{port}{path}", body, headers), timeout=SECONDS) as answer:
            return int(answer.status)
    except HTTPError as error:
        with error:
            return error.code
