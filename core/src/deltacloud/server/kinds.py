"""What a setting's value may be, and how it is read from text (command line, environment) and from TOML."""

from __future__ import annotations

import ipaddress
import math
from collections.abc import Callable
from dataclasses import dataclass
from types import UnionType
from urllib.parse import urlsplit

_UNITS = {"K": 1024, "M": 1024**2, "G": 1024**3}
_NO = frozenset({"0", "false", "no", "off"})
_PORTS = 65536

ON, OFF = "on", "off"
_WHERE = "on, off, or a port such as 9100 or 127.0.0.1:9100"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of value.

    Attributes:
        word: What such a value is, for the usage text and the documentation: ``SECONDS``.
        from_text: Reads the text of a command line or an environment variable; raises ValueError with what is expected.
        from_toml: The same for a value of a TOML file.
    """

    word: str
    from_text: Callable[[str], object]
    from_toml: Callable[[object], object]


def _typed(kind: type | UnionType, what: str, check: Callable[[object], object]) -> Callable[[object], object]:
    """A reader of TOML values of one type; ``bool`` does not pass as a number."""

    def read(value: object) -> object:
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise ValueError(f"must be {what}")
        return check(value)

    return read


def _of_text(word: str, check: Callable[[str], object], what: str = "a text") -> Kind:
    return Kind(word, check, _typed(str, what, lambda value: check(str(value))))


def whole_number(lowest: int, highest: int | None = None, word: str = "NUMBER") -> Kind:
    """A whole number within limits."""
    what = f"a whole number from {lowest} to {highest}" if highest is not None else f"a whole number from {lowest}"

    def check(value: object) -> int:
        try:
            number = int(str(value))
        except ValueError:
            raise ValueError(f"must be {what}") from None
        if number < lowest or (highest is not None and number > highest):
            raise ValueError(f"must be {what}")
        return number

    return Kind(word, check, _typed(int, what, check))


def one_of(*words: str) -> Kind:
    """One of a few words."""

    def check(text: str) -> str:
        if text not in words:
            raise ValueError(f"must be one of {', '.join(words)}")
        return text

    return _of_text("|".join(words), check)


def _seconds(value: object) -> float:
    try:
        seconds = float(str(value))
    except ValueError:
        raise ValueError("must be a number of seconds") from None
    if not math.isfinite(seconds) or seconds <= 0:
        raise ValueError("must be more than 0 seconds")
    return seconds


def _size(text: str) -> int:
    digits, unit = (text[:-1], text[-1].upper()) if text[-1:].upper() in _UNITS else (text, "")
    if not digits.isascii() or not digits.isdigit() or int(digits) == 0:
        raise ValueError("must be a number of bytes above 0, such as 65536 or 64M")
    return int(digits) * _UNITS.get(unit, 1)


def _size_from_toml(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError("must be a number of bytes, such as 65536 or '64M'")  # noqa: TRY004 - Kind says ValueError
    return _size(str(value))


def _public_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment or "@" in text:
        raise ValueError("must be a URL such as https://cloud.example.com")
    return text.rstrip("/")


def _network(text: str) -> str:
    try:
        return str(ipaddress.ip_network(text, strict=False))
    except ValueError:
        raise ValueError(f"'{text}' is no address and no network such as 10.0.0.0/8") from None


def _metrics(text: str) -> str:
    host, _, port = text.rpartition(":")
    bare = ":" in host and not (host.startswith("[") and host.endswith("]"))
    if text not in (ON, OFF) and (bare or not port.isascii() or not port.isdigit() or not 0 < int(port) < _PORTS):
        raise ValueError(f"must be {_WHERE}")
    return text


def _metrics_from_toml(value: object) -> str:
    if isinstance(value, bool):
        return ON if value else OFF
    if not isinstance(value, int | str):
        raise ValueError(f"must be {_WHERE}")  # noqa: TRY004 - Kind says ValueError
    return _metrics(str(value))


def list_of(word: str, check: Callable[[str], str] = str) -> Kind:
    """Several values: separated by commas in text, an array of texts in TOML."""

    def from_text(text: str) -> tuple[str, ...]:
        return tuple(check(part.strip()) for part in text.split(",") if part.strip())

    def from_toml(value: object) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
            raise ValueError("must be an array of texts")
        return tuple(check(part) for part in value)

    return Kind(f"{word},...", from_text, from_toml)


def text(word: str) -> Kind:
    """Any text but the empty one."""

    def check(value: str) -> str:
        if not value:
            raise ValueError("must not be empty")
        return value

    return _of_text(word, check)


FLAG = Kind("", lambda value: value.lower() not in _NO, _typed(bool, "true or false", bool))
"""On or off; a flag on the command line, anything but ``0 false no off`` in the environment."""

SECONDS = Kind("SECONDS", _seconds, _typed(int | float, "a number of seconds", _seconds))
SIZE = Kind("BYTES", _size, _size_from_toml)
PORT = whole_number(0, _PORTS - 1, "PORT")
URL = _of_text("URL", _public_url, "a URL such as https://cloud.example.com")
METRICS = Kind("on|off|[HOST:]PORT", _metrics, _metrics_from_toml)
NETWORKS = list_of("NETWORK", _network)
