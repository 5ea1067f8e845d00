"""Private clouds that speak Amazon's EC2 and S3, Eucalyptus above all."""

from deltacloud_eucalyptus.driver import EucalyptusDriver
from deltacloud_eucalyptus.settings import EucalyptusSettings

__all__ = ["EucalyptusDriver", "EucalyptusSettings"]

__version__ = "2.0.0"
