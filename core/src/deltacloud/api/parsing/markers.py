"""Markers of pages: where a list goes on, in a form that travels in URLs.

A marker holds the driver's own marker and a digest of the list that it belongs to, so that one of another list is told
from one of this. It is not signed and holds no secret: a driver treats its part as any input.
"""

from __future__ import annotations

import base64
import hashlib
import json

import msgspec

from deltacloud.errors import InvalidRequest
from deltacloud.inputs import Filters
from deltacloud.models import Pairs

_LONGEST = 16384


def list_digest(collection: str, driver: str, provider: str | None, filters: Filters | Pairs, format_name: str) -> str:
    """What tells one list from another, in 16 characters.

    Args:
        collection: Its name; for the blobs of a bucket, with the bucket's id.
        driver: The driver's name.
        provider: The provider's text; None when there is none.
        filters: What the list is narrowed to.
        format_name: The format of the answer (``xml``, ``json``, ``html``).
    """
    about = json.dumps([collection, driver, provider, msgspec.to_builtins(filters), format_name])
    return base64.urlsafe_b64encode(hashlib.sha256(about.encode()).digest()[:12]).decode()


def encode_marker(driver_marker: str, digest: str) -> str:
    """The marker for clients: letters, digits, ``-`` and ``_`` only."""
    document = json.dumps([digest, driver_marker], separators=(",", ":"))
    return base64.urlsafe_b64encode(document.encode()).rstrip(b"=").decode()


def decode_marker(text: str, digest: str) -> str:
    """The driver's own marker.

    Args:
        text: What the client sent.
        digest: The digest of the list that it asks for.

    Raises:
        InvalidRequest: garbled, or of another list.
    """
    try:
        document = _unwrap(text)
        found, driver_marker = msgspec.json.decode(document, type=tuple[str, str])
    except ValueError:
        raise InvalidRequest("The marker is not one that this server gave out", "marker") from None
    if found != digest:
        raise InvalidRequest("The marker belongs to another list", "marker")
    if encode_marker(driver_marker, digest) != text:
        raise InvalidRequest("The marker is not one that this server gave out", "marker")
    return driver_marker


def _unwrap(text: str) -> bytes:
    if len(text) > _LONGEST:
        raise ValueError("too long")
    padded = text.encode("ascii") + b"=" * (-len(text) % 4)
    return base64.b64decode(padded, altchars=b"-_", validate=True)
