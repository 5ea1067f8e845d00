"""The driver of Azure Blob Storage."""

from deltacloud_azure.driver import AzureDriver

__all__ = ["AzureDriver", "__version__"]

__version__ = "2.0.0"
