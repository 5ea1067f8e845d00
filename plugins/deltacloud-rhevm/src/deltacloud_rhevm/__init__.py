"""oVirt and its kin as a Deltacloud driver."""

from deltacloud_rhevm.driver import RhevmDriver

__all__ = ["RhevmDriver"]
__version__ = "2.0.0"
