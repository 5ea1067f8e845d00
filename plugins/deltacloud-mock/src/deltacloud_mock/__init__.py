"""A pretend cloud: everything that Deltacloud can do, with nothing behind it."""

from deltacloud_mock.driver import MockDriver
from deltacloud_mock.settings import MockSettings

__all__ = ["MockDriver", "MockSettings"]

__version__ = "2.0.0"
