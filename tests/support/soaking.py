"""How large a soak test is, its randomness, and what it prints at the end."""

from __future__ import annotations

import os
import random
from collections.abc import Mapping
from pathlib import Path

WHOLE_SECONDS = 3000
"""The length of a whole soak run; continuous integration runs a fiftieth."""
SECONDS = float(os.environ.get("DELTACLOUD_SOAK") or 60)
"""The length of this one."""


def times(whole: int, variable: str) -> int:
    """How often something happens in this run: as the variable says, else the run's share of a whole one's number."""
    return int(os.environ.get(variable) or max(1, round(whole * SECONDS / WHOLE_SECONDS)))


def seeded(name: str) -> tuple[int, random.Random]:
    """A number that is printed with the result, and randomness from it; DELTACLOUD_SOAK_SEED gives the number again."""
    seed = int(os.environ.get("DELTACLOUD_SOAK_SEED") or random.SystemRandom().randrange(10**6))
    return seed, random.Random(f"{name} {seed}")  # noqa: S311 - nothing secret comes from it


def workers_of(pid: int) -> list[int]:
    """The process ids of a server's workers: the children of its master."""
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()]
    except OSError:
        return []


def show(title: str, figures: Mapping[str, object]) -> None:
    """Print a table."""
    width = max(map(len, figures))
    lines = [f"  {name:<{width}}  {value}" for name, value in figures.items()]
    print("\n".join(["", title, *lines]))  # noqa: T201 - what a soak test is read for
