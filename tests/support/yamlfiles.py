"""Reading YAML, with types."""

from __future__ import annotations

from typing import Any

import yaml  # type: ignore[import-untyped]  # its types are a distribution of their own, for this one place


def read_yaml(text: str) -> list[dict[str, Any]]:
    """The documents in a text, each of which is a mapping."""
    documents: list[dict[str, Any]] = list(yaml.safe_load_all(text))
    return documents
