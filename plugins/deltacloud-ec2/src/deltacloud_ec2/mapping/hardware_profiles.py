"""Instance types, which are this project's hardware profiles.

Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceTypeInfo.html
"""

from __future__ import annotations

from collections.abc import Sequence

from deltacloud.hardware import HardwareProperty, Number, choice, fixed
from deltacloud.models import HardwareProfile
from deltacloud_ec2.client import Record

_USUAL = "x86_64"


def profile_from(record: Record) -> HardwareProfile:
    """An instance type."""
    return profile(
        record["InstanceType"],
        cpu=record["VCpuInfo"]["DefaultVCpus"],
        memory=record["MemoryInfo"]["SizeInMiB"],
        storage=(record.get("InstanceStorageInfo") or {}).get("TotalSizeInGB", 0),
        architectures=(record.get("ProcessorInfo") or {}).get("SupportedArchitectures") or (),
        lasting=record.get("SupportedRootDeviceTypes") == ["ebs"],
    )


def profile(
    name: str, *, cpu: Number, memory: Number, storage: Number, architectures: Sequence[str], lasting: bool
) -> HardwareProfile:
    """A profile.

    Args:
        name: The type.
        cpu: Its virtual processors.
        memory: MB of 2^20 bytes.
        storage: GB of its own disks, all together; 0 without any.
        architectures: What it runs; an image decides among several.
        lasting: Whether its root disk can only be a volume.
    """
    properties = (
        fixed("cpu", cpu), fixed("memory", memory), fixed("storage", storage), *_architecture(architectures),
        *((fixed("root_type", "persistent"),) if lasting else ()),
    )  # fmt: skip
    return HardwareProfile(id=name, name=name, properties=properties)


def _architecture(names: Sequence[str]) -> tuple[HardwareProperty, ...]:
    if len(names) < 2:  # noqa: PLR2004 - one is no choice
        return tuple(fixed("architecture", name) for name in names)
    return (choice("architecture", tuple(names), _USUAL if _USUAL in names else None),)
