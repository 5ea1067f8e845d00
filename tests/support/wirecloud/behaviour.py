"""What the cloud does with a request: answer it, or one of the things that broken clouds do.

=================== ==================================================================================================
``ok``              answers
``delay,S``         answers after S seconds
``status,N[,R]``    answers with status N, and ``Retry-After: R``
``empty``           closes without a byte of an answer
``head``            closes after the header of the answer, which announces a body
``half-head``       closes in the middle of the header
``reset``           resets the connection without a byte of an answer
``reset-half``      resets it in the middle of the answer
``half``            closes it in the middle of the answer
``stall``           never answers
``deaf``            never answers, and reads no body either
``stall-body``      stops in the middle of the answer
``garbage``         sends what is no HTTP
``nonsense``        sends HTTP whose body is not what was asked for
``drip,S``          sends one byte in S seconds
``long``            announces more bytes than come, and waits
``short``           announces fewer bytes than come
``redirect``        sends the client to another path of this server, with 307
``defect``          answers, with a header field that is none
``echo,N``          answers with status N, and with all that it was told: in its phrase, in headers and in the body
``early,N``         answers with status N before it has read the body, says that it closes, and closes
``closing,S``       answers, and closes the connection S seconds later without having said that it would
``paged,BEHAVIOUR`` answers a list with a first page of very many entries, and does so when asked for the next one
``first,BEHAVIOUR`` does so the first time that something is asked, and answers the next time
``on,H,BEHAVIOUR``  does so when it is asked for hook H, and answers all others
=================== ==================================================================================================
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import quote, quote_plus

import gevent

from wirecloud.answers import answer_to
from wirecloud.reading import Asked

_SEEN: set[tuple[str, str, str]] = set()
_UNTIL_TAKEN = 1.0
"""Seconds after which a client has taken the half of a blob; a reset throws away what it has not."""
_VERY_MANY = 1500
"""Entries of a long page: more than a list of blobs may have to be held in memory."""


class Stalled(Exception):
    """Nothing more is sent and nothing read; the connection stays until the client leaves."""


class Broken(Exception):
    """The connection ends here."""

    def __init__(self, *, reset: bool) -> None:
        super().__init__()
        self.reset = reset


def behave(asked: Asked) -> Iterator[bytes]:
    """The bytes of the answer."""
    name, *arguments = chosen(asked)
    return _BEHAVIOURS[name](asked, *arguments)


def chosen(asked: Asked) -> list[str]:
    """The behaviour that a request meets, and its arguments."""
    name, *arguments = asked.behaviour.split(",")
    if name != "on":
        return [name, *arguments]
    hook, *behaviour = arguments
    return behaviour if asked.hook == hook else ["ok"]


def message(body: bytes, status: str = "200 OK", *headers: str, length: int | None = None) -> bytes:
    """An answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


def _ok(asked: Asked, _word: str = "") -> Iterator[bytes]:
    body, *headers = answer_to(asked)
    yield message(body, "200 OK", *headers)


def _delay(asked: Asked, seconds: str) -> Iterator[bytes]:
    gevent.sleep(float(seconds))
    return _ok(asked)


def _status(_asked: Asked, status: str, retry_after: str | None = None) -> Iterator[bytes]:
    headers = [] if retry_after is None else [f"Retry-After: {retry_after}"]
    yield message(b'{"error": "no"}', f"{status} Whatever", *headers)


def _early(_asked: Asked, status: str) -> Iterator[bytes]:
    yield message(b'{"error": "no"}', f"{status} Whatever", "Connection: close")


def _empty(_asked: Asked) -> Iterator[bytes]:
    raise Broken(reset=False)


def _reset(_asked: Asked) -> Iterator[bytes]:
    raise Broken(reset=True)


def _head(asked: Asked) -> Iterator[bytes]:
    yield message(b"", length=len(answer_to(asked)[0]))
    raise Broken(reset=False)


def _half_head(_asked: Asked) -> Iterator[bytes]:
    yield message(b"")[:-20]
    raise Broken(reset=False)


def _half_of(asked: Asked, then: Exception) -> Iterator[bytes]:
    body = answer_to(asked)[0] + b" " * 64
    yield message(body)[: -len(body) // 2]
    if asked.hook == "read_blob":
        gevent.sleep(_UNTIL_TAKEN)
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
    body = answer_to(asked)[0]
    yield message(body, length=len(body) // 2)
    raise Broken(reset=False)


def _closing(asked: Asked, seconds: str) -> Iterator[bytes]:
    yield from _ok(asked)
    gevent.sleep(float(seconds))
    raise Broken(reset=False)


def _paged(asked: Asked, *behaviour: str) -> Iterator[bytes]:
    if "marker" in asked.query:
        return behave(replace(asked, behaviour=",".join(behaviour)))
    body, *headers = answer_to(asked, entries=_VERY_MANY)
    return iter([message(body, "200 OK", *headers, "X-Wire-Next: more")])


def _redirect(_asked: Asked) -> Iterator[bytes]:
    yield message(b"", "307 Temporary Redirect", "Location: /ok/elsewhere")


def _defect(asked: Asked) -> Iterator[bytes]:
    yield message(answer_to(asked)[0], "200 OK", "this is no field")


def _echo(asked: Asked, status: str) -> Iterator[bytes]:
    pair = base64.b64decode(asked.headers.get("authorization", "").removeprefix("Basic ")).decode()
    told = f"{pair} {asked.headers.get('x-wire-token', '')} {asked.query}"
    headers = [f"{name}: {told}" for name in ("WWW-Authenticate", "Content-Type", "Retry-After", "X-Request-Id")]
    location = f"Location: /ok/{quote(told)}?told={quote_plus(told)}"
    yield message(f"{told} {asked.body!r}".encode(), f"{status} {told}", location, *headers)


def _first(asked: Asked, *behaviour: str) -> Iterator[bytes]:
    what = (asked.hook, str(sorted(asked.query.items())), asked.headers.get("x-wire-request", ""))
    if what in _SEEN:
        return _ok(asked)
    _SEEN.add(what)
    return behave(replace(asked, behaviour=",".join(behaviour)))


_BEHAVIOURS: dict[str, Callable[..., Iterator[bytes]]] = {
    "ok": _ok, "delay": _delay, "status": _status, "empty": _empty, "reset": _reset, "head": _head,
    "half-head": _half_head, "reset-half": _reset_half, "half": _half, "stall": _stall, "deaf": _stall,
    "stall-body": _stall_body, "garbage": _garbage, "nonsense": _nonsense, "drip": _drip, "long": _long,
    "short": _short, "redirect": _redirect, "echo": _echo, "defect": _defect, "early": _early, "closing": _closing,
    "paged": _paged, "first": _first,
}  # fmt: skip
