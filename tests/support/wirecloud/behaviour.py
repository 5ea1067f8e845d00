"""What the cloud does with a request: answer it, or one of the things that broken clouds do.

=================== ==================================================================================================
``ok``              answers
``delay,S``         answers after S seconds
``status,N[,R]``    answers with status N, and ``Retry-After: R``
``empty``           closes without a byte of an answer
``reset``           resets the connection without a byte of an answer
``reset-half``      resets it in the middle of the answer
``half``            closes it in the middle of the answer
``stall``           never answers
``stall-body``      stops in the middle of the answer
``garbage``         sends what is no HTTP
``nonsense``        sends HTTP whose body is not what was asked for
``drip,S``          sends one byte in S seconds
``long``            announces more bytes than come, and waits
``short``           announces fewer bytes than come
``redirect``        sends the client to another path of this server, with 307
``early,N``         answers with status N before it has read the body, and closes
``first,BEHAVIOUR`` does so the first time that something is asked, and answers the next time
=================== ==================================================================================================
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import gevent

from wirecloud.answers import answer_to
from wirecloud.reading import Asked

_SEEN: set[tuple[str, str, str]] = set()


class Stalled(Exception):
    """Nothing more is sent; the connection stays until the client leaves."""


class Broken(Exception):
    """The connection ends here."""

    def __init__(self, *, reset: bool) -> None:
        super().__init__()
        self.reset = reset


def behave(asked: Asked) -> Iterator[bytes]:
    """The bytes of the answer."""
    name, *arguments = asked.behaviour.split(",")
    return _BEHAVIOURS[name](asked, *arguments)


def message(body: bytes, status: str = "200 OK", *headers: str, length: int | None = None) -> bytes:
    """An answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


def _ok(asked: Asked) -> Iterator[bytes]:
    body, *headers = answer_to(asked)
    yield message(body, "200 OK", *headers)


def _delay(asked: Asked, seconds: str) -> Iterator[bytes]:
    gevent.sleep(float(seconds))
    return _ok(asked)


def _status(_asked: Asked, status: str, retry_after: str | None = None) -> Iterator[bytes]:
    headers = [] if retry_after is None else [f"Retry-After: {retry_after}"]
    yield message(b'{"error": "no"}', f"{status} Whatever", *headers)


def _empty(_asked: Asked) -> Iterator[bytes]:
    raise Broken(reset=False)


def _reset(_asked: Asked) -> Iterator[bytes]:
    raise Broken(reset=True)


def _half_of(asked: Asked, then: Exception) -> Iterator[bytes]:
    body = answer_to(asked)[0] + b" " * 64
    yield message(body)[: -len(body) // 2]
    raise then


def _reset_half(asked: Asked) -> Iterator[bytes]:
    yield from _half_of(asked, Broken(reset=True))


def _half(asked: Asked) -> Iterator[bytes]:
    yield from _half_of(asked, Broken(reset=False))


def _stall(_asked: Asked) -> Iterator[bytes]:
    raise Stalled


def _stall_body(asked: Asked) -> Iterator[bytes]:
    yield from _half_of(asked, Stalled())


def _garbage(_asked: Asked) -> Iterator[bytes]:
    yield bytes(range(256)) * 4 + b"\r\n\r\n"
    raise Broken(reset=False)


def _nonsense(_asked: Asked) -> Iterator[bytes]:
    yield message(b"<html>Welcome</html>", "200 OK", "Content-Type: text/html")


def _drip(asked: Asked, seconds: str) -> Iterator[bytes]:
    for byte in b"".join(_ok(asked)):
        gevent.sleep(float(seconds))
        yield bytes([byte])


def _long(asked: Asked) -> Iterator[bytes]:
    body = answer_to(asked)[0]
    yield message(body, length=len(body) + 10)
    raise Stalled


def _short(asked: Asked) -> Iterator[bytes]:
    body = answer_to(asked)[0] + b" " * 8
    yield message(body, length=len(body) // 2)
    raise Broken(reset=False)


def _redirect(_asked: Asked) -> Iterator[bytes]:
    yield message(b"", "307 Temporary Redirect", "Location: /ok/elsewhere")


def _first(asked: Asked, *behaviour: str) -> Iterator[bytes]:
    what = (asked.hook, str(sorted(asked.query.items())), asked.headers.get("x-wire-request", ""))
    if what in _SEEN:
        return _ok(asked)
    _SEEN.add(what)
    return behave(replace(asked, behaviour=",".join(behaviour)))


_BEHAVIOURS: dict[str, Callable[..., Iterator[bytes]]] = {
    "ok": _ok, "delay": _delay, "status": _status, "empty": _empty, "reset": _reset, "reset-half": _reset_half,
    "half": _half, "stall": _stall, "stall-body": _stall_body, "garbage": _garbage, "nonsense": _nonsense,
    "drip": _drip, "long": _long, "short": _short, "redirect": _redirect, "early": _status, "first": _first,
}  # fmt: skip
