"""Distributions made up on the spot: a module, and the metadata that makes it installed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent

import pytest

Install = Callable[..., None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Installs a distribution with one module: ``install("name", {"group": {"entry": "module:Object"}}, source)``."""
    modules: list[str] = []

    def installer(distribution: str, entry_points: dict[str, dict[str, str]], source: str) -> None:
        version = "1.0"
        site = tmp_path / distribution
        metadata = site / f"{distribution.replace('-', '_')}-{version}.dist-info"
        metadata.mkdir(parents=True)
        (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\n")
        lines = []
        for group, entries in entry_points.items():
            lines += [f"[{group}]", *(f"{name} = {value}" for name, value in entries.items())]
        (metadata / "entry_points.txt").write_text("\n".join(lines) + "\n")
        module = distribution.replace("-", "_") + "_module"
        (site / f"{module}.py").write_text(dedent(source))
        modules.append(module)
        monkeypatch.syspath_prepend(str(site))

    yield installer
    for module in modules:
        sys.modules.pop(module, None)


GOOD = """
    from deltacloud.driver import Driver
    from deltacloud.models import Instance, Realm

    class Good(Driver):
        name, title, contract = "good", "Good Cloud", 1

        def list_realms(self, context):
            yield Realm(id="here")

        def list_instances(self, context, filters):
            for number in range(5):
                yield Instance(id=f"i{number}", state="RUNNING")
"""
"""A driver that is right."""


@pytest.fixture
def good(install: Install) -> None:
    """The good driver, installed."""
    install("deltacloud-good", {"deltacloud.drivers": {"good": "deltacloud_good_module:Good"}}, GOOD)
