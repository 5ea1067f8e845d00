"""The commands of "Write a driver" do what the page says, one after the other, from nothing to a running wheel."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivertemplate import ROOT
from environments import CONSTRAINTS
from gateway import find_free_port
from terminal import Terminal, alike

pytestmark = pytest.mark.timeout(600)  # environments are filled from a package index

PAGE = (ROOT / "docs" / "driver.md").read_text("utf-8")
BLOCK = re.compile(r'^```console title="terminal"\n(.*?)^```$', re.MULTILINE | re.DOTALL)


def _samples() -> Iterator[tuple[str, str]]:
    """Commands, and what the page says they show."""
    for block in BLOCK.findall(PAGE):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            yield command, output


def test_the_commands_of_the_page_do_what_it_says(tmp_path: Path) -> None:
    wheels = tmp_path / "wheels"
    build = [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", str(wheels), str(ROOT / "core")]
    subprocess.run(build, check=True, capture_output=True)
    ports = {"8200": str(find_free_port()), "3001": str(find_free_port())}
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("API_", "PYTHON", "VIRTUAL"))}
    variables = clean | {
        "API_PORT": ports["3001"],
        "PIP_CONSTRAINT": str(CONSTRAINTS),
        "PIP_FIND_LINKS": str(wheels),
        "PYTHONUNBUFFERED": "1",
    }
    folder = tmp_path / "stranger"
    folder.mkdir()
    with Terminal(folder, variables) as terminal:
        for command, output in _samples():
            expected = _elsewhere(output, ports)
            shown = terminal.run(_elsewhere(command, ports), expected)
            assert alike(expected, shown), f"$ {command}\n--- the page says\n{expected}--- it shows\n{shown}"


def _elsewhere(text: str, ports: dict[str, str]) -> str:
    """The same on ports that are free here."""
    for documented, free in ports.items():
        text = text.replace(f":{documented}", f":{free}")
    return text.replace("python -m fakecloud", f"python -m fakecloud {ports['8200']}")
