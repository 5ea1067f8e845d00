"""Entity tags: a digest of the body, and whether the client has it already (RFC 9110, sections 8.8.3 and 13.1.2)."""

from __future__ import annotations

import hashlib
import re

_OPAQUE = re.compile(r'"[^"\s]*"')


def entity_tag(body: bytes) -> str:
    """The strong tag of a body, with its quotes."""
    return f'"{hashlib.sha1(body, usedforsecurity=False).hexdigest()}"'


def matches_if_none_match(header: str | None, tag: str) -> bool:
    """Whether ``If-None-Match`` names the tag, weakly or strongly, or any (``*``): the answer is then 304."""
    if not header:
        return False
    return header.strip() == "*" or tag in _OPAQUE.findall(header)
