"""The driver ``lean``: a pretend cloud without firewalls and load balancers, as the original's was."""

from __future__ import annotations

from deltacloud.features import FIREWALLS
from deltacloud_mock import MockDriver


class LeanDriver(MockDriver):
    """Shows what clients are told of collections that a driver lacks."""

    name = "lean"
    title = "Lean"
    features = tuple(feature for feature in MockDriver.features if feature is not FIREWALLS)
    withdrawn = frozenset(name for name in dir(MockDriver) if "firewall" in name or "load_balancer" in name)
    _subdirectory = "lean"
