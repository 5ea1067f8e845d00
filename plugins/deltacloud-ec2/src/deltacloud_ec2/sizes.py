"""The sizes that are shown to who has no credentials: common instance types as of November 2026.

With good credentials the region's own list is shown. Source: https://docs.aws.amazon.com/ec2/latest/instancetypes/
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from deltacloud.models import HardwareProfile
from deltacloud_ec2.mapping.hardware_profiles import profile

_X86, _ARM, _OLD = ("x86_64",), ("arm64",), ("i386", "x86_64")
_MB = 1024
_UP_TO_16 = ("large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge")
_UP_TO_24 = (*_UP_TO_16, "24xlarge")
_COMPUTE_5 = ("large", "xlarge", "2xlarge", "4xlarge", "9xlarge", "12xlarge", "18xlarge", "24xlarge")
_FAMILIES = (
    ("m5", _X86, _UP_TO_24), ("m6i", _X86, (*_UP_TO_24, "32xlarge")), ("m7i", _X86, (*_UP_TO_24, "48xlarge")),
    ("m6g", _ARM, ("medium", *_UP_TO_16)), ("m7g", _ARM, ("medium", *_UP_TO_16)),
    ("m8g", _ARM, ("medium", *_UP_TO_24, "48xlarge")),
    ("c5", _X86, _COMPUTE_5), ("c6i", _X86, (*_UP_TO_24, "32xlarge")), ("c7i", _X86, (*_UP_TO_24, "48xlarge")),
    ("c6g", _ARM, ("medium", *_UP_TO_16)), ("c7g", _ARM, ("medium", *_UP_TO_16)),
    ("c8g", _ARM, ("medium", *_UP_TO_24, "48xlarge")),
    ("r5", _X86, _UP_TO_24), ("r6i", _X86, (*_UP_TO_24, "32xlarge")), ("r7i", _X86, (*_UP_TO_24, "48xlarge")),
    ("r6g", _ARM, ("medium", *_UP_TO_16)), ("r7g", _ARM, ("medium", *_UP_TO_16)),
    ("r8g", _ARM, ("medium", *_UP_TO_24, "48xlarge")),
)  # fmt: skip
"""Families whose sizes differ by their number of processors alone, which decides their memory; none has disks."""
_GB_PER_CPU = {"c": 2, "m": 4, "r": 8}
_BURSTING = (("nano", 0.5), ("micro", 1), ("small", 2), ("medium", 4), ("large", 8), ("xlarge", 16), ("2xlarge", 32))
"""Sizes of the families that save processor time up, and their memory in GB."""
_BURSTING_CPUS = {"xlarge": 4, "2xlarge": 8}
_FIRST = (
    ("t1.micro", 1, 627, 0, _OLD), ("m1.small", 1, 1740, 160, _OLD), ("m1.medium", 1, 3788, 410, _OLD),
    ("m1.large", 2, 7680, 840, _X86), ("m1.xlarge", 4, 15360, 1680, _X86), ("c1.medium", 2, 1740, 350, _OLD),
    ("c1.xlarge", 8, 7168, 1680, _X86), ("m2.xlarge", 2, 17510, 420, _X86), ("m2.2xlarge", 4, 35020, 850, _X86),
    ("m2.4xlarge", 8, 70041, 1680, _X86),
)  # fmt: skip
"""The first generation, which old clients name: processors, MB, GB."""


def _cpus(size: str) -> int:
    """The processors of a size: ``large`` has two, ``xlarge`` four, and ``8xlarge`` eight times as many."""
    if size == "medium":
        return 1
    return 2 if size == "large" else 4 * int(size.removesuffix("xlarge") or 1)


def _profiles() -> Iterator[HardwareProfile]:
    for family, architectures in (("t3", _X86), ("t3a", _X86), ("t4g", _ARM)):
        for size, memory in _BURSTING:
            cpu = _BURSTING_CPUS.get(size, 2)
            yield _plain(f"{family}.{size}", cpu, int(memory * _MB), architectures)
    for size, memory in _BURSTING:
        cpu = _BURSTING_CPUS.get(size, 2 if memory >= 4 else 1)  # noqa: PLR2004 - from medium on
        yield _plain(f"t2.{size}", cpu, int(memory * _MB), _X86 if size.endswith("large") else _OLD)
    for family, architectures, sizes in _FAMILIES:
        for size in sizes:
            cpu = _cpus(size)
            yield _plain(f"{family}.{size}", cpu, cpu * _GB_PER_CPU[family[0]] * _MB, architectures)
    for name, cpu, megabytes, storage, old in _FIRST:
        only = name.startswith("t1.")
        yield profile(name, cpu=cpu, memory=megabytes, storage=storage, architectures=old, lasting=only)


def _plain(name: str, cpu: int, memory: int, architectures: Sequence[str]) -> HardwareProfile:
    return profile(name, cpu=cpu, memory=memory, storage=0, architectures=architectures, lasting=True)


HARDWARE_PROFILES = tuple(_profiles())
