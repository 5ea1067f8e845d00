"""Deltacloud: one HTTP API in front of many IaaS clouds.

What a driver needs is in :mod:`deltacloud.driver`, :mod:`deltacloud.hookspecs`, :mod:`deltacloud.models`,
:mod:`deltacloud.inputs` and :mod:`deltacloud.errors`.
"""

__version__ = "2.0.0"

API_VERSION = "1.1.3"
"""The version of the historical API that this server speaks; clients compare it."""

CONTRACT = 1
"""The number of the driver contract; a driver states the one that it was written for."""
