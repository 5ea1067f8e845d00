"""The distributions below ``docs/examples``, as if they were installed."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"


def installed(folder: Path, *names: str) -> dict[str, str]:
    """Environment variables with which a process finds examples: their sources, and what installing would write.

    Args:
        folder: An empty or missing folder, for the metadata.
        names: Their folders' names: ``deltacloud-tiny``.
    """
    for name in names:
        project = tomllib.loads((EXAMPLES / name / "pyproject.toml").read_text("utf-8"))["project"]
        entry_points_of(folder, project["name"], project["entry-points"], project["version"])
    paths = [str(folder), *(str(EXAMPLES / name / "src") for name in names), os.environ.get("PYTHONPATH", "")]
    return {"PYTHONPATH": os.pathsep.join(filter(None, paths))}


@contextmanager
def importable(folder: Path, *names: str) -> Iterator[None]:
    """Examples that this process finds as if they were installed; see :func:`installed`."""
    installed(folder, *names)
    with pytest.MonkeyPatch.context() as patch:
        for path in (folder, *(EXAMPLES / name / "src" for name in names)):
            patch.syspath_prepend(path)
        yield


def entry_points_of(folder: Path, name: str, groups: Mapping[str, Mapping[str, str]], version: str = "1.0") -> None:
    """Write what installing a distribution would write about its entry points."""
    metadata = folder / f"{name.replace('-', '_')}-{version}.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", "utf-8")
    lines = []
    for group, entries in groups.items():
        lines += [f"[{group}]", *(f"{entry} = {value}" for entry, value in entries.items())]
    (metadata / "entry_points.txt").write_text("\n".join(lines) + "\n", "utf-8")
