"""docs/failures.md: it names every error, and its loop does what the page says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request

import pytest

from deltacloud import errors
from deltacloud.errors import DeltacloudError
from errorclasses import ERRORS
from loopback import Answer, Asked, Backend, Reset, reply

PAGE = (Path(__file__).parents[2] / "docs" / "failures.md").read_text("utf-8")
ROWS = {row[2]: row for row in re.finditer(r"^\| ([\d, ]+) \| `([a-z_]+)` \| (\w+) \| (.+) \|$", PAGE, re.MULTILINE)}


@pytest.mark.parametrize("kind", ERRORS, ids=lambda one: one.__name__)
def test_every_error_has_a_row_with_its_status(kind: type[DeltacloudError]) -> None:
    assert kind.code in ROWS
    assert str(kind.status) in ROWS[kind.code][1].split(", ")


def test_every_row_is_an_error() -> None:
    assert set(ROWS) == {kind.code for kind in ERRORS}


def test_what_a_client_sent_wrong_has_changed_nothing() -> None:
    done = {kind.code: ROWS[kind.code][3] for kind in ERRORS}
    assert {done[kind.code] for kind in ERRORS if 400 <= kind.status < 500} == {"no"}
    assert done["provider_busy"] == done["not_supported"] == "no"
    assert done["provider_timeout"] == done["provider_error"] == done["backend_error"] == "perhaps"


# The loop


@pytest.fixture(scope="module")
def loop() -> dict[str, Any]:
    block = re.search(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert block
    names: dict[str, Any] = {}
    exec(compile(block[1], "failures.md", "exec"), names)  # noqa: S102 - our own documentation
    names["time"] = type(
        "Time", (), {"sleep": staticmethod(lambda seconds: names.setdefault("slept", []).append(seconds))}
    )
    return names


@pytest.fixture
def answering() -> Iterator[Callable[..., Backend]]:
    """A server that answers in turn, the last answer again and again."""
    started: list[Backend] = []

    def start(*answers: Answer) -> Backend:
        waiting = list(answers)

        def answer(asked: Asked) -> Iterable[bytes]:
            return (waiting.pop(0) if len(waiting) > 1 else waiting[0])(asked)

        started.append(Backend(answer))
        return started[-1]

    yield start
    for backend in started:
        backend.close()


def _error(kind: type[DeltacloudError], **headers: str) -> Answer:
    body = f'{{"error_code": "{kind.code}", "retryable": {str(kind.may_retry).lower()}}}'.encode()
    return lambda _: reply(body, f"{kind.status} Whatever", **headers)


def _well(_: Asked) -> list[bytes]:
    return reply(b"well", Connection="close")


def _half(_: Asked) -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 10\r\n\r\nhalf"
    raise Reset


def test_the_loop_waits_as_long_as_it_is_told(loop: dict[str, Any], answering: Callable[..., Backend]) -> None:
    backend = answering(_error(errors.ProviderBusy, Retry_After="7", Connection="close"), _well)
    loop["slept"] = []
    assert loop["answer"](Request(backend.url(), b"x=1")) == b"well"
    assert [7 <= seconds <= 10.5 for seconds in loop["slept"]] == [True]


def test_the_loop_repeats_reads(loop: dict[str, Any], answering: Callable[..., Backend]) -> None:
    closing = {"Connection": "close"}
    backend = answering(_error(errors.ProviderError, **closing), _error(errors.ProviderTimeout, **closing), _well)
    assert loop["answer"](Request(backend.url())) == b"well"
    assert len(backend.asked) == 3


@pytest.mark.parametrize("kind", [errors.NotFound, errors.NameNotFound, errors.BackendError])
def test_the_loop_does_not_repeat_what_stays_wrong(
    loop: dict[str, Any], answering: Callable[..., Backend], kind: type[DeltacloudError]
) -> None:
    backend = answering(_error(kind, Connection="close"), _well)
    with pytest.raises(HTTPError):
        loop["answer"](Request(backend.url()))
    assert len(backend.asked) == 1


def test_the_loop_makes_nothing_twice(loop: dict[str, Any], answering: Callable[..., Backend]) -> None:
    backend = answering(_error(errors.ProviderTimeout, Connection="close"), _well)
    with pytest.raises(HTTPError):
        loop["answer"](Request(backend.url(), b"x=1"))
    assert len(backend.asked) == 1


def test_the_loop_repeats_what_has_a_key(loop: dict[str, Any], answering: Callable[..., Backend]) -> None:
    backend = answering(_error(errors.ProviderTimeout, Connection="close"), _well)
    assert loop["answer"](Request(backend.url(), b"x=1", {"Idempotency-Key": "k"})) == b"well"
    assert [asked.headers["idempotency-key"] for asked in backend.asked] == ["k", "k"]


def test_the_loop_asks_again_for_what_is_not_yet_completed(
    loop: dict[str, Any], answering: Callable[..., Backend]
) -> None:
    backend = answering(_error(errors.NotYetCompleted, Connection="close"), _well)
    assert loop["answer"](Request(backend.url(), b"x=1")) == b"well"


def test_the_loop_does_not_take_a_part_for_the_whole(loop: dict[str, Any], answering: Callable[..., Backend]) -> None:
    backend = answering(_half, _well)
    assert loop["answer"](Request(backend.url())) == b"well"
