"""The Deltacloud driver pine."""

from deltacloud_pine.driver import PineDriver

__all__ = ["PineDriver"]
