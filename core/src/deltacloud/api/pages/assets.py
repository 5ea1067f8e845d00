"""Style sheet, scripts and icon: files of this package, at an address that changes with their contents.

All files share one digest, so that a script finds the modules beside it by relative names and browsers may keep all of
them for good.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import NamedTuple

PATH = "/assets"
"""Where they are, below ``/api``."""

_TYPES = {
    "css": "text/css;charset=utf-8",
    "js": "text/javascript;charset=utf-8",
    "svg": "image/svg+xml",
}


class Asset(NamedTuple):
    """A file as it is sent: as it is, and packed."""

    content_type: str
    content: bytes
    packed: bytes


class Assets(NamedTuple):
    """All files by name, and the digest of everything in them."""

    digest: str
    files: Mapping[str, Asset]


@cache
def assets() -> Assets:
    """The files, read at their first use."""
    folder = resources.files(__package__) / "assets"
    contents = {one.name: one.read_bytes() for one in folder.iterdir() if _suffix(one.name) in _TYPES}
    digest = hashlib.sha256()
    for name in sorted(contents):
        digest.update(b"%s %d\n" % (name.encode(), len(contents[name])))
        digest.update(contents[name])
    files = {
        name: Asset(_TYPES[_suffix(name)], content, gzip.compress(content, mtime=0))
        for name, content in contents.items()
    }
    return Assets(digest.hexdigest()[:12], files)


def place(name: str) -> str:
    """The path of a file, below ``/api``."""
    return f"{PATH}/{assets().digest}/{name}"


def _suffix(name: str) -> str:
    return name.rpartition(".")[2]
