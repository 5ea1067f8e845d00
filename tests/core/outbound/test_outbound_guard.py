"""The guard makes the connection itself, to an address that it has checked."""

from __future__ import annotations

import os
import socket
import threading
import time

import pytest

from deltacloud.errors import Forbidden, NameNotFound, ProviderTimeout
from deltacloud.outbound import Policy, Resolver, WayOut
from loopback import Outside

CHECKED, METADATA = "127.0.0.2", "127.0.0.3"


def test_no_more_than_four_addresses_are_tried(outside: Outside) -> None:
    backend = outside.serve(host="127.0.0.9")
    outside.names.set("many.example", ["127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5", "127.0.0.9"])
    with pytest.raises(ConnectionRefusedError):
        outside.context().sdk.connect("many.example", backend.port)


def test_odd_spellings_of_loopback_reach_it_when_it_is_allowed(outside: Outside) -> None:
    backend = outside.serve()
    way = WayOut("tiny", Policy(allow=["127.0.0.0/8"]))
    try:
        for host in ("127.1", "0x7f.1", "2130706433"):
            url = f"http://{host}:{backend.port}/"
            assert outside.context(way).http(url).get(url).text == "ok"
    finally:
        way.close()


def test_a_session_that_others_may_not_have_does_not_lend_them_its_connections(outside: Outside) -> None:
    backend = outside.serve(host=CHECKED)
    way = outside.way(allow=None, own=[backend.url()])
    assert outside.context(way, local=True).http("http://127.0.0.9").get(backend.url()).text == "ok"
    assert outside.context(way).http(backend.url()).get(backend.url()).text == "ok"
    assert [asked.connection for asked in backend.asked] == [1, 2]


def test_connections_of_two_drivers_are_apart(outside: Outside) -> None:
    backend = outside.serve()
    for driver in ("one", "two"):
        outside.context(outside.way(driver=driver)).http(backend.url()).get(backend.url())
    assert [asked.connection for asked in backend.asked] == [1, 2]


def test_connections_are_kept_for_all_callers_with_the_same_rights(outside: Outside) -> None:
    backend = outside.serve()
    way = outside.way()
    for user in ("alice", "bob", "carol"):
        outside.context(way, user=user).http(backend.url()).get(backend.url(), auth=(user, "x"))
    assert [asked.connection for asked in backend.asked] == [1, 1, 1]
    assert len({asked.headers["authorization"] for asked in backend.asked}) == 3


def test_slow_names_that_callers_choose_hold_up_no_known_ones() -> None:
    # A pipe, because look-ups run in native threads, which gevent's own events do not serve.
    waiting_end, released_end = os.pipe()
    begun = threading.Semaphore(0)

    def look_up(name: str) -> list[str]:
        if name.startswith("slow"):
            begun.release()
            os.read(waiting_end, 1)
        return ["127.0.0.1"]

    resolver = Resolver(look_up, threads=2)
    waiting = [
        threading.Thread(target=lambda: resolver.addresses("slow.example", known=False, seconds=20)) for _ in range(12)
    ]
    try:
        for thread in waiting:
            thread.start()
        assert begun.acquire(timeout=10)
        assert begun.acquire(timeout=10)
        assert [str(one) for one in resolver.addresses("cloud.example", known=True, seconds=10)] == ["127.0.0.1"]
        with pytest.raises(ProviderTimeout, match=r"other\.example"):
            resolver.addresses("other.example", known=False, seconds=0.1)
    finally:
        os.write(released_end, b"released" * 4)
        for thread in waiting:
            thread.join(10)
        resolver.close()
        os.close(waiting_end)
        os.close(released_end)


def test_a_slow_name_does_not_outlive_the_deadline(outside: Outside) -> None:
    waiting_end, released_end = os.pipe()

    def look_up(_name: str) -> list[str]:
        os.read(waiting_end, 1)
        return ["127.0.0.1"]

    resolver = Resolver(look_up)
    way = WayOut("tiny", Policy(allow=["*"]), resolver=resolver)
    started = time.monotonic()
    try:
        with pytest.raises(ProviderTimeout):
            outside.context(way, seconds=0.4).http("http://slow.example").get("http://slow.example")
        assert time.monotonic() - started < 2.0
    finally:
        os.write(released_end, b"released" * 4)
        way.close()
        resolver.close()
        os.close(waiting_end)
        os.close(released_end)


def test_one_deadline_holds_over_all_addresses(outside: Outside) -> None:
    # A listener whose queue is full answers no further connection.
    full = [socket.create_server((host, 0), backlog=0) for host in (CHECKED,)]
    port = full[0].getsockname()[1]
    full += [socket.create_server((METADATA, port), backlog=0)]
    fillers = []
    for host in (CHECKED, METADATA) * 4:
        filler = socket.socket()
        filler.settimeout(0)
        filler.connect_ex((host, port))
        fillers.append(filler)
    outside.names.set("full.example", [CHECKED, METADATA])
    started = time.monotonic()
    try:
        with pytest.raises(ProviderTimeout):
            outside.context(seconds=0.6).sdk.connect("full.example", port)
        assert time.monotonic() - started < 3.0
    finally:
        for one in (*full, *fillers):
            one.close()


def test_a_refusal_is_no_network_error() -> None:
    assert not issubclass(Forbidden, OSError)
    assert not issubclass(NameNotFound, OSError)
