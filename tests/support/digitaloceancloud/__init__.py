"""A DigitalOcean to test against, made of its own OpenAPI document: every request and every answer is held against it.

:mod:`~digitaloceancloud.document` reads the document, :mod:`~digitaloceancloud.server` is the server,
:mod:`~digitaloceancloud.state` what it holds; the other modules answer the operations that the driver uses. What is
refused is refused in DigitalOcean's own words, as people have reported them.
"""

from digitaloceancloud import droplets, monitoring, networks, volumes
from digitaloceancloud.document import Document, digitalocean_document
from digitaloceancloud.server import HANDLERS, digitalocean_cloud
from digitaloceancloud.state import OTHER_TOKEN, TOKEN, WRONG_TOKEN, Account, Cloud

__all__ = [
    "HANDLERS",
    "OTHER_TOKEN",
    "TOKEN",
    "WRONG_TOKEN",
    "Account",
    "Cloud",
    "Document",
    "digitalocean_cloud",
    "digitalocean_document",
    "droplets",
    "monitoring",
    "networks",
    "volumes",
]
