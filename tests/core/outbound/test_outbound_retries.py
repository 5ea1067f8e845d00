"""What is sent again, and what is not."""

from __future__ import annotations

import contextlib
import io
import socket
import threading
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Self

import pytest
import requests

from deltacloud.context import Deadline
from deltacloud.errors import Forbidden, NameNotFound, ProviderError, ProviderTimeout
from deltacloud.outbound import connections, deadlines, meaning, retries
from loopback import Answer, Asked, Outside, Reset, reply


def in_turn(*answers: Answer) -> Answer:
    """Answers each request with the next one, then with 200."""
    left = iter(answers)

    def answer(asked: Asked) -> Iterable[bytes]:
        return next(left, lambda _: reply(b"at last"))(asked)

    return answer


def status(text: str, **headers: str) -> Answer:
    return lambda _: reply(b"not now", text, **headers)


def reset(_asked: Asked) -> Iterator[bytes]:
    yield b""
    raise Reset


def half_a_header(_asked: Asked) -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\nContent-Le"
    raise Reset


def half_a_body(_asked: Asked) -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"
    time.sleep(0.05)
    raise Reset


PASSING = [
    pytest.param(status("429 Too Many Requests"), id="429"),
    pytest.param(status("502 Bad Gateway"), id="502"),
    pytest.param(status("503 Service Unavailable"), id="503"),
    pytest.param(status("504 Gateway Timeout"), id="504"),
    pytest.param(reset, id="reset"),
]


@pytest.mark.parametrize("failure", PASSING)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_reads_are_sent_again_whatever_their_method(outside: Outside, failure: Answer, method: str) -> None:
    backend = outside.serve(in_turn(failure, failure))
    session = outside.context(reading=True).http(backend.url())
    answer = session.request(method, backend.url(), data=b"<list/>" if method == "POST" else None)
    assert answer.text == "at last"
    assert [asked.body for asked in backend.asked] == [b"<list/>" if method == "POST" else b""] * 3


@pytest.mark.parametrize("failure", PASSING)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_nothing_else_is_sent_again(outside: Outside, failure: Answer, method: str) -> None:
    backend = outside.serve(in_turn(failure))
    session = outside.context(reading=False).http(backend.url())
    with contextlib.suppress(requests.ConnectionError):
        assert session.request(method, backend.url()).status_code >= 429
    assert len(backend.asked) == 1


@pytest.mark.parametrize("failure", PASSING)
def test_a_create_with_an_idempotency_token_is_sent_again_when_the_driver_says_so(
    outside: Outside, failure: Answer
) -> None:
    backend = outside.serve(in_turn(failure))
    session = outside.context().http(backend.url())
    assert session.request("POST", backend.url(), data=b"token=1", retry=True).text == "at last"
    assert [asked.body for asked in backend.asked] == [b"token=1", b"token=1"]


def test_other_failures_are_answers(outside: Outside) -> None:
    for text in (
        "400 Bad Request",
        "401 Unauthorized",
        "404 Not Found",
        "409 Conflict",
        "500 Internal Server Error",
        "501 No",
    ):
        backend = outside.serve(in_turn(status(text)))
        answer = outside.context(reading=True).http(backend.url()).get(backend.url())
        assert (str(answer.status_code), len(backend.asked)) == (text[:3], 1)


def test_a_connection_that_is_refused_is_tried_again(outside: Outside) -> None:
    listening = outside.serve(host="127.0.0.3")
    outside.names.set("starting.example", ["127.0.0.2"], ["127.0.0.3"])
    url = listening.url("starting.example")
    assert outside.context(reading=True).http(url).get(url).text == "ok"
    outside.names.set("starting.example", ["127.0.0.2"], ["127.0.0.3"])
    with pytest.raises(requests.ConnectionError):
        outside.context(outside.way(), reading=False).http(url).get(url)


def test_what_keeps_failing_is_handed_on_at_last(outside: Outside) -> None:
    backend = outside.serve(status("503 Service Unavailable"))
    answer = outside.context(reading=True).http(backend.url()).get(backend.url())
    assert (answer.status_code, answer.text, len(backend.asked)) == (503, "not now", 4)
    backend = outside.serve(reset)
    with pytest.raises(requests.ConnectionError):
        outside.context(reading=True).http(backend.url()).get(backend.url())
    assert len(backend.asked) == 4


def waits_before_success(outside: Outside, *failures: Answer) -> list[float]:
    """How long is waited after each of these answers."""
    backend = outside.serve(in_turn(*failures))
    session = outside.context(reading=False).http(backend.url())
    waits: list[float] = []
    answer = retries.send_again(lambda: session.get(backend.url()), Deadline(1000), waits.append)
    assert answer.text == "at last"
    return waits


def test_retry_after_is_honoured(outside: Outside) -> None:
    (waited,) = waits_before_success(outside, status("503 Service Unavailable", Retry_After="7"))
    assert 7 < waited < 8


def test_retry_after_as_a_date_is_honoured(outside: Outside) -> None:
    moment = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    (waited,) = waits_before_success(outside, status("429 Too Many Requests", Retry_After=moment))
    assert 60 < waited < 91


