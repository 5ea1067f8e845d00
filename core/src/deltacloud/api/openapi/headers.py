"""Headers of answers, as OpenAPI."""

from __future__ import annotations

from collections.abc import Mapping

from deltacloud.api.openapi.schemas import TEXT, URL, Schema

EVERYWHERE = ("X-Deltacloud-Driver", "X-Deltacloud-Provider", "X-Request-Id")
"""Headers of every answer."""


def _header(description: str, schema: Schema = TEXT, *, required: bool = False) -> Schema:
    return {"description": description, "required": required, "schema": schema}


HEADERS: Mapping[str, Schema] = {
    "Accept-Ranges": _header("A part can be asked for", {"const": "bytes"}, required=True),
    "Allow": _header("What can be done there now", required=True),
    "Content-Disposition": _header("The name to keep it under", required=True),
    "Content-Range": _header("Which bytes these are, and of how many", {"type": "string", "pattern": "^bytes "}),
    "ETag": _header("For If-None-Match; absent where a list is too long to be held", {"pattern": '^"[^"]*"$', **TEXT}),
    "Expect": _header("The capability that is missing"),
    "Last-Modified": _header("When it was written, where the cloud says so"),
    "Link": _header("The next page (relation next), unless this is the last"),
    "Location": _header("Where it is", URL),
    "Retry-After": _header("Come back after so many seconds", {"type": "integer", "minimum": 0}, required=True),
    "WWW-Authenticate": _header("Asks for the cloud's credentials", {"type": "string", "pattern": "^Basic realm="}),
    "X-Deltacloud-BlobSegmentId": _header("The id of a part of an upload, for the list that ends it"),
    "X-Deltacloud-Blobmeta-*": _header("One for each entry of the blob's metadata; its name ends in the entry's"),
    "X-Deltacloud-Driver": _header("The driver that answered", required=True),
    "X-Deltacloud-Provider": _header("The provider that it worked with, if any"),
    "X-Deltacloud-SegmentedBlob": _header("The id of an upload in parts, when it has begun"),
    "X-Request-Id": _header("The id of the request, as in the server's log", required=True),
}
"""Every header that is told apart, by name."""


def refer(*names: str) -> Schema:
    """The headers of an answer, as references to the components."""
    return {name: {"$ref": f"#/components/headers/{_key(name)}"} for name in names}


def components() -> Schema:
    """All headers, as components."""
    return {_key(name): header for name, header in HEADERS.items()}


def _key(name: str) -> str:
    """A component's key, which may not hold an asterisk."""
    return name.removesuffix("-*")
