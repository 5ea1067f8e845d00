"""What is sent again, and what is not."""

from __future__ import annotations

import contextlib
import io
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import requests

from deltacloud.context import Deadline
from deltacloud.errors import DeltacloudError, Forbidden, NameNotFound
from deltacloud.outbound import retries
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


def test_an_answer_that_has_begun_is_not_asked_for_again(outside: Outside) -> None:
    backend = outside.serve(in_turn(half_a_header))
    with pytest.raises(DeltacloudError, match="broke off"):
        outside.context(reading=True).http(backend.url()).get(backend.url())
    assert len(backend.asked) == 1


@pytest.mark.parametrize("stream", [False, True])
def test_a_body_that_has_begun_is_not_asked_for_again(outside: Outside, stream: bool) -> None:
    backend = outside.serve(in_turn(half_a_body))
    session = outside.context(reading=True).http(backend.url())
    with pytest.raises(requests.RequestException):
        _ = session.get(backend.url(), stream=stream).content
    assert len(backend.asked) == 1


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
