"""The documentation is true: its shell samples are run against a real server, and its links lead somewhere.

A sample is a fenced block marked ``console``. A line that begins with ``$ `` is a command; what follows, up to the next
one, is its output, where ``...`` stands for anything. The samples of a page share one server with a fresh mock cloud.
"""

from __future__ import annotations

import doctest
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from gateway import Deltacloudd

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    page for pattern in ("*.md", "docs/**/*.md", "core/*.md", "plugins/*/*.md") for page in ROOT.glob(pattern)
)
DOCUMENTED_ADDRESS = "localhost:3001"
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?://|#)([^)#\s]+)")


class Sample(NamedTuple):
    """A command and the output that the page shows."""

    command: str
    output: str


def _samples(page: Path) -> Iterator[Sample]:
    for block in BLOCK.findall(page.read_text(encoding="utf-8")):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            yield Sample(command, output)


def _run(command: str, port: int) -> str:
    address = f"localhost:{port}"
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        ["bash", "-c", command.replace(DOCUMENTED_ADDRESS, address)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=os.environ | {"PATH": path},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.replace("\r\n", "\n").replace(address, DOCUMENTED_ADDRESS)


def _name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", [page for page in PAGES if list(_samples(page))], ids=_name)
def test_the_samples_of_a_page_do_what_it_says(page: Path, deltacloudd: Deltacloudd) -> None:
    if shutil.which("curl") is None:
        pytest.skip("the samples need curl, which is not installed")
    gateway = deltacloudd()
    checker = doctest.OutputChecker()
    for sample in _samples(page):
        shown = _run(sample.command, gateway.port)
        expected = f"{sample.output.rstrip()}\n"
        alike = checker.check_output(expected, f"{shown.rstrip()}\n", doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
        assert alike, f"$ {sample.command}\n--- the page says\n{expected}--- the server says\n{shown}"


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_link_to_a_file_leads_to_one(page: Path) -> None:
    targets = LINK.findall(page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


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
