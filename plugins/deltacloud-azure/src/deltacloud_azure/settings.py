"""What the operator may set in the ``[drivers.azure]`` table."""

from __future__ import annotations

from typing import Annotated

import msgspec

from deltacloud.driver import Settings


class AzureSettings(Settings, frozen=True, kw_only=True):
    """The ``[drivers.azure]`` table."""

    api_version: Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")] | None = None
    """The version of the Blob service to speak, for emulators and older installations; the SDK's own if not set."""
    page_size: Annotated[int, msgspec.Meta(ge=1, le=5000)] = 1000
    """The most that one page of a list holds."""
    parallel: Annotated[int, msgspec.Meta(ge=1, le=16)] = 4
    """How many blocks of one upload, or pieces of one download, are under way at once; each takes up to 4 MiB."""
