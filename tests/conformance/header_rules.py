"""How single headers of two answers are compared; the reasons stand in ``comparator``."""

from __future__ import annotations

import re
from collections.abc import Callable

IGNORED = frozenset(
    {
        "connection",
        "content-length",
        "date",
        "keep-alive",
        "transfer-encoding",
        "x-cascade",
        "x-content-type-options",
        "x-frame-options",
        "x-xss-protection",
    }
)
ITS_OWN_SERVER = "Apache-Deltacloud/"
_STRONG_TAG = re.compile(r'"[^"]+"')
_SECONDS = re.compile(r"\d+(\.\d+)?(e-\d+)?")


def same_header(name: str, recorded: str | None, ours: str | None) -> bool:
    """Whether our value of a header is as good as the recorded one.

    Args:
        name: The header's name in lower case.
        recorded: The recorded value; None without one.
        ours: Our value.
    """
    if name == "server" and (recorded is None or not recorded.startswith(ITS_OWN_SERVER)):
        return True
    if recorded is None or ours is None:
        return False
    return _RULES.get(name, str.__eq__)(recorded, ours)


def _media_type(value: str) -> str:
    return "".join(value.lower().split()).replace("text/html;charset=utf-8", "text/html")


def _entries(value: str) -> list[str]:
    return sorted(entry.strip() for entry in value.split(","))


def _unquoted(value: str) -> str:
    return value.replace('"', "")


_RULES: dict[str, Callable[[str, str], bool]] = {
    "allow": lambda recorded, ours: _entries(recorded) == _entries(ours),
    "cache-control": lambda recorded, ours: ours in (recorded, "no-store"),
    "content-disposition": lambda recorded, ours: _unquoted(recorded) == _unquoted(ours),
    "content-type": lambda recorded, ours: _media_type(recorded) == _media_type(ours),
    "etag": lambda _recorded, ours: _STRONG_TAG.fullmatch(ours) is not None,
    "last-modified": lambda _recorded, ours: bool(ours),
    "x-backend-runtime": lambda _recorded, ours: _SECONDS.fullmatch(ours) is not None,
    "x-deltacloud-segmentedblob": lambda _recorded, ours: bool(ours),
}
