"""Metadata of blobs: names are lower-case header tokens, values are UTF-8, as bytes in headers both ways."""

from __future__ import annotations

import re
from collections.abc import Iterable

from deltacloud.errors import InvalidRequest
from deltacloud.models import Pairs

PREFIX = "X-Deltacloud-Blobmeta-"
"""What headers with metadata begin with, in any letter case."""

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9a-z-]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
VALUE = re.compile(r"[^\x00-\x1f\x7f]*")
"""What a value may be."""


def metadata_entry(name: str, value: str) -> tuple[str, str]:
    """One entry in its one form: the name in lower case, the value without blanks around it.

    Raises:
        InvalidRequest: a name that cannot be part of a header's name, or control characters in the value.
    """
    lowered = name.strip().lower()
    if not _TOKEN.fullmatch(lowered):
        raise InvalidRequest("The name of a metadata entry holds characters that headers cannot carry", "metadata")
    if _CONTROL.search(value):
        raise InvalidRequest(f"The value of metadata entry '{lowered}' holds control characters", "metadata")
    return lowered, value.strip(" ")


def metadata_from_headers(headers: Iterable[tuple[str, str]]) -> Pairs:
    """The entries among a request's headers; ``-`` in a name becomes ``_``.

    Args:
        headers: (name, value) of all headers, in any letter case, values as ISO 8859-1.

    Raises:
        InvalidRequest: a value that is no UTF-8, or what :func:`metadata_entry` refuses.
    """
    entries: dict[str, str] = {}
    start = PREFIX.lower()
    for name, value in headers:
        if name.lower().startswith(start):
            key, text = metadata_entry(name[len(start) :].replace("-", "_"), _from_header(value))
            entries[key] = text
    return tuple(entries.items())


def metadata_headers(metadata: Pairs) -> Pairs:
    """Headers that carry the entries, values as ISO 8859-1 text of their UTF-8 bytes.

    What a cloud returns and no header can carry is left out, if it is a name, and shown as a blank, if it is a control
    character of a value.
    """
    return tuple(
        (PREFIX + name, _CONTROL.sub(" ", value).encode("utf-8", "replace").decode("latin-1"))
        for name, value in metadata
        if _TOKEN.fullmatch(name.lower())
    )


def _from_header(value: str) -> str:
    try:
        return value.encode("latin-1").decode("utf-8")
    except UnicodeError:
        raise InvalidRequest("The value of a metadata header is not UTF-8", "metadata") from None
