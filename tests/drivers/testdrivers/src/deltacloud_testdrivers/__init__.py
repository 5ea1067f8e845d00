"""Two variants of the pretend cloud: one that shows what the recorded exchanges show, one that lacks things."""

from deltacloud_testdrivers.lean import LeanDriver
from deltacloud_testdrivers.mockplus import MockPlusDriver

__all__ = ["LeanDriver", "MockPlusDriver"]
