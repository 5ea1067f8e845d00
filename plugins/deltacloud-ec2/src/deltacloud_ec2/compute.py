"""The hooks of compute, put together."""

from __future__ import annotations

from deltacloud.features import Feature
from deltacloud.models import HardwareProfile
from deltacloud.states import StateMachine
from deltacloud_ec2.base import AwsBase

FEATURES: tuple[Feature, ...] = ()
HARDWARE_PROFILES: tuple[HardwareProfile, ...] = ()
LIMITATIONS: tuple[str, ...] = ()
STATES = StateMachine(
    ("start", None, "pending"),
    ("pending", None, "running"),
    ("running", "reboot", "running"),
    ("running", "stop", "stopping"),
    ("stopping", None, "stopped"),
    ("stopped", "start", "running"),
    ("stopped", "destroy", "finish"),
)


class ComputeHooks(AwsBase):
    """Everything but storage of objects."""