def test_a_moment_that_has_passed_asks_for_nothing(outside: Outside) -> None:
    moment = format_datetime(datetime.now(UTC) - timedelta(seconds=90), usegmt=True)
    (waited,) = waits_before_success(outside, status("429 Too Many Requests", Retry_After=moment))
    assert 0 < waited < 1


def test_waits_grow_and_differ(outside: Outside) -> None:
    busy = status("503 Service Unavailable")
    first, second, third = waits_before_success(outside, busy, busy, busy)
    assert 0.1 <= first <= 0.2 <= second <= 0.4 <= third <= 0.8
    assert len({tuple(waits_before_success(outside, busy)) for _ in range(3)}) > 1


@pytest.mark.parametrize(
    "header", ["60", format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)], ids=["seconds", "date"]
)
def test_a_retry_after_beyond_the_deadline_ends_it_at_once(outside: Outside, header: str) -> None:
    backend = outside.serve(status("503 Service Unavailable", Retry_After=header))
    answer = outside.context(reading=True, seconds=10).http(backend.url()).get(backend.url())
    assert (answer.status_code, answer.headers["Retry-After"], len(backend.asked)) == (503, header, 1)


def test_a_retry_after_that_cannot_be_read_asks_for_nothing(outside: Outside) -> None:
    backend = outside.serve(in_turn(status("503 Service Unavailable", Retry_After="soon")))
    assert outside.context(reading=True).http(backend.url()).get(backend.url()).text == "at last"


BEGUN = [
    pytest.param(half_a_header, id="reset in the header"),
    pytest.param(lambda _: [b"HTTP/1.1 200 OK\r\nContent-Le"], id="closed in the header"),
    pytest.param(lambda _: [b"HTTP/1.1 200 OK\r\n"], id="closed between headers"),
    pytest.param(half_a_body, id="reset in the body"),
    pytest.param(lambda _: [b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"], id="closed in the body"),
    pytest.param(
        lambda _: [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf"], id="closed in the chunks"
    ),
]


def then_close(answer: Answer) -> Answer:
    """The answer, after which the server closes the connection."""

    def closing(asked: Asked) -> Iterator[bytes]:
        yield from answer(asked)
        raise ConnectionError

    return closing


@pytest.mark.parametrize("failure", BEGUN)
def test_a_read_whose_answer_breaks_off_is_sent_again(outside: Outside, failure: Answer) -> None:
    backend = outside.serve(in_turn(then_close(failure), then_close(failure)))
    assert outside.context(reading=True).http(backend.url()).get(backend.url()).text == "at last"
    assert len(backend.asked) == 3


@pytest.mark.parametrize("failure", BEGUN)
def test_nothing_else_is_sent_again_when_its_answer_breaks_off(outside: Outside, failure: Answer) -> None:
    backend = outside.serve(in_turn(then_close(failure)))
    session = outside.context().http(backend.url())
    with pytest.raises((ProviderError, requests.RequestException)) as caught:
        session.post(backend.url(), data=b"make one")
    found = caught.value if isinstance(caught.value, ProviderError) else meaning(caught.value)
    assert isinstance(found, ProviderError)
    assert found.message == "The provider broke off its answer"
    assert len(backend.asked) == 1


def test_a_stream_that_has_begun_is_not_sent_again(outside: Outside) -> None:
    backend = outside.serve(in_turn(half_a_body))
    session = outside.context(reading=True).http(backend.url())
    with pytest.raises(requests.RequestException):
        _ = session.get(backend.url(), stream=True).content
    assert len(backend.asked) == 1


def test_a_body_that_ends_with_the_connection_is_whole(outside: Outside) -> None:
    backend = outside.serve(then_close(lambda _: [b"HTTP/1.1 200 OK\r\n\r\n", b"whole"]))
    assert outside.context().http(backend.url()).get(backend.url()).text == "whole"
    assert len(backend.asked) == 1


def test_a_header_that_breaks_off_is_not_whole_for_users_of_http_client_and_urllib3_either(outside: Outside) -> None:
    backend = outside.serve(then_close(lambda _: [b"HTTP/1.1 200 OK\r\nContent-Le"]))
    context = outside.context()
    sdk = context.sdk
    with deadlines.bound(context.deadline):
        plain, _ = sdk.http_client(backend.url())
        connection = plain(backend.host, backend.port)
        connection.request("GET", "/")
        with pytest.raises(ProviderError, match="broke off"):
            connection.getresponse()
        connection.close()
        pool = sdk.pools(backend.url())["http"](backend.host, backend.port)
        with pytest.raises(ProviderError, match="broke off"):
            pool.urlopen("GET", "/", retries=False)
        pool.close()


def test_a_wait_that_the_driver_limits_is_tried_again_in_reads(outside: Outside) -> None:
    silence = threading.Event()

    def silent(_asked: Asked) -> Iterator[bytes]:
        silence.wait(20)
        yield b""

    backend = outside.serve(in_turn(silent))
    try:
        assert outside.context(reading=True).http(backend.url()).get(backend.url(), timeout=0.3).text == "at last"
    finally:
        silence.set()


def test_what_cannot_pass_is_sent_once(outside: Outside) -> None:
    backend = outside.serve(then_close(lambda _: [b"220 mail.example ESMTP\r\n"]))
    with pytest.raises(requests.ConnectionError) as caught:
        outside.context(reading=True).http(backend.url()).get(backend.url())
    found = meaning(caught.value)
    assert isinstance(found, ProviderError)
    assert (found.message, found.retryable) == ("The provider's answer is no HTTP", False)
    assert backend.connections == 1


# Kept connections


def test_what_creates_never_goes_over_a_connection_that_the_cloud_has_closed_meanwhile(outside: Outside) -> None:
    backend = outside.serve(then_close(lambda _: reply()))
    way = outside.way()
    for _ in range(5):
        assert outside.context(way, reading=True).http(backend.url()).get(backend.url()).text == "ok"
        time.sleep(0.1)  # the end of the connection is here by now
        assert outside.context(way).http(backend.url()).post(backend.url(), data=b"make one").text == "ok"
        time.sleep(0.1)
    creates = [asked for asked in backend.asked if asked.method == "POST"]
    assert len(creates) == 5


def test_what_creates_goes_over_connections_that_were_in_use_just_now_or_new_ones(outside: Outside) -> None:
    backend = outside.serve()
    way = outside.way()

    def connection_of(*, reading: bool) -> int:
        session = outside.context(way, reading=reading).http(backend.url())
        assert session.request("POST", backend.url(), data=b"make one").text == "ok"
        return backend.asked[-1].connection

    assert [connection_of(reading=True), connection_of(reading=False), connection_of(reading=False)] == [1, 1, 1]
    time.sleep(1.2)
    assert [connection_of(reading=True), connection_of(reading=False)] == [1, 1]
    time.sleep(1.2)
    assert [connection_of(reading=False), connection_of(reading=True)] == [2, 2]


def test_connections_that_nobody_uses_are_closed(outside: Outside, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "_KEPT_SECONDS", 0.3)
    monkeypatch.setattr(connections, "_LOOK_SECONDS", 0.0)
    together = threading.Barrier(4)

    def answer(asked: Asked) -> list[bytes]:
        if asked.path == "/together":
            together.wait(20)
        return reply()

    backend = outside.serve(answer)
    way = outside.way()

    def get(path: str) -> None:
        outside.context(way, reading=True).http(backend.url()).get(f"{backend.url()}{path}")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(get, ["/together"] * 4))
    time.sleep(0.4)
    before = backend.ended
    get("/alone")
    end = time.monotonic() + 20
    while backend.ended < before + 4 and time.monotonic() < end:
        time.sleep(0.02)
    assert (before, backend.ended, backend.connections) == (0, 4, 5)


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="this system cannot tell a dead connection")
def test_a_read_leaves_a_connection_on_which_nothing_is_acknowledged(outside: Outside) -> None:
    with DeafOnce() as server:
        url = f"http://127.0.0.1:{server.port}"
        context = outside.context(reading=True, seconds=4 * 1.2)
        assert context.http(url).post(url, data=b"x" * 2**24).text == "ok"
    assert server.connections == 2


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="this system cannot tell a dead connection")
def test_nothing_else_leaves_it_before_the_deadline(outside: Outside) -> None:
    with DeafOnce() as server:
        url = f"http://127.0.0.1:{server.port}"
        with pytest.raises(ProviderTimeout):
            outside.context(seconds=2.5).http(url).post(url, data=b"x" * 2**24)
    assert server.connections == 1


