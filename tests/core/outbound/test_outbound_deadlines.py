"""Every wait of a connection keeps the deadline of the request that uses it now."""

from __future__ import annotations

import contextvars
import threading
import time
from collections.abc import Callable, Iterable, Iterator

import pytest
import requests

from deltacloud import context as contexts
from deltacloud.errors import ProviderTimeout
from deltacloud.outbound import deadlines, meaning
from loopback import Answer, Asked, Outside, reply

SHORT = 0.4
FIVE_TIMES = 5 * SHORT


class Taps:
    """Ends what a slow backend does when the test is over."""

    def __init__(self) -> None:
        self.closed = threading.Event()

    def drip(self, *, every: float = 0.05, seconds: float = 20.0) -> Iterator[bytes]:
        end = time.monotonic() + seconds
        while time.monotonic() < end and not self.closed.wait(every):
            yield b"x"

    def silent_header(self, _asked: Asked) -> Iterator[bytes]:
        self.closed.wait(20)
        yield from reply()

    def dripping_header(self, _asked: Asked) -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\nX-Slow: "
        yield from self.drip()

    def dripping_body(self, _asked: Asked) -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"
        yield from self.drip()

    def stalled_body(self, _asked: Asked) -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nhalf"
        self.closed.wait(20)

    def dripping_chunks(self, _asked: Asked) -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        for one in self.drip():
            yield b"1\r\n" + one + b"\r\n"


def in_turn(answers: Iterator[Answer]) -> Answer:
    def answer(asked: Asked) -> Iterable[bytes]:
        return next(answers)(asked)

    return answer


@pytest.fixture(name="taps")
def taps_fixture() -> Iterator[Taps]:
    taps = Taps()
    yield taps
    taps.closed.set()


@pytest.mark.parametrize(
    "slow", ["silent_header", "dripping_header", "dripping_body", "stalled_body", "dripping_chunks"]
)
@pytest.mark.parametrize("stream", [False, True])
def test_no_slowness_outlives_the_deadline(outside: Outside, taps: Taps, slow: str, stream: bool) -> None:
    answer: Callable[[Asked], Iterator[bytes]] = getattr(taps, slow)
    backend = outside.serve(answer)
    session = outside.context(seconds=SHORT, reading=True).http(backend.url())
    started = time.monotonic()
    with pytest.raises(ProviderTimeout):
        _ = session.get(backend.url(), stream=stream).content
    assert time.monotonic() - started < FIVE_TIMES
    assert len(backend.asked) == 1


def test_a_server_that_reads_nothing_does_not_outlive_the_deadline(outside: Outside, taps: Taps) -> None:
    backend = outside.serve(taps.silent_header)
    session = outside.context(seconds=SHORT).http(backend.url())
    started = time.monotonic()
    with pytest.raises(ProviderTimeout):
        # The server waits for the body's end, so what it does not read fills the buffers between us.
        session.put(backend.url(), data=iter(lambda: b"x" * 2**20, None), headers={"Content-Length": "0"})
    assert time.monotonic() - started < FIVE_TIMES


def test_a_kept_connection_has_the_deadline_of_its_present_user(outside: Outside, taps: Taps) -> None:
    answers: Iterator[Answer] = iter([lambda _: reply(), taps.silent_header])
    backend = outside.serve(in_turn(answers))
    way = outside.way()
    assert outside.context(way, seconds=60).http(backend.url()).get(backend.url()).text == "ok"
    started = time.monotonic()
    with pytest.raises(ProviderTimeout):
        outside.context(way, seconds=SHORT).http(backend.url()).get(backend.url())
    assert time.monotonic() - started < FIVE_TIMES
    assert [asked.connection for asked in backend.asked] == [1, 1]


def test_a_kept_connection_forgets_the_deadline_of_its_last_user(outside: Outside) -> None:
    def slowish(_asked: Asked) -> Iterator[bytes]:
        time.sleep(0.5)
        yield from reply()

    answers: Iterator[Answer] = iter([lambda _: reply(), slowish])
    backend = outside.serve(in_turn(answers))
    way = outside.way()
    assert outside.context(way, seconds=SHORT).http(backend.url()).get(backend.url()).text == "ok"
    assert outside.context(way, seconds=20).http(backend.url()).get(backend.url()).text == "ok"
    assert [asked.connection for asked in backend.asked] == [1, 1]


