"""What the operator may set in the ``[drivers.rhevm]`` table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

import msgspec

from deltacloud.driver import Settings
from deltacloud_rhevm.orders import UserData


class RhevmSettings(Settings, frozen=True, kw_only=True):
    """The ``[drivers.rhevm]`` table."""

    ca_files: Mapping[str, str] = msgspec.field(default_factory=dict)
    """Certificates in PEM form by host name, for installations with an authority of their own."""
    page_size: Annotated[int, msgspec.Meta(ge=1, le=10_000)] = 200
    """How many machines or templates are asked for at a time."""
    user_data: UserData = "cloud-init"
    """How user data reaches a machine: by cloud-init, or as a file on a medium."""
    api_version: Literal[3, 4] = 4
    """Which version of the API the engines speak: 3 is for RHEV 3.x."""
