"""The driver of DigitalOcean."""

from deltacloud_digitalocean.driver import DigitalOceanDriver

__version__ = "2.0.0"

__all__ = ["DigitalOceanDriver", "__version__"]
