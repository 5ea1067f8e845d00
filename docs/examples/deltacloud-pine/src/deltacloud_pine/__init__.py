"""The driver of Pine Cloud."""

from deltacloud_pine.driver import PineDriver

__all__ = ["PineDriver"]
