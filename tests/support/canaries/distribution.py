"""What the servers of these tests need on their Python path, installed as a distribution in a folder."""

from __future__ import annotations

from pathlib import Path

_SUPPORT = Path(__file__).parent.parent
_ENTRY_POINTS = """
[deltacloud.extensions]
leakprobe = canaries.probe:Probe
[deltacloud.drivers]
leaky = canaries.leaky:LeakyDriver
unloadable = canaries.leaky:UnloadableDriver
misconfigured = canaries.leaky:MisconfiguredDriver
"""


def install(folder: Path) -> str:
    """Install it, and return the Python path."""
    information = folder / "deltacloud_leakprobe-1.dist-info"
    information.mkdir(parents=True)
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: deltacloud-leakprobe\nVersion: 1\n")
    (information / "entry_points.txt").write_text(_ENTRY_POINTS)
    return f"{folder}:{_SUPPORT}"
