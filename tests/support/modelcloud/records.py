"""Records: what is known of one thing, by plain names."""

from __future__ import annotations

from datetime import datetime
from typing import Any

Record = dict[str, Any]


def moment(text: str | None) -> datetime | None:
    """A time in a document."""
    return None if text is None else datetime.fromisoformat(text)
