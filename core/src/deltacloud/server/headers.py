"""The headers that every answer carries, and the way their names are written."""

from __future__ import annotations

from functools import lru_cache

SERVER = "Apache-Deltacloud/1.1.3"
"""What clients' tests expect to read."""

_SPELLINGS = {"etag": "ETag", "www-authenticate": "WWW-Authenticate", "content-md5": "Content-MD5"}

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'self'; require-trusted-types-for 'script'; trusted-types 'none'"
)
_HTML = (
    ("Content-Security-Policy", _POLICY),
    ("X-Frame-Options", "SAMEORIGIN"),
    ("X-XSS-Protection", "1; mode=block"),
    ("Referrer-Policy", "same-origin"),
)


@lru_cache(maxsize=1024)
def spelled(name: str) -> str:
    """A header's name as people write it: ``content-type`` becomes ``Content-Type``, ``etag`` becomes ``ETag``."""
    if name != name.lower():
        return name
    return _SPELLINGS.get(name) or "-".join(part.capitalize() for part in name.split("-"))


def complete(headers: list[tuple[str, str]], request_id: str) -> list[tuple[str, str]]:
    """An answer's headers, well spelled, with those of every answer; what a front end has set stands."""
    written = [(spelled(name), value) for name, value in headers]
    present = dict(written)
    _add(written, present, "Server", SERVER)
    written.append(("X-Request-Id", request_id))
    _add(written, present, "X-Content-Type-Options", "nosniff")
    if present.get("Content-Type", "").startswith("text/html"):
        for name, value in _HTML:
            _add(written, present, name, value)
    return written


def _add(written: list[tuple[str, str]], present: dict[str, str], name: str, value: str) -> None:
    if name not in present:
        written.append((name, value))
