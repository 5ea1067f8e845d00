"""Hooks of hardware profiles."""

from __future__ import annotations

from deltacloud.context import Context
from deltacloud.models import HardwareProfile
from deltacloud_ec2.client import each
from deltacloud_ec2.compute.base import ComputeBase
from deltacloud_ec2.mapping.hardware_profiles import profile_from

_TABLE_SECONDS = 3600.0


class HardwareProfileHooks(ComputeBase):
    """A region's instance types; they are the same for all its callers."""

    def list_hardware_profiles(self, context: Context) -> tuple[HardwareProfile, ...]:
        """The types, kept for an hour: there are hundreds, and an answer holds a hundred."""
        client = self._ec2(context)

        def read() -> tuple[HardwareProfile, ...]:
            return tuple(map(profile_from, each(client, "describe_instance_types", "InstanceTypes")))

        return context.shared("instance types", _TABLE_SECONDS, read)

    def get_hardware_profile(self, context: Context, hardware_profile_id: str) -> HardwareProfile:
        """One type."""
        members = ("InstanceTypes", "InstanceType")
        client = self._ec2(context)
        return profile_from(
            self._found(client, "describe_instance_types", members, "instance-type", hardware_profile_id)
        )
