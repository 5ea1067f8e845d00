"""The official SDK of oVirt: a client by other people, in an environment of its own, for it is compiled."""

from __future__ import annotations

import pytest

from programs import FOLDER

_PYTHON = FOLDER.parent / "ovirtsdk" / "bin" / "python"


def python_with_sdk(untested: str) -> str:
    """The interpreter that has it; without it the test is skipped, and says what is left untested."""
    if not _PYTHON.exists():
        pytest.skip(f"the SDK of oVirt is not installed (nox -s doubles compiles it): NOT TESTED: {untested}")
    return str(_PYTHON)
