"""What the template makes of each kind is a driver: installed, found, proved, clean, and answering from its wheel."""

from __future__ import annotations

import base64
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from drivertemplate import KINDS, ROOT, generate
from environments import Environment
from gateway import Deltacloudd
from processes import tied

pytestmark = pytest.mark.timeout(300)  # an environment is filled from a package index

ODD = {
    ("compute", "REST"): {"name": "class", "title": 'The "Quoted" \\ {{ 7 * 7 }} Cloud', "licence": "MIT"},
    ("storage", "REST"): {"name": "x", "title": "Ünïcode ☁ 雲\u2019s \u2013 😀"},
    ("both", "SDK"): {"name": "a1234567890123456789", "title": "x" * 60, "author": "y" * 60},
    ("compute", "SDK"): {"name": "json", "title": "Both \"kinds\" of 'quotes'", "licence": "BSD-3-Clause"},
}
"""Answers that are not the usual ones, so that each kind is made with other ones."""
AS_DOCUMENTED = ("both", "REST")
"""The documentation's example is what the template makes of this kind; style, types and tutorial hold it to it."""
PROGRAMS = Path(sys.executable).parent


def _made(folder: Path, serves: str, talks: str) -> tuple[str, Path]:
    answers = {"name": "pine", **ODD.get((serves, talks), {})}
    return answers["name"], generate(folder / "project", serves=serves, talks=talks, **answers)


def _run(project: Path, *command: str | Path) -> str:
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, timeout=240, check=False, cwd=project
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


def test_a_wheel_beside_the_cores_is_a_gateway_once_the_sdk_is_there(tmp_path: Path) -> None:
    """Without an SDK the documentation's commands do the same: see the tutorial's test."""
    name, project = _made(tmp_path, "both", "SDK")
    wheels = tmp_path / "wheels"
    for source in (ROOT / "core", project):
        _run(project, sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", wheels, source)
    environment = Environment(tmp_path / "environment", *wheels.iterdir())
    assert name in environment.run("deltacloudd", "--list-drivers").split()
    servers = Deltacloudd(tmp_path)
    try:
        assert "<name>North</name>" in _realms(servers, environment, name, project)
    finally:
        servers.stop()


def _realms(servers: Deltacloudd, environment: Environment, name: str, project: Path) -> str:
    """What a server with the driver says of the realms of its fake cloud; the SDK's stand-in is the project's."""
    variables = {"PYTHONPATH": str(project / "tests")}
    with _cloud(project) as url:
        gateway = servers("-P", url, driver=name, python=environment.binaries / "python", environment=variables)
        headers = {"Authorization": f"Basic {base64.b64encode(b'ann:key-of-ann').decode()}"}
        with urlopen(Request(f"{gateway.url}/api/realms?format=xml", headers=headers), timeout=30) as answer:
            return str(answer.read(), "utf-8")


@contextmanager
def _cloud(project: Path) -> Iterator[str]:
    """The project's fake cloud, as its README starts it."""
    command = tied([sys.executable, "-m", "fakecloud", "0"])
    with subprocess.Popen(command, cwd=project / "tests", stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            yield process.stdout.readline().split()[0]
        finally:
            process.terminate()


@pytest.mark.parametrize(("serves", "talks"), [kind for kind in KINDS if kind != AS_DOCUMENTED])
def test_a_generated_driver_keeps_the_contract_and_is_clean(serves: str, talks: str, tmp_path: Path) -> None:
    name, project = _made(tmp_path, serves, talks)
    _run(project, PROGRAMS / "ruff", "check", "--no-cache")
    _run(project, PROGRAMS / "ruff", "format", "--check", "--no-cache")
    _run(project, PROGRAMS / "mypy", f"--cache-dir={ROOT / 'build' / 'mypy-template'}")
    report = _run(project, _installed(project), "-m", "pytest", "-p", "no:cacheprovider")
    assert f"driver contract: {name} (quick)" in report
    unchecked = [line.split(":")[0] for line in report.splitlines() if line.startswith("NOT CHECKED")]
    assert unchecked == ([] if serves == "compute" else ["NOT CHECKED  blobs.streamed"])


def _installed(project: Path) -> Path:
    """The Python of an environment that has the project, and sees what is installed here."""
    _run(project, sys.executable, "-m", "venv", "--without-pip", project / ".venv")
    python = project / ".venv" / "bin" / "python"
    (packages,) = (project / ".venv" / "lib").glob("python*/site-packages")
    here = sysconfig.get_path("purelib")
    (packages / "here.pth").write_text(f"import site; site.addsitedir({here!r})\n", "utf-8")
    pip = (sys.executable, "-m", "pip", "--python", python, "install", "--quiet")
    _run(project, *pip, "--no-deps", "--no-build-isolation", "--editable", project)
    return python
