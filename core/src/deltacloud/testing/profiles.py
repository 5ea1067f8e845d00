"""How thorough a run is."""

from __future__ import annotations

from typing import NamedTuple

MIB = 1024 * 1024


class Profile(NamedTuple):
    """How thorough a run is.

    Attributes:
        name: What ``--contract-profile`` calls it.
        blob_bytes: The size of the large blob.
        deadline: How long calls of dead and slow backends may take, in seconds.
        examples: How many lives of instances are tried.
        steps: How many actions each life has at most.
        rounds: How often callers call at once.
    """

    name: str
    blob_bytes: int
    deadline: float
    examples: int
    steps: int
    rounds: int


PROFILES = {
    one.name: one
    for one in (
        Profile("quick", blob_bytes=8 * MIB, deadline=1.0, examples=20, steps=8, rounds=5),
        Profile("full", blob_bytes=100 * MIB, deadline=5.0, examples=100, steps=20, rounds=40),
    )
}
