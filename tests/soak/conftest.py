"""What the soak tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway import Deltacloudd
from markedserver import MarkedServer


@pytest.fixture
def marked(deltacloudd: Deltacloudd, tmp_path: Path) -> MarkedServer:
    """Starts servers that note which requests they have begun to serve."""
    return MarkedServer(deltacloudd, tmp_path)
