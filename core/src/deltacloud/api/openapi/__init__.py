"""OpenAPI: the API of the request's driver, described for programs."""

from __future__ import annotations

from deltacloud.api.openapi.document import describe, document

__all__ = ["describe", "document"]
