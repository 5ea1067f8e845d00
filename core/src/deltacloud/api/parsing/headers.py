"""The common form of header values: a word, then ``;name=value`` parameters."""

from __future__ import annotations

import re
from urllib.parse import quote

# An unclosed quoted string runs to the end: giving up and trying again at the next quote would take quadratic time.
QUOTED = r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)'
_PARAMETER = re.compile(rf";[ \t]*+([!#$%&'*+.^_`|~0-9A-Za-z-]++)[ \t]*+=[ \t]*+({QUOTED}|[^;]*+)", re.DOTALL)
# Only these two: a browser may send a file's name as C:\photo.jpg, whose backslash is none of the quoting.
_ESCAPED = re.compile(r'\\(["\\])')
_VISIBLE = re.compile(r"[\x20-\x7e]+")
_NOT_IN_FALLBACK = re.compile(r"[^A-Za-z0-9 ._-]")
_OCTETS = "application/octet-stream"


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
