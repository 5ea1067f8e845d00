"""What the operator may set in the ``[drivers.ec2]`` table."""

from __future__ import annotations

from deltacloud.driver import Settings


class Ec2Settings(Settings, frozen=True, kw_only=True):
    """Settings of the driver; all are optional."""