class DeafOnce:
    """A server whose first connection takes nothing, as one that leads nowhere any more; the next ones are answered."""

    def __init__(self) -> None:
        self.connections = 0
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.port = self._listening.getsockname()[1]
        self._open: list[socket.socket] = []
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listening.close()
        for connection in self._open:
            connection.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self._open.append(connection)
            self.connections += 1
            if self.connections > 1:
                self._answer(connection)

    def _answer(self, connection: socket.socket) -> None:
        with connection.makefile("rb") as file:
            while (line := file.readline().strip()) != b"":
                if line.lower().startswith(b"content-length:"):
                    length = int(line.partition(b":")[2])
            file.read(length)
        connection.sendall(b"".join(reply()))


@pytest.mark.parametrize("kind", ["generator", "file"])
def test_a_body_that_can_be_read_but_once_is_sent_but_once(outside: Outside, kind: str) -> None:
    backend = outside.serve(status("503 Service Unavailable"))
    session = outside.context(reading=True).http(backend.url())
    body = io.BytesIO(b"content") if kind == "file" else iter([b"content"])
    assert session.put(backend.url(), data=body).status_code == 503
    assert len(backend.asked) == 1


def test_refusals_are_not_repeated(outside: Outside) -> None:
    context = outside.context(outside.way(allow=["*.example", "127.0.0.1"]), reading=True)
    outside.names.set("bad.example", ["169.254.169.254"])
    for name, error in (("bad.example", Forbidden), ("missing.example", NameNotFound)):
        with pytest.raises(error):
            context.http(f"http://{name}").get(f"http://{name}")
    assert outside.names.asked == ["bad.example", "missing.example"]
