"""Where the recorded exchanges lie, which are no part of this repository."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

RECORDED = Path(os.environ.get("DELTACLOUD_RECORDED") or Path(__file__).parents[3] / "shared")
"""The folder: ``DELTACLOUD_RECORDED``, or ``shared`` beside the repository."""
GOLDEN = RECORDED / "golden"
"""The exchanges with the original server."""

Golden: TypeAlias = Callable[[str], str]
"""Gives the recorded body of an answer by its name."""
