"""The guard makes the connection itself, to an address that it has checked."""

from __future__ import annotations

import os
import socket
import threading
import time

import pytest

from deltacloud.errors import Forbidden, NameNotFound, ProviderTimeout
from deltacloud.outbound import Policy, Resolver, WayOut
from loopback import Outside, reply

CHECKED, METADATA = "127.0.0.2", "127.0.0.3"


def test_a_name_is_resolved_once_and_a_changing_answer_leads_nowhere_else(outside: Outside) -> None:
    good = outside.serve(lambda _: reply(Connection="close"), host=CHECKED)
    bad = outside.serve(host=METADATA, port=good.port)
    outside.names.set("cloud.example", [CHECKED], [METADATA])
    context = outside.context(outside.way(allow=[f"{CHECKED}/32"]))
    assert context.http(good.url("cloud.example")).get(good.url("cloud.example")).text == "ok"
    assert outside.names.asked == ["cloud.example"]
    assert good.asked[0].headers["host"] == f"cloud.example:{good.port}"
    with pytest.raises(Forbidden, match="allow-providers"):
        context.http(good.url("cloud.example")).get(good.url("cloud.example"))
    assert bad.connections == 0


def test_a_mixed_answer_is_refused(outside: Outside) -> None:
    good = outside.serve(host=CHECKED)
    outside.names.set("mixed.example", [CHECKED, METADATA])
    context = outside.context(outside.way(allow=[f"{CHECKED}/32"]))
    with pytest.raises(Forbidden, match="allow-providers"):
        context.http(good.url("mixed.example")).get(good.url("mixed.example"))
    assert good.connections == 0


def test_the_next_address_is_tried_when_one_does_not_answer(outside: Outside) -> None:
    backend = outside.serve(host=METADATA)
    outside.names.set("two.example", [CHECKED, METADATA])
    context = outside.context()
    assert context.http(backend.url("two.example")).get(backend.url("two.example")).text == "ok"


def test_no_more_than_four_addresses_are_tried(outside: Outside) -> None:
    backend = outside.serve(host="127.0.0.9")
    outside.names.set("many.example", ["127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5", "127.0.0.9"])
    with pytest.raises(ConnectionRefusedError):
        outside.context().sdk.connect("many.example", backend.port)


def test_a_refused_host_is_not_even_resolved(outside: Outside) -> None:
    context = outside.context(outside.way(allow=None))
    with pytest.raises(Forbidden, match="allow-providers"):
        context.http("http://secret-name.example/")
    assert outside.names.asked == []


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1", "0x7f.1", "2130706433", "localhost", "[::1]"])
def test_loopback_in_any_spelling_is_refused_to_who_may_not(outside: Outside, host: str) -> None:
    backend = outside.serve()
    way = WayOut("tiny", Policy(allow=["8.8.8.0/24"]))
    try:
        with pytest.raises(Forbidden):
            outside.context(way).http(f"http://{host}:{backend.port}").get(f"http://{host}:{backend.port}")
    finally:
        way.close()
    assert backend.connections == 0


def test_odd_spellings_of_loopback_reach_it_when_it_is_allowed(outside: Outside) -> None:
    backend = outside.serve()
    way = WayOut("tiny", Policy(allow=["127.0.0.0/8"]))
    try:
        for host in ("127.1", "0x7f.1", "2130706433"):
            url = f"http://{host}:{backend.port}/"
            assert outside.context(way).http(url).get(url).text == "ok"
    finally:
        way.close()


def test_a_name_that_does_not_resolve_has_an_error_of_its_own(outside: Outside) -> None:
    context = outside.context(outside.way(allow=["*.example"]))
    with pytest.raises(NameNotFound, match=r"missing\.example"):
        context.http("http://missing.example").get("http://missing.example")


@pytest.mark.parametrize(
    "url", ["http://user@127.0.0.1/", "http://127.0.0.1\\@b/", "ftp://127.0.0.1/", "http://127%2e0.0.1/", ""]
)
def test_an_endpoint_outside_the_grammar_is_refused(outside: Outside, url: str) -> None:
    with pytest.raises(Forbidden, match="does not follow"):
        outside.context().http(url)


def test_a_session_is_guarded_for_every_host_that_it_is_used_with(outside: Outside) -> None:
    good, other = outside.serve(host=CHECKED), outside.serve(host=METADATA)
    session = outside.context(outside.way(allow=[f"{CHECKED}/32"])).http(good.url())
    assert session.get(good.url()).text == "ok"
    with pytest.raises(Forbidden, match=METADATA):
        session.get(other.url())
    with pytest.raises(Forbidden, match="does not follow"):
        session.get(f"http://user:secret@{CHECKED}:{good.port}/")
    assert other.connections == 0


def test_a_connection_of_a_local_request_is_not_reused_for_others(outside: Outside) -> None:
    backend = outside.serve()
    way = outside.way(allow=None)
    assert outside.context(way, local=True).http(backend.url()).get(backend.url()).text == "ok"
    with pytest.raises(Forbidden):
        outside.context(way).http(backend.url())
    allowed = outside.context(way, local=True)
    allowed.http(backend.url()).get(backend.url())
    assert [asked.connection for asked in backend.asked] == [1, 1]


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


def test_a_local_endpoint_of_the_servers_own_names_further_local_ones(outside: Outside) -> None:
    keystone, swift = outside.serve(host=CHECKED), outside.serve(host=METADATA)
    outside.names.set("swift.internal", [METADATA])
    context = outside.context(outside.way(allow=None, own=[keystone.url()]))
    with pytest.raises(Forbidden):
        context.http(swift.url("swift.internal"))
    session = context.http(swift.url("swift.internal"), named_by=keystone.url())
    assert session.get(swift.url("swift.internal")).text == "ok"
    with pytest.raises(Forbidden):
        session.get(swift.url())


def test_nobody_is_named_by_an_endpoint_that_is_not_allowed(outside: Outside) -> None:
    swift = outside.serve()
    context = outside.context(outside.way(allow=None))
    with pytest.raises(Forbidden, match=CHECKED):
        context.http(swift.url(), named_by=f"http://{CHECKED}/")


def test_slow_names_that_callers_choose_hold_up_no_known_ones() -> None:
    # A pipe, because look-ups run in native threads, which gevent's own events do not serve.
    waiting_end, released_end = os.pipe()

    def look_up(name: str) -> list[str]:
        if name.startswith("slow"):
            os.read(waiting_end, 1)
        return ["127.0.0.1"]

    resolver = Resolver(look_up, threads=2)
    waiting = [
        threading.Thread(target=lambda: resolver.addresses("slow.example", known=False, seconds=20)) for _ in range(12)
    ]
    try:
        for thread in waiting:
            thread.start()
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
