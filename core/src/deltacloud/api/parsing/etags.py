"""Entity tags: a digest of the body, and whether the client has it already (RFC 9110, sections 8.8.3 and 13.1.2)."""

from __future__ import annotations

import re

import xxhash

_OPAQUE = re.compile(r'"[^"\s]*"')


def entity_tag(body: bytes) -> str:
    """The strong tag of a body, with its quotes.

    XXH3 of 128 bits: nobody is kept out by a tag, so it need not be cryptographic, and it takes a thirtieth of the time
    of SHA-1, which for a list would be as much as reading its request.
    """
    return f'"{xxhash.xxh3_128_hexdigest(body)}"'


def matches_if_none_match(header: str | None, tag: str) -> bool:
    """Whether ``If-None-Match`` names the tag, weakly or strongly, or any (``*``): the answer is then 304."""
    if not header:
        return False
    return header.strip() == "*" or tag in _OPAQUE.findall(header)
