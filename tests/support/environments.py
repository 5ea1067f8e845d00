"""Clean virtual environments, as strangers have them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

ROOT = Path(__file__).parents[2]
CONSTRAINTS = ROOT / "constraints.txt"
DIST = ROOT / "dist"
VENDOR_SDKS = frozenset({
    "azure-core", "boto3", "botocore", "google-cloud-storage", "keystoneauth1", "openstacksdk",
    "ovirt-engine-sdk-python", "pyvmomi",
})  # fmt: skip
"""Distributions of which clouds' SDKs consist; each is for its own driver alone."""


def wheel(name: str) -> Path:
    """The wheel of a distribution that was built here, by its name in file names."""
    found = list(DIST.glob(f"{name}-*.whl"))
    assert len(found) == 1, f"{len(found)} wheels of {name} in dist/: `nox -s install` builds exactly one"
    return found[0]


class Environment:
    """A virtual environment with nothing in it but wheels and what they ask for."""

    def __init__(self, folder: Path, *wheels: Path) -> None:
        self.binaries = folder / "bin"
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        self.run("python", "-m", "pip", "install", "--quiet", "--constraint", str(CONSTRAINTS), *map(str, wheels))

    def run(self, program: str, *arguments: str) -> str:
        """Runs a program of the environment and returns what it wrote to standard output."""
        command = [str(self.binaries / program), *arguments]
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("API_", "PYTHON"))}
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=clean)
        assert done.returncode == 0, f"{program} {' '.join(arguments)} ended with {done.returncode}:\n{done.stderr}"
        return done.stdout

    def distributions(self) -> set[str]:
        """The names of all that is installed."""
        return {entry["name"].lower() for entry in json.loads(self.run("python", "-m", "pip", "list", "--format=json"))}


Installing: TypeAlias = Callable[..., Environment]
"""``installed("core", "mock")``: the environment with the wheels of these distributions."""
