"""The common form of header values: a word, then ``;name=value`` parameters."""

from __future__ import annotations

import re
from urllib.parse import quote

from deltacloud.errors import InvalidRequest

# An unclosed quoted string runs to the end: giving up and trying again at the next quote would take quadratic time.
QUOTED = r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)'
_PARAMETER = re.compile(rf";[ \t]*+([!#$%&'*+.^_`|~0-9A-Za-z-]++)[ \t]*+=[ \t]*+({QUOTED}|[^;]*+)", re.DOTALL)
# Only these two: a browser may send a file's name as C:\photo.jpg, whose backslash is none of the quoting.
_ESCAPED = re.compile(r'\\(["\\])')
_VISIBLE = re.compile(r"[\x20-\x7e]+")
_NOT_IN_FALLBACK = re.compile(r"[^A-Za-z0-9 ._-]")
_OCTETS = "application/octet-stream"
LONGEST_KEY = 255
"""The most characters of an ``Idempotency-Key``."""
_KEY = re.compile(rf"[!#-+\--\[\]-~]{{1,{LONGEST_KEY}}}")


def parse_header(text: str) -> tuple[str, dict[str, str]]:
    """Split ``text/plain; charset=utf-8`` into its word and its parameters.

    Args:
        text: The header's value.

    Returns:
        The part before the first ``;`` in lower case, and the parameters by name in lower case, unquoted. Of a repeated
        parameter the first counts; what is no parameter is passed over.
    """
    word, _, _ = text.partition(";")
    parameters: dict[str, str] = {}
    for found in _PARAMETER.finditer(text, len(word)):
        parameters.setdefault(found[1].lower(), _unquote(found[2]))
    return word.strip().lower(), parameters


def _unquote(text: str) -> str:
    if not text.startswith('"'):
        return text.strip()
    return _ESCAPED.sub(r"\1", text[1:-1] if text.endswith('"') and len(text) > 1 else text[1:])


def media_type(text: str | None) -> str:
    """A ``Content-Type`` that a header can carry; ``application/octet-stream`` instead of any other, and of none."""
    return text if text and _VISIBLE.fullmatch(text) else _OCTETS


def attachment(filename: str) -> str:
    """The ``Content-Disposition`` of a content that is to be kept under a name (RFC 6266), whatever the name holds."""
    fallback = _NOT_IN_FALLBACK.sub("_", filename)
    if fallback == filename:
        return f'attachment; filename="{filename}"'
    return f"attachment; filename=\"{fallback}\"; filename*=UTF-8''{quote(filename, safe='', errors='replace')}"


def idempotency_key(text: str | None) -> str | None:
    """The key that an ``Idempotency-Key`` header holds, with or without quotation marks; None without a header.

    Raises:
        InvalidRequest: it holds no key, a very long one, or one that could not be handed on to every cloud; so does a
            header that was sent twice.
    """
    key = (text or "").strip()
    if not key:
        return None
    quoted = key.startswith('"') and key.endswith('"') and len(key) > 1
    key = key[1:-1] if quoted else key
    if not _KEY.fullmatch(key):
        what = f"1 to {LONGEST_KEY} visible ASCII characters, without comma, quotation mark and backslash"
        raise InvalidRequest(f"Idempotency-Key must be {what}", "Idempotency-Key")
    return key
