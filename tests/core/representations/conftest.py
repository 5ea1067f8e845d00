"""The recorded answers, for all tests of writers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from recordings import Golden


@pytest.fixture(scope="module")
def golden(recorded: Path) -> Golden:
    """Gives the recorded body of an answer by its name."""

    def read(name: str) -> str:
        body = json.loads((recorded / "golden" / f"{name}.json").read_text(encoding="utf-8"))["response"]["body"]
        assert isinstance(body, str)
        return body

    return read
