"""A pretend cloud: everything that Deltacloud can do, with nothing behind it."""

__version__ = "2.0.0"
