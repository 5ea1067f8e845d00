"""The verdict on an exchange: alike, different by decision, different, or waiting; and untrue rows are found."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from conformance_table import table
from deviation import decided
from exchanges import Answer, Exchange, Request
from replay import Outcome, replay

INSTALLED = frozenset({"mock"})
BUCKET = b"<bucket id='b'><size>%d</size></bucket>"


class _Bucket(BaseHTTPRequestHandler):
    """Answers every request with one bucket, whose size is the path."""

    def do_GET(self) -> None:
        body = BUCKET % int(self.path.strip("/"))
        self.send_response(200)
        self.send_header("Content-Type", "application/xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Write nothing."""


@pytest.fixture
def port() -> Iterator[int]:
    """Where the small server listens."""
    with HTTPServer(("127.0.0.1", 0), _Bucket) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def asked(port: int, size: int, *, name: str = "a", recorded: int = 3, driver: str = "mock") -> Outcome:
    answer = Answer(200, (("Content-Type", "application/xml"),), BUCKET % recorded)
    exchange = Exchange(name, 1, "mock", Request("GET", f"/{size}", (), b""), answer, driver)
    (outcome,) = replay(lambda: port, [exchange], INSTALLED)
    return outcome


def test_the_same_answer_is_alike(port: int) -> None:
    assert asked(port, 3).verdict == "alike"


def test_another_answer_is_different_and_says_where(port: int) -> None:
    outcome = asked(port, 4)
    assert outcome.verdict == "different"
    assert outcome.differences == ("bucket/size: '3' was recorded, '4' is ours",)


def test_an_exchange_of_a_driver_that_is_not_installed_waits(port: int) -> None:
    assert asked(port, 3, driver="ec2").verdict == "waiting"


def test_a_decided_answer_is_decided_and_any_other_is_different(port: int) -> None:
    name = "buckets.show.emptied.xml"
    assert asked(port, 0, name=name, recorded=1).verdict == "decided"
    assert asked(port, 1, name=name, recorded=1).verdict == "different"
    assert asked(port, 2, name=name, recorded=1).verdict == "different"


def test_a_row_without_which_the_answer_is_alike_is_stale(port: int) -> None:
    outcome = asked(port, 3, name="buckets.show.emptied.xml")
    assert outcome.stale == outcome.deviations != ()
    assert asked(port, 0, name="buckets.show.emptied.xml", recorded=1).stale == ()


def test_no_answer_is_a_difference() -> None:
    (difference,) = asked(1, 3).differences
    assert difference.startswith("no answer: ConnectionRefusedError")


def test_a_pattern_that_matches_nothing_is_found() -> None:
    row = decided("keys.*.xml images.*", "because")
    assert row.concerns("keys.index.xml")
    assert not row.concerns("keys.index.json")
    assert row.idle_patterns(["keys.index.xml", "realms.index.xml"]) == ["images.*"]


def test_the_table_counts_every_verdict(port: int) -> None:
    outcomes = [
        asked(port, 3),
        asked(port, 4, name="b"),
        asked(port, 0, name="buckets.show.emptied.xml", recorded=1),
        asked(port, 3, name="c", driver="ec2"),
    ]
    text = table(outcomes)
    assert "| 4 | 3 | 1 | 1 | 1 | 1 |" in text
    assert "| ec2 | 1 |" in text
    assert "* `b`: bucket/size" in text
    assert "true count of its blobs" in text
