"""Drivers for tests: two variants of the pretend cloud, and one that hands everything on over HTTP."""

from deltacloud_testdrivers.lean import LeanDriver
from deltacloud_testdrivers.mockplus import MockPlusDriver
from deltacloud_testdrivers.wire import WireDriver

__all__ = ["LeanDriver", "MockPlusDriver", "WireDriver"]
