"""What operators may set."""

from __future__ import annotations

from typing import Annotated

from deltacloud.driver import Settings, from_environment


# 6. What operators may set.
class PineSettings(Settings, frozen=True, kw_only=True):
    """The ``[drivers.pine]`` table."""

    page_size: Annotated[int, from_environment("PINE_PAGE_SIZE")] = 100
    """The most that one answer of the cloud shall hold."""
