"""``application/x-www-form-urlencoded``: the query string and the bodies of plain forms."""

from __future__ import annotations

from deltacloud.api.parsing.percent import as_sent, decode
from deltacloud.errors import InvalidRequest
from deltacloud.models import Pairs

FIELD_LIMIT = 1000
"""How many parameters one query string or body may hold."""


def parse_query(text: str) -> Pairs:
    """The pairs of a query string, as :func:`parse_urlencoded`; bytes above 127 as ISO 8859-1."""
    try:
        return parse_urlencoded(as_sent(text))
    except UnicodeEncodeError:
        raise InvalidRequest("The query string is not percent-encoded UTF-8") from None


def parse_urlencoded(raw: bytes, encoding: str = "utf-8") -> Pairs:
    """Read ``name=value`` pairs joined by ``&``.

    Args:
        raw: The text as it was sent.
        encoding: What the bytes are once the percent-encoding is undone.

    Returns:
        (name, value) pairs in the order sent, repeated names included. A name without ``=`` has an empty value; pairs
        without a name are left out.

    Raises:
        InvalidRequest: malformed percent-encoding, bytes in another encoding, or more than :data:`FIELD_LIMIT` pairs.
    """
    if raw.count(b"&") >= FIELD_LIMIT:
        raise InvalidRequest(f"There are more than {FIELD_LIMIT} parameters")
    pairs = []
    for part in raw.replace(b"+", b" ").split(b"&"):
        name, _, value = part.partition(b"=")
        if name:
            try:
                pairs.append((decode(name, encoding), decode(value, encoding)))
            except ValueError:
                raise InvalidRequest("A parameter is not percent-encoded text") from None
    return tuple(pairs)
