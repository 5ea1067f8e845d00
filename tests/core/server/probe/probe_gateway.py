"""A front end and a driver for tests of the server: the front end does what its path says."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from typing import Any

from deltacloud.context import Context
from deltacloud.driver import Driver
from deltacloud.kernel import ENVIRON_KEY, Application, GatewaySettings, Kernel
from deltacloud.models import Realm

BLOCK = 64 * 1024
PASSWORD = "sesame"
Environ = dict[str, Any]


class ProbeDriver(Driver):
    """A cloud with nothing in it."""

    name = "probe"
    title = "Probe"
    contract = 1

    def list_realms(self, context: Context) -> Iterable[Realm]:  # noqa: ARG002 - the hook has it
        return ()

    def close(self) -> None:
        """Leave a trace, so that a test can see that it was called."""
        if "PROBE_CLOSED" in os.environ:
            with open(os.environ["PROBE_CLOSED"], "a", encoding="ascii") as file:  # noqa: PTH123 - appended
                file.write(f"{os.getpid()}\n")


class FrontEnd:
    """``/probe/WORD``: the word is one of the functions below."""

    name = "probe"
    mount = "/probe"

    def create(self, kernel: Kernel, settings: GatewaySettings) -> Application:
        """The application."""
        if settings.driver == "probe":
            kernel.check_driver("probe")  # Loads it, so that it is closed at the end.
        return self._serve

    def _serve(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        record = environ[ENVIRON_KEY]
        _, word, *rest = [part for part in record.raw_path.split("/") if part] + ["echo"]
        return ACTIONS[word.partition(";")[0]](environ, start_response, rest)


def _answer(
    start_response: Callable[..., Any], body: bytes, status: str = "200 OK", *more: tuple[str, str]
) -> list[bytes]:
    start_response(status, [("content-type", "application/json"), ("content-length", str(len(body))), *more])
    return [body]


def _echo(environ: Environ, start_response: Callable[..., Any], rest: list[str]) -> Iterable[bytes]:
    """Reads the body and tells what arrived."""
    digest, length = hashlib.sha256(), 0
    while block := environ["wsgi.input"].read(1024 * 1024):
        digest.update(block)
        length += len(block)
    record = environ[ENVIRON_KEY]
    record.username, record.driver, record.detail = "caller", "probe", json.dumps({"name": "x"})
    headers = {name: value for name, value in environ.items() if name.startswith("HTTP_")}
    told = asdict(record) | {
        "rest": rest[:-1], "length": length, "sha256": digest.hexdigest(), "method": environ["REQUEST_METHOD"],
        "query": environ["QUERY_STRING"], "headers": headers, "process": os.getpid(),
        "repeated": sorted(record.repeated),
    }  # fmt: skip
    return _answer(start_response, json.dumps(told).encode())


def _refuse(environ: Environ, start_response: Callable[..., Any], rest: list[str]) -> Iterable[bytes]:  # noqa: ARG001
    """Wrong password: answers without reading the body."""
    return _answer(start_response, b'{"refused":true}', "401 Unauthorized", ("www-authenticate", 'Basic realm="probe"'))


def _sleep(environ: Environ, start_response: Callable[..., Any], rest: list[str]) -> Iterable[bytes]:  # noqa: ARG001
    """A slow cloud."""
    time.sleep(float(rest[0]))
    return _answer(start_response, json.dumps({"process": os.getpid()}).encode())


def _stream(environ: Environ, start_response: Callable[..., Any], rest: list[str]) -> Iterable[bytes]:  # noqa: ARG001
    """So many bytes, without saying how many."""
    start_response("200 OK", [("content-type", "application/octet-stream")])
    return _blocks(int(rest[0]))


def _blocks(count: int) -> Iterator[bytes]:
    while count > 0:
        yield bytes(min(count, BLOCK))
        count -= BLOCK


def _slowly(environ: Environ, start_response: Callable[..., Any], rest: list[str]) -> Iterable[bytes]:  # noqa: ARG001
    """Ten lines, one in each tenth of so many seconds."""
    start_response("200 OK", [("content-type", "text/plain")])

    def lines() -> Iterator[bytes]:
        for number in range(10):
            time.sleep(float(rest[0]) / 10)
            yield b"%d\n" % number

    return lines()


def _fail(environ: Environ, start_response: Callable[..., Any], rest: list[str]) -> Iterable[bytes]:  # noqa: ARG001
    raise RuntimeError(f"cannot log in with {PASSWORD}")


def _break(environ: Environ, start_response: Callable[..., Any], rest: list[str]) -> Iterable[bytes]:  # noqa: ARG001
    """Fails in the middle of a streamed answer."""
    start_response("200 OK", [("content-type", "text/plain")])

    def blocks() -> Iterator[bytes]:
        yield b"the first half"
        raise RuntimeError(PASSWORD)

    return blocks()


def _short(environ: Environ, start_response: Callable[..., Any], rest: list[str]) -> Iterable[bytes]:  # noqa: ARG001
    """Announces a hundred bytes and sends four."""
    start_response("200 OK", [("content-length", "100")])
    return [b"four"]


def _second_thoughts(environ: Environ, start_response: Callable[..., Any], rest: list[str]) -> Iterable[bytes]:  # noqa: ARG001
    """Starts an answer and fails before any of it is sent."""
    start_response("200 OK", [("content-type", "text/plain"), ("content-length", "5"), ("x-first", "yes")])
    raise RuntimeError(PASSWORD)


def _close(environ: Environ, start_response: Callable[..., Any], rest: list[str]) -> Iterable[bytes]:  # noqa: ARG001
    environ[ENVIRON_KEY].close = True
    return _answer(start_response, b"{}")


def _page(environ: Environ, start_response: Callable[..., Any], rest: list[str]) -> Iterable[bytes]:  # noqa: ARG001
    start_response("200 OK", [("content-type", "text/html"), ("etag", '"1"'), ("x-deltacloud-driver", "probe")])
    return [b"<p>"]


ACTIONS: dict[str, Callable[[Environ, Callable[..., Any], list[str]], Iterable[bytes]]] = {
    "echo": _echo, "refuse": _refuse, "sleep": _sleep, "stream": _stream, "slowly": _slowly, "fail": _fail,
    "break": _break, "short": _short, "second-thoughts": _second_thoughts, "close": _close, "page": _page,
}  # fmt: skip
