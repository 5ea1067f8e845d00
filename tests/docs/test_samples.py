"""The documentation is true: its samples are run against a real server, and its links lead somewhere.

A shell sample is a fenced block marked ``console``. A line that begins with ``$ `` is a command, which goes on as long
as its lines end with a backslash; what follows, up to the next one, is its output, where ``...`` stands for anything.
The samples of a page share one server with a fresh mock cloud, and one folder. Blocks marked ``sh`` are for the reader
alone.

A block marked ``python`` is run by itself, and one marked ``toml`` that has a ``[server]`` table is read as the server
reads its settings.
"""

from __future__ import annotations

import doctest
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from deltacloud.driver import Driver
from deltacloud.driver import read_settings as read_driver_settings
from deltacloud.kernel import GatewaySettings, LoadedDriver
from deltacloud.server.settings import read_settings
from deltacloud_mock import MockSettings
from docexamples import installed
from gateway import Deltacloudd

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    page for pattern in ("*.md", "docs/**/*.md", "core/*.md", "plugins/*/*.md") for page in ROOT.glob(pattern)
)
DOCUMENTED_ADDRESS = "localhost:3001"
SERVERS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "docs/driver.md": ("tiny", "deltacloud-tiny", ()),
    "docs/extensions.md": ("mock", "deltacloud-names", ("-f", "deltacloud,names")),
}
"""Pages whose server has another driver, an example installed, or further options."""
LINK = re.compile(r"\]\((?!https?://)([^)#\s]*)(?:#([^)\s]+))?\)")
FENCED = re.compile(r"^( *)```.*?^\1```$", re.MULTILINE | re.DOTALL)
GENERATED = re.compile(r"deltacloud\.\w+")
"""The beginning of anchors that are made from the code when the documentation is built."""


class Sample(NamedTuple):
    """A command and the output that the page shows."""

    command: str
    output: str


def _blocks(page: Path, mark: str) -> list[str]:
    """The blocks of a page; those aside that are a part of an example, which has tests of its own."""
    blocks = re.findall(rf"^```{mark}\n(.*?)^```$", page.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    return [block for block in blocks if not block.startswith("--8<--")]


def _samples(page: Path) -> Iterator[Sample]:
    for block in _blocks(page, "console"):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            while command.endswith("\\"):
                line, _, output = output.partition("\n")
                command = f"{command}\n{line}"
            yield Sample(command, output)


def _run(command: str, port: int, folder: Path) -> str:
    address = f"localhost:{port}"
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        ["bash", "-c", command.replace(DOCUMENTED_ADDRESS, address)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=folder,
        env=os.environ | {"PATH": path},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.replace("\r\n", "\n").replace(address, DOCUMENTED_ADDRESS)


def _name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", [page for page in PAGES if list(_samples(page))], ids=_name)
def test_the_samples_of_a_page_do_what_it_says(page: Path, deltacloudd: Deltacloudd, tmp_path: Path) -> None:
    if shutil.which("curl") is None:
        pytest.skip("the samples need curl, which is not installed")
    driver, example, options = SERVERS.get(_name(page), ("mock", "", ()))
    environment = installed(tmp_path / "site", example) if example else None
    gateway = deltacloudd(*options, driver=driver, environment=environment)
    checker = doctest.OutputChecker()
    for sample in _samples(page):
        shown = _run(sample.command, gateway.port, tmp_path)
        expected = f"{sample.output.rstrip()}\n"
        alike = checker.check_output(expected, f"{shown.rstrip()}\n", doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
        assert alike, f"$ {sample.command}\n--- the page says\n{expected}--- the server says\n{shown}"


@pytest.mark.parametrize("page", [page for page in PAGES if _blocks(page, "python")], ids=_name)
def test_the_python_samples_of_a_page_run_and_their_drivers_load(page: Path) -> None:
    for block in _blocks(page, "python"):
        names: dict[str, object] = {"__name__": "sample"}
        exec(compile(block, str(page), "exec"), names)  # noqa: S102 - our own documentation
        for kind in names.values():
            if isinstance(kind, type) and issubclass(kind, Driver) and kind is not Driver:
                LoadedDriver(kind.name, kind, GatewaySettings()).close()


@pytest.mark.parametrize("page", [page for page in PAGES if _blocks(page, "toml")], ids=_name)
def test_the_settings_that_a_page_shows_are_read(page: Path, tmp_path: Path) -> None:
    for block in _blocks(page, "toml"):
        document = tomllib.loads(block)
        if "server" in document:
            file = tmp_path / "settings.toml"
            file.write_text(block, "utf-8")
            settings = read_settings({"config": str(file)}, {}).gateway
            assert settings.drivers.keys() <= {"mock"}
            read_driver_settings(MockSettings, settings.drivers.get("mock", {}), {})


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_link_leads_to_a_file_and_to_a_heading_in_it(page: Path) -> None:
    lost = []
    for target, anchor in LINK.findall(FENCED.sub("", page.read_text("utf-8"))):
        file = (page.parent / target) if target else page
        if not file.exists() or (anchor and not GENERATED.match(anchor) and anchor not in _anchors(file)):
            lost.append(f"{target}#{anchor}")
    assert lost == []


def _anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as mkdocs makes them."""
    headings = re.findall(r"^#+ (.*)$", FENCED.sub("", page.read_text("utf-8")), re.MULTILINE)
    return {re.sub(r"[\s-]+", "-", re.sub(r"[^\w\s-]", "", heading).strip().lower()) for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_snippet_is_in_its_file(page: Path) -> None:
    for path, _, part in re.findall(r'--8<-- "([^":]+)(:([^"]+))?"', page.read_text("utf-8")):
        text = (ROOT / path).read_text("utf-8")
        assert not part or (f"[start:{part}]" in text and f"[end:{part}]" in text), f"{path}:{part}"


def test_the_pages_and_continuous_integration_set_up_alike() -> None:
    steps = ["python3 -m venv .venv", ".venv/bin/pip install -qc constraints.txt nox", ".venv/bin/nox"]
    command = " && ".join(steps)
    readme, start, integration = (
        (ROOT / name).read_text("utf-8") for name in ("README.md", "docs/start.md", ".ci/run")
    )
    assert f"\n{command}\n" in readme
    assert f"\n{command} -s serve\n" in readme
    assert f"\n{command} -s serve\n" in start
    assert [step for step in steps if f"\n{step}" not in integration] == []
