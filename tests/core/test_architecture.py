"""What holds for the repository as a whole: light imports, clean files, complete distributions, small modules."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from importlib.metadata import entry_points
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DISTRIBUTIONS = [ROOT / "core", *sorted(path.parent for path in ROOT.glob("plugins/*/pyproject.toml"))]
DRIVER_MODULES = sorted({entry.module for entry in entry_points(group="deltacloud.drivers")})
CONTRACT = [
    "context", "driver", "errors", "features", "hardware", "hookspecs", "inputs", "models", "outbound", "parameters",
    "providers", "blobs", "redaction", "secret", "states",
]  # fmt: skip
"""The modules of the core that a driver builds on: the two lowest floors."""

KEPT_OUT = {"falcon", "gevent", "gunicorn", "jinja2", "stevedore"}
VENDOR_SDKS = {
    "azure", "boto3", "botocore", "google", "keystoneauth1", "keystoneclient", "libvirt", "novaclient", "openstack",
    "ovirtsdk4", "pyVmomi", "pyone", "swiftclient",
}  # fmt: skip
LONGEST_MODULE = 500

NOT_TO_BE_NAMED = {
    "a package registry's host": r"(?:pypi|pythonhosted|npmjs|rubygems|crates|yarnpkg)\.(?:org|com|io)\b|\bpypi\.",
    "somebody's home folder": r"(?<![\w.])/(?:home|Users|root)/\w",
    "the machine it was written on": r"(?<![\w.])/work/\w",
}


def _loaded_by(module: str) -> set[str]:
    """The top-level modules that a fresh interpreter holds after importing the module."""
    program = f"import sys, {module}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    return set(
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    )


def _tracked_files() -> list[Path]:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [path for name in listing.split("\0") if name and (path := ROOT / name).is_file()]


def _project(distribution: Path) -> dict[str, object]:
    return dict(tomllib.loads((distribution / "pyproject.toml").read_text(encoding="utf-8"))["project"])


def _packages(distribution: Path) -> list[Path]:
    return [path.parent for path in distribution.glob("src/*/__init__.py")]


@pytest.mark.parametrize("module", [f"deltacloud.{name}" for name in CONTRACT] + DRIVER_MODULES)
def test_importing_the_contract_or_a_driver_loads_no_web_framework_and_no_cloud_sdk(module: str) -> None:
    assert not _loaded_by(module) & (KEPT_OUT | VENDOR_SDKS)


def test_the_core_names_no_cloud_sdk_at_all() -> None:
    pattern = re.compile(rf"^\s*(?:import|from)\s+(?:{'|'.join(VENDOR_SDKS)})\b", re.MULTILINE)
    sources = (ROOT / "core" / "src").rglob("*.py")
    assert [path for path in sources if pattern.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("what", NOT_TO_BE_NAMED)
def test_no_tracked_file_names(what: str) -> None:
    pattern = re.compile(NOT_TO_BE_NAMED[what].encode())
    naming = [
        f"{path.relative_to(ROOT)}: {found[0].decode(errors='replace')}"
        for path in _tracked_files()
        if path != Path(__file__) and (found := pattern.search(path.read_bytes()))
    ]
    assert naming == []


@pytest.mark.parametrize("distribution", DISTRIBUTIONS, ids=lambda path: path.name)
def test_every_distribution_is_complete(distribution: Path) -> None:
    project = _project(distribution)
    assert (distribution / "LICENSE").is_file()
    assert (distribution / "README.md").read_text(encoding="utf-8").startswith(f"# {project['name']}\n")
    assert (distribution / "CHANGELOG.md").is_file()
    assert project["license"] == "Apache-2.0"
    assert project["requires-python"] == ">=3.11"
    for package in _packages(distribution):
        assert (package / "py.typed").is_file()
        assert re.search(
            r'^__version__ = "\d+\.\d+', (package / "__init__.py").read_text(encoding="utf-8"), re.MULTILINE
        )


@pytest.mark.parametrize("distribution", DISTRIBUTIONS[1:], ids=lambda path: path.name)
def test_every_plugin_is_held_to_the_rules_of_imports_and_types(distribution: Path) -> None:
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    assert f"$MYPY_CONFIG_FILE_DIR/plugins/{distribution.name}/src" in tools["mypy"]["mypy_path"]
    settings = tools["importlinter"]
    rules = [contract["source_modules"] for contract in settings["contracts"] if contract["type"] == "forbidden"]
    for package in _packages(distribution):
        assert package.name in settings["root_packages"]
        assert any(package.name in modules for modules in rules)


@pytest.mark.parametrize("distribution", DISTRIBUTIONS, ids=lambda path: path.name)
def test_modules_fit_in_a_head(distribution: Path) -> None:
    lengths = {path: len(path.read_bytes().splitlines()) for path in (distribution / "src").rglob("*.py")}
    assert lengths
    assert {path.name: length for path, length in lengths.items() if length > LONGEST_MODULE} == {}
