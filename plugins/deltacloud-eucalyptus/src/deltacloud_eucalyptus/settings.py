"""What the operator may set in the ``[drivers.eucalyptus]`` table."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from deltacloud.hardware import fixed
from deltacloud.models import HardwareProfile
from deltacloud_ec2.settings import Ec2Settings


class InstanceType(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A size: processors, memory in MB of 2^20 bytes, storage in GB of 2^30."""

    cpu: int
    memory: int
    storage: int
    architecture: str = "x86_64"

    def profile(self, name: str) -> HardwareProfile:
        """It, as a hardware profile."""
        properties = (
            fixed("cpu", self.cpu),
            fixed("memory", self.memory),
            fixed("storage", self.storage),
            fixed("architecture", self.architecture),
        )
        return HardwareProfile(id=name, name=name, properties=properties)


class EucalyptusSettings(Ec2Settings, frozen=True, kw_only=True):
    """Settings of the driver; all are optional."""

    instance_types: Mapping[str, InstanceType] = msgspec.field(default_factory=dict)
    """The sizes of the cloud, by name, where its administrators have changed them."""
