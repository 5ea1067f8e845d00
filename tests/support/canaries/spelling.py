"""Secrets that can be found again: every one begins with the same mark, however it is written down."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, quote_plus

MARK = "".join(("Zk9Qv3", "Hidden7wXTr"))
"""What every canary begins with: nothing else does, this line of code included, and no escaping changes it."""
TAIL = "\"<é&'+ %/\\~"
"""What every canary ends with, so that each way to escape a text writes it differently."""


@dataclass(frozen=True)
class Canary:
    """A secret.

    Attributes:
        kind: What it stands for.
        serial: Which one of them.
    """

    kind: str
    serial: int = 0

    @property
    def text(self) -> str:
        """The secret itself."""
        return f"{MARK}.{self.kind}.{self.serial:05}.{TAIL}"

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Secrets:
    """The secrets of one request."""

    serial: int

    def of(self, kind: str) -> str:
        """The secret of that kind."""
        return Canary(kind, self.serial).text

    @property
    def parameters(self) -> dict[str, str]:
        """As parameters of operations that know them, and of those that do not."""
        return {
            "password": self.of("login"),
            "private_key": f"-----BEGIN RSA PRIVATE KEY-----\n{self.of('key')}\n-----END RSA PRIVATE KEY-----",
            "user_data": base64.b64encode(f"#!/bin/sh\njoin {self.of('data')}\n".encode()).decode(),
            "wire_secret": self.of("own"),
            "leaky_secret": self.of("own"),
            "pasword": self.of("typo"),
        }


def _base64(text: str, before: str = "") -> str:
    return base64.b64encode((before + text).encode()).decode()


def _lines(text: str) -> str:
    return base64.encodebytes(("a line's beginning, of some length: " + text).encode()).decode()


def _every_byte(text: str, form: str) -> str:
    return "".join(form.format(byte) for byte in text.encode())


SPELLINGS: Mapping[str, Callable[[str], str]] = {
    "raw": str,
    "lower case": str.lower,
    "url": lambda text: quote(text, safe=""),
    "form": quote_plus,
    "percent": lambda text: _every_byte(text, "%{:02X}"),
    "base64": _base64,
    "base64 shifted by one": lambda text: _base64(text, "x"),
    "base64 shifted by two": lambda text: _base64(text, "xy"),
    "base64 of the pair": lambda text: _base64(text, "mockuser:"),
    "base64 for URLs": lambda text: base64.urlsafe_b64encode(text.encode()).decode(),
    "base64 in lines": _lines,
    "hexadecimal": lambda text: text.encode().hex(),
    "hexadecimal, upper case": lambda text: text.encode().hex().upper(),
    "JSON": lambda text: json.dumps(text)[1:-1],
    "JSON, every character": lambda text: _every_byte(text, "\\u{:04x}"),
    "HTML": html.escape,
    "HTML, every character": lambda text: _every_byte(text, "&#{};"),
    "Python": lambda text: repr(text)[1:-1],
    "bytes of Python": lambda text: repr(text.encode())[2:-1],
    "backslashes, every character": lambda text: _every_byte(text, "\\x{:02x}"),
}
"""The ways to write a secret down that the search finds."""


def _aligned(mark: bytes) -> tuple[bytes, ...]:
    """The base64 of the mark at each of its three places, less the letters that its neighbours have a part in."""
    cores = []
    for before in range(3):
        written = base64.b64encode(bytes(before) + mark)
        cores.append(written[-(-before * 8 // 6) : (before + len(mark)) * 8 // 6])
    return tuple(cores)


EXACT: tuple[bytes, ...] = _aligned(MARK.encode())
"""What a text holds that has a secret in base64, line breaks undone."""
FOLDED: tuple[bytes, ...] = tuple(
    text.lower().encode()
    for text in (
        MARK,
        MARK.encode().hex(),
        _every_byte(MARK, "%{:02x}"),
        _every_byte(MARK, "\\u{:04x}"),
        _every_byte(MARK, "&#{};"),
        _every_byte(MARK, "\\x{:02x}"),
    )
)
"""What a text in lower case holds that has a secret in any other spelling."""
