"""Programs of others that tests run against: where they are, and what to say where they are not."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "build" / "doubles" / "bin"
"""What ``nox -s doubles`` has installed for this checkout alone."""
SYSTEM_FOLDERS = "/usr/sbin:/sbin:/usr/bin:/bin:/usr/local/sbin:/usr/local/bin"
"""Where servers are installed; a user's search path often lacks some of these."""


def program(name: str) -> str | None:
    """The path of a program, this checkout's own first; None where it is not installed."""
    return shutil.which(name, path=str(FOLDER)) or shutil.which(name) or shutil.which(name, path=SYSTEM_FOLDERS)


def needed(name: str, untested: str) -> str:
    """The path of a program; without it the test is skipped, and says what is left untested."""
    path = program(name)
    if path is None:
        pytest.skip(f"{name} is not installed (nox -s doubles installs it): NOT TESTED: {untested}")
    return path
