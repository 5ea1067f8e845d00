"""A client that goes away while a cloud keeps it waiting: what only reads is broken off, what changes things is not."""

from __future__ import annotations

import contextlib
import re
import socket
import time
import urllib.request
import uuid
from collections.abc import Callable

import pytest

from cloudfaults.sending import Asking, headers_of
from cloudfaults.tries import Try
from cloudfaults.ways import Way
from gateway import Gateway
from wirecloud import WireCloud

pytestmark = pytest.mark.thorough

SECONDS = 1.0
"""About so often a server looks who has gone."""
FIVE_TIMES = 5 * SECONDS
PATIENCE = 25.0
"""Less than the server's deadline and idle time, which therefore are not what ends anything here."""
MANY = 16 * 2**20
_IN_PROGRESS = re.compile(r'^deltacloud_driver_calls_in_progress\{driver="wire"[^}]*\} (\S+)$', re.MULTILINE)


def wait_for(condition: Callable[[], bool], seconds: float = PATIENCE) -> bool:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def calls_in_progress(gateway: Gateway) -> float:
    with urllib.request.urlopen(f"{gateway.url}/metrics") as answer:
        found = _IN_PROGRESS.findall(answer.read().decode())
    return sum(map(float, found))


class Leaver:
    """A client that sends a request, and then goes."""

    def __init__(self, gateway: Gateway, cloud: WireCloud, what: Try, behaviour: str) -> None:
        self.request_id = uuid.uuid4().hex
        self._what = what
        self._headers = headers_of(Asking(what, cloud.url(behaviour)), self.request_id)
        self._gateway, self._cloud = gateway, cloud
        self._others = calls_in_progress(gateway)
        self._socket = socket.create_connection(("127.0.0.1", gateway.port), timeout=PATIENCE)

    def sends(self, sent: int, announced: int) -> None:
        """Send the head, and so much of a body of so many bytes; less if nobody takes it."""
        lines = [f"{self._what.method} /api{self._what.path} HTTP/1.1", f"Host: 127.0.0.1:{self._gateway.port}"]
        lines += [f"{name}: {value}" for name, value in self._headers.items()]
        body = self._what.body if announced == len(self._what.body) else b"x" * sent
        self._socket.sendall("\r\n".join([*lines, f"Content-Length: {announced}", "", ""]).encode())
        self._socket.settimeout(SECONDS)
        with contextlib.suppress(TimeoutError):
            self._socket.sendall(body)
        self._socket.settimeout(PATIENCE)

    def waits_until_asked(self) -> None:
        assert wait_for(lambda: bool(self.records())), "the request has not reached the cloud"

    def records(self) -> list[str | None]:
        """The bodies with which the request has reached the cloud."""
        records = self._cloud.records()
        return [record.body for record in records if record.headers["x-wire-request"] == self.request_id]

    def receives(self, length: int) -> None:
        """Read so much of the answer."""
        while length > 0:
            length -= len(self._socket.recv(length))

    def leaves(self) -> None:
        self._socket.close()

    def is_left(self) -> bool:
        """Whether the gateway has closed the connection that the cloud let hang."""
        return self.request_id in self._cloud.departures()

    def is_over(self) -> bool:
        """Whether the gateway has no more calls in progress than before."""
        return calls_in_progress(self._gateway) <= self._others

    def status(self) -> str:
        """The status in the access line about the request, once there is one."""
        pattern = re.compile(rf'" (\d+) \S+ \S+ {self.request_id} ')
        wait_for(lambda: pattern.search(self._gateway.log.read_text()) is not None)
        found = pattern.search(self._gateway.log.read_text())
        return "none" if found is None else found[1]


def assert_broken_off(leaver: Leaver, ended: Callable[[], bool]) -> None:
    """Within seconds: the cloud is let go, and the call is none in progress any more."""
    leaver.leaves()
    assert wait_for(ended, FIVE_TIMES), "the cloud is still asked"
    assert wait_for(leaver.is_over, FIVE_TIMES), "the call is in progress still"


def what(ways: list[Way], name: str) -> Try:
    return next(way.what for way in ways if way.what.name == name)


@pytest.mark.parametrize("name", ["instances.index", "blobs.content", "blobs.metadata"])
def test_a_read_is_broken_off(cloud: WireCloud, gateway: Gateway, ways: list[Way], name: str) -> None:
    leaver = Leaver(gateway, cloud, what(ways, name), "stall")
    leaver.sends(0, 0)
    leaver.waits_until_asked()
    assert_broken_off(leaver, leaver.is_left)
    assert leaver.status() == "499"


def test_a_read_that_waits_to_ask_again_is_broken_off(cloud: WireCloud, gateway: Gateway, ways: list[Way]) -> None:
    leaver = Leaver(gateway, cloud, what(ways, "instances.index"), "status,503,20")
    leaver.sends(0, 0)
    leaver.waits_until_asked()
    assert_broken_off(leaver, leaver.is_over)
    assert leaver.status() == "499"
    assert len(leaver.records()) == 1


def test_a_download_that_hangs_is_broken_off(cloud: WireCloud, gateway: Gateway, ways: list[Way]) -> None:
    leaver = Leaver(gateway, cloud, what(ways, "blobs.content"), "stall-body")
    leaver.sends(0, 0)
    leaver.receives(300_000)
    assert_broken_off(leaver, leaver.is_left)


def test_an_upload_is_broken_off_when_the_client_breaks_off(
    cloud: WireCloud, gateway: Gateway, ways: list[Way]
) -> None:
    leaver = Leaver(gateway, cloud, what(ways, "blobs.put"), "ok")
    leaver.sends(100_000, MANY)
    assert_broken_off(leaver, lambda: leaver.records() == [None])
    assert leaver.status() == "499"


CHANGES = {
    "instances.create": ("create_instance", "201"),
    "keys.create": ("create_key", "201"),
    "instances.destroy": ("destroy_instance", "204"),
    "instances.stop": ("stop_instance", "303"),
    "storage_volumes.attach": ("attach_storage_volume", "202"),
    "blobs.put": ("write_blob", "200"),
    "blobs.create": ("write_blob", "201"),
    "blobs.put last of several": ("finish_segmented_upload", "200"),
}
"""Requests that change things, the hook that does so, and the status of success."""


def test_what_changes_things_runs_to_its_end(cloud: WireCloud, gateway: Gateway, ways: list[Way]) -> None:
    leavers = {}
    for name, (hook, _) in CHANGES.items():
        tried = what(ways, name)
        leavers[name] = Leaver(gateway, cloud, tried, f"on,{hook},delay,4")
        leavers[name].sends(len(tried.body), len(tried.body))
    for leaver in leavers.values():
        leaver.waits_until_asked()
        leaver.leaves()
    assert {name: leaver.status() for name, leaver in leavers.items()} == {
        name: status for name, (_, status) in CHANGES.items()
    }
