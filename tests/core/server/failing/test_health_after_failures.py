"""Failures leave nothing behind in the server but a line in its log that tells them apart."""

from __future__ import annotations

import re
import time
import urllib.request
from collections.abc import Iterator

import pytest

from cloudfaults.faults import FAULTS
from cloudfaults.sending import Asking, send, send_all
from cloudfaults.ways import DEADLINE, Way, met
from gateway import Deltacloudd, Gateway, find_free_port
from processes import usage
from wirecloud import WireCloud, wire_cloud

pytestmark = pytest.mark.thorough

AT_ONCE = 60
_IN_PROGRESS = re.compile(r"^deltacloud_(\w+_in_progress)\{[^}]*\} (\S+)$", re.MULTILINE)


@pytest.fixture(name="fresh")
def fresh_fixture(servers: Deltacloudd) -> Iterator[Gateway]:
    """A server of one test alone."""
    gateway = servers("-t", str(DEADLINE), "--idle-timeout", str(DEADLINE), "--workers", "1", driver="wire")
    yield gateway
    gateway.stop()


def in_progress(gateway: Gateway) -> dict[str, float]:
    with urllib.request.urlopen(f"{gateway.url}/metrics") as answer:
        return {name: float(value) for name, value in _IN_PROGRESS.findall(answer.read().decode())}


def settled(gateway: Gateway) -> int:
    """The files that the server has open, once their number no longer falls."""
    least, end = usage(gateway.process.pid).files, time.monotonic() + 2
    while time.monotonic() < end:
        time.sleep(0.1)
        now = usage(gateway.process.pid).files
        if now < least:
            least, end = now, time.monotonic() + 2
    return least


def test_nothing_is_left_over(cloud: WireCloud, fresh: Gateway, ways: list[Way]) -> None:
    """As many connections to the cloud are kept as were in use at once, and no more, whatever has happened on them."""
    list_instances = next(way for way in ways if way.hook == "list_instances")
    usual = [Asking(list_instances.what, cloud.url("delay,0.5"))] * AT_ONCE
    assert {outcome.status for outcome in send_all(fresh.port, usual)} == {200}
    before = settled(fresh)
    some = [
        way for way in ways if way.hook in {"list_instances", "create_key", "read_blob", "write_blob", "list_blobs"}
    ]
    askings = [one.asking for fault in FAULTS for one in met(some, cloud, fault)]
    for _ in range(2):
        send_all(fresh.port, askings)
    assert settled(fresh) <= before
    assert in_progress(fresh)["driver_calls_in_progress"] == 0
    assert send(fresh.port, Asking(list_instances.what, cloud.url())).status == 200
    assert fresh.stop() == 0
    assert "did not end" not in fresh.log.read_text()


def test_connections_to_a_cloud_that_has_gone_are_given_up(fresh: Gateway, ways: list[Way]) -> None:
    list_instances = next(way for way in ways if way.hook == "list_instances")
    with wire_cloud() as passing:
        before = settled(fresh)
        assert send(fresh.port, Asking(list_instances.what, passing.url())).status == 200
    assert send(fresh.port, Asking(list_instances.what, passing.url())).status == 502
    assert settled(fresh) <= before


# The log

LINES = {
    "reset": "provider_error 'The provider closed the connection without an answer'",
    "half": "provider_error 'The provider broke off its answer'",
    "garbage": 'provider_error "The provider\'s answer is no HTTP"',
    "nonsense": 'provider_error "The provider\'s answer cannot be read"',
    "status,500": "provider_error 'The provider answered 500",
    "status,503": "provider_busy ",
    "stall": "provider_timeout ",
}


@pytest.mark.parametrize("behaviour", LINES)
def test_the_log_tells_failures_apart(cloud: WireCloud, hasty: Gateway, ways: list[Way], behaviour: str) -> None:
    way = next(way for way in ways if way.hook == "create_key")
    outcome = send(hasty.port, Asking(way.what, cloud.url(behaviour)))
    lines = [line for line in hasty.log.read_text().splitlines() if outcome.request_id in line]
    (told,) = [line for line in lines if "WARNING" in line]
    assert re.search(r"wire\.create_key failed after \d+\.\d{3} s and 1 requests: ", told)
    assert LINES[behaviour] in told
    assert "secret" not in told


def test_the_log_tells_clouds_apart_that_are_not_reached(cloud: WireCloud, gateway: Gateway, ways: list[Way]) -> None:
    way = next(way for way in ways if way.hook == "create_key")
    for provider, message in (
        (f"http://127.0.0.1:{find_free_port()}", "'The provider cannot be reached'"),
        (cloud.url(scheme="https"), "'The provider does not speak TLS as this server does'"),
    ):
        outcome = send(gateway.port, Asking(way.what, provider))
        lines = gateway.log.read_text().splitlines()
        assert [message in line for line in lines if outcome.request_id in line and "WARNING" in line] == [True]


def test_the_log_tells_how_often_a_cloud_was_asked_and_why(cloud: WireCloud, gateway: Gateway, ways: list[Way]) -> None:
    way = next(way for way in ways if way.hook == "get_key")
    outcome = send(gateway.port, Asking(way.what, cloud.url("reset")))
    lines = [line for line in gateway.log.read_text().splitlines() if outcome.request_id in line]
    assert [line for line in lines if "wire.get_key failed" in line and "and 4 requests: provider_error" in line]
    attempts = [line for line in lines if "to ask the provider failed (The provider closed" in line]
    assert ["INFO" in line for line in attempts] == [True, True, True]
