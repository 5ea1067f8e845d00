"""The marker of hook specifications, and the type of what list hooks return."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias, TypeVar

import pluggy

from deltacloud.models import Model, Page

PROJECT = "deltacloud"

Item = TypeVar("Item", bound=Model)
Listing: TypeAlias = Iterable[Item] | Page[Item]
"""What a list hook returns: any iterable of models, or a page of them when it names ``page``."""

Hook = TypeVar("Hook", bound=Callable[..., Any])


def hookspec(function: Hook) -> Hook:
    """Marks a hook specification: one implementation answers, and no second one is asked."""
    return pluggy.HookspecMarker(PROJECT)(function, firstresult=True)
