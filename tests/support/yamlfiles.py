"""Reading YAML, with types."""

from __future__ import annotations

import base64
from typing import Any

import yaml  # type: ignore[import-untyped]  # its types are a distribution of their own, for this one place


class _Loader(yaml.SafeLoader):  # type: ignore[misc]
    """Knows what Ruby writes for text that is no ASCII."""


_Loader.add_constructor("!binary", lambda _, node: base64.b64decode(node.value).decode("utf-8", "replace"))


def read_yaml(text: str) -> list[dict[str, Any]]:
    """The documents in a text, each of which is a mapping."""
    documents: list[dict[str, Any]] = list(yaml.load_all(text, _Loader))
    return documents