def test_nothing_is_sent_when_no_time_is_left(outside: Outside) -> None:
    backend = outside.serve()
    with pytest.raises(ProviderTimeout):
        outside.context(seconds=0).http(backend.url()).get(backend.url())
    assert backend.connections == 0


def test_a_transfer_that_moves_outlives_the_deadline(outside: Outside) -> None:
    def steady(_asked: Asked) -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n"
        for _ in range(13):
            time.sleep(0.1)
            yield b"x"

    backend = outside.serve(steady)
    context = outside.context(seconds=1.0, idle=0.9)
    answer = context.http(backend.url()).get(backend.url(), stream=True)
    context.deadline.moved()
    assert answer.content == b"x" * 13


def test_a_transfer_that_stalls_ends_after_the_idle_time(outside: Outside, taps: Taps) -> None:
    backend = outside.serve(taps.stalled_body)
    context = outside.context(seconds=60, idle=SHORT)
    answer = context.http(backend.url()).get(backend.url(), stream=True)
    context.deadline.moved()
    started = time.monotonic()
    with pytest.raises(ProviderTimeout):
        _ = answer.content
    assert time.monotonic() - started < FIVE_TIMES


def test_a_dripping_header_does_not_count_as_movement(outside: Outside, taps: Taps) -> None:
    backend = outside.serve(taps.dripping_header)
    context = outside.context(seconds=60, idle=SHORT)
    context.deadline.moved()
    started = time.monotonic()
    with pytest.raises(ProviderTimeout):
        context.http(backend.url()).get(backend.url(), stream=True)
    assert time.monotonic() - started < FIVE_TIMES


def test_an_upload_that_moves_outlives_the_deadline(outside: Outside) -> None:
    backend = outside.serve()
    context = outside.context(seconds=1.0, idle=0.9)

    def content() -> Iterator[bytes]:
        for _ in range(13):
            time.sleep(0.1)
            context.deadline.moved()
            yield b"x"

    assert context.http(backend.url()).put(backend.url(), data=content()).text == "ok"
    assert backend.asked[0].body == b"x" * 13


def test_a_stricter_timeout_of_the_drivers_own_holds_too(outside: Outside, taps: Taps) -> None:
    backend = outside.serve(taps.silent_header)
    session = outside.context(seconds=60).http(backend.url())
    started = time.monotonic()
    with pytest.raises(requests.ReadTimeout) as caught:
        session.get(backend.url(), timeout=SHORT)
    assert time.monotonic() - started < FIVE_TIMES
    assert isinstance(meaning(caught.value), ProviderTimeout)


def test_outside_of_any_call_there_is_no_deadline() -> None:
    with pytest.raises(RuntimeError, match="outside of any call"):
        deadlines.in_force()


def test_what_is_sent_may_be_repeated_only_where_the_call_or_the_driver_says_so(outside: Outside) -> None:
    def in_call(*, reading: bool) -> bool:
        contexts.enter(outside.context(reading=reading))
        return deadlines.repeatable()

    found = [deadlines.repeatable()]
    found += [contextvars.copy_context().run(in_call, reading=reading) for reading in (False, True)]
    with deadlines.bound(contexts.Deadline(1), repeatable=True):
        found.append(deadlines.repeatable())
        with deadlines.closing(contexts.Deadline(1)):
            found.append(deadlines.repeatable())
    assert found == [False, False, True, True, False]


def test_a_restart_ends_a_transfer() -> None:
    deadline = contexts.Deadline(10, idle=1)
    found = [deadline.moving]
    deadline.moved()
    found.append(deadline.moving)
    assert deadline.remaining() <= 1
    deadline.restart(20)
    found.append(deadline.moving)
    assert found == [False, True, False]
    assert 19 < deadline.remaining() <= 20
