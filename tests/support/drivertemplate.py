"""Projects made from the template of drivers."""

from __future__ import annotations

import shutil
from pathlib import Path

from copier import run_copy

ROOT = Path(__file__).parents[2]
TEMPLATE = ROOT / "templates" / "driver"
PINE = ROOT / "docs" / "examples" / "deltacloud-pine"
PINE_ANSWERS: dict[str, str | int] = {"name": "pine", "author": "The Deltacloud authors", "year": 2026}
"""The answers that make the documentation's example."""
KINDS = [(serves, talks) for serves in ("both", "compute", "storage") for talks in ("REST", "SDK")]


def generate(folder: Path, **answers: str | int) -> Path:
    """A project in a new folder; what is not answered has its default.

    Raises:
        ValueError: an answer is refused.
    """
    run_copy(str(TEMPLATE), folder, data=answers, defaults=True, quiet=True)
    return folder


def files(project: Path) -> dict[str, str]:
    """The text of a project's files by their paths; what tools leave there is none of it."""
    made = (".venv", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", "dist")
    return {
        path.relative_to(project).as_posix(): path.read_text("utf-8")
        for path in sorted(project.rglob("*"))
        if path.is_file() and not set(path.parts) & set(made)
    }


if __name__ == "__main__":
    shutil.rmtree(PINE)
    generate(PINE, **PINE_ANSWERS)
