"""The checks, one module for each part of the contract; importing this package registers all of them."""

from __future__ import annotations

from importlib import import_module

from deltacloud.testing.check import REGISTRY, Check

_MODULES = (
    "declarations", "access", "collections", "paging", "filters", "creating", "references", "lifecycle", "launching",
    "networking", "disks", "blobs", "contents", "segments", "faults", "lost", "callers", "secrecy", "documents",
)  # fmt: skip

for _name in _MODULES:
    import_module(f"{__name__}.{_name}")

CHECKS: tuple[Check, ...] = tuple(REGISTRY)
"""All checks, in the order in which they are made."""
