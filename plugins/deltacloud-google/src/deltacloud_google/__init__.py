"""Google Cloud Storage."""

from deltacloud_google.driver import GoogleDriver

__all__ = ["GoogleDriver"]

__version__ = "2.0.0"
