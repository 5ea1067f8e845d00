"""What SDKs are handed: guarded pools, http.client connections, TCP, and executors that know the caller."""

from __future__ import annotations

import contextvars
import http.client
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import trustme
import urllib3
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool

from deltacloud.context import Context, current, enter
from deltacloud.errors import Forbidden, NameNotFound, ProviderTimeout
from loopback import Outside, reply

SHORT = 0.4


def in_call(context: Context, function: Callable[[], object]) -> object:
    """Run a function as the kernel runs a call."""

    def call() -> object:
        enter(context)
        return function()

    return contextvars.Context().run(call)


def manager(context: Context, endpoint: str, named_by: str | None = None) -> urllib3.PoolManager:
    pools = urllib3.PoolManager()
    pools.pool_classes_by_scheme = context.sdk.pools(endpoint, named_by)
    return pools


def test_guarded_pools_reach_what_is_allowed_and_nothing_else(outside: Outside) -> None:
    good, other = outside.serve(host="127.0.0.2"), outside.serve(host="127.0.0.3")
    outside.names.set("cloud.example", ["127.0.0.2"], ["127.0.0.3"])
    context = outside.context(outside.way(allow=["127.0.0.2"]))
    pools = manager(context, good.url())

    def use() -> None:
        assert pools.request("GET", good.url("cloud.example")).data == b"ok"
        for url in (other.url(), f"http://127.0.0.2.:{good.port}/"):
            with pytest.raises(Forbidden):
                pools.request("GET", url)

    in_call(context, use)
    assert outside.names.asked == ["cloud.example"]
    assert other.connections == 0


def test_a_shared_client_keeps_the_deadline_of_whoever_uses_it(outside: Outside) -> None:
    released = threading.Event()

    def answer(_asked: object) -> list[bytes]:
        released.wait(20)
        return reply()

    backend = outside.serve(answer)
    way = outside.way()
    pools = manager(outside.context(way, seconds=0), backend.url())
    started = time.monotonic()
    with pytest.raises(ProviderTimeout):
        in_call(outside.context(way, seconds=SHORT), lambda: pools.request("GET", backend.url()))
    assert time.monotonic() - started < 5 * SHORT
    released.set()
    answered = in_call(outside.context(way, seconds=20), lambda: pools.request("GET", backend.url()).data)
    assert answered == b"ok"


def test_a_client_used_outside_of_any_call_is_told_so(outside: Outside) -> None:
    backend = outside.serve()
    pools = manager(outside.context(), backend.url())
    with pytest.raises(RuntimeError, match="outside of any call"):
        pools.request("GET", backend.url())


def test_the_pools_of_two_policies_are_apart_and_those_of_one_are_the_same(outside: Outside) -> None:
    way = outside.way(allow=None, own=["http://127.0.0.1"])
    local, remote = outside.context(way, local=True), outside.context(way)
    assert local.sdk.pools("http://127.0.0.1") is local.sdk.pools("http://127.0.0.9")
    assert remote.sdk.pools("http://127.0.0.1") is outside.context(way, user="bob").sdk.pools("http://127.0.0.1")
    assert local.sdk.pools("http://127.0.0.1") is not remote.sdk.pools("http://127.0.0.1")
    with pytest.raises(Forbidden):
        remote.sdk.pools("http://127.0.0.9")


def test_the_pools_build_on_the_sdks_own(outside: Outside) -> None:
    class OwnPool(HTTPConnectionPool):
        pass

    class OwnSecurePool(HTTPSConnectionPool):
        pass

    pools = outside.context().sdk.pools("http://127.0.0.1", http=OwnPool, https=OwnSecurePool)
    assert issubclass(pools["http"], OwnPool)
    assert issubclass(pools["https"], OwnSecurePool)


def test_guarded_pools_refuse_proxies(outside: Outside) -> None:
    backend, proxy = outside.serve(host="127.0.0.2"), outside.serve(host="127.0.0.1")
    context = outside.context()
    pools = urllib3.ProxyManager(proxy.url())
    pools.pool_classes_by_scheme = context.sdk.pools(backend.url())
    for url in (backend.url(), "https://127.0.0.2/"):
        with pytest.raises(Forbidden, match="without proxies"):
            in_call(context, lambda url=url: pools.request("GET", url))  # type: ignore[misc]
    assert proxy.connections == 0


def test_http_client_connections_are_guarded_and_timed(outside: Outside) -> None:
    released = threading.Event()

    def answer(asked: object) -> list[bytes]:
        if getattr(asked, "path", "") == "/slow":
            released.wait(20)
        return reply()

    backend, other = outside.serve(answer, host="127.0.0.2"), outside.serve(host="127.0.0.3")
    context = outside.context(outside.way(allow=["127.0.0.2"]), seconds=SHORT)
    plain, _secure = context.sdk.http_client(backend.url())
    assert issubclass(plain, http.client.HTTPConnection)

    def use() -> None:
        connection = plain("127.0.0.2", backend.port)
        connection.request("GET", "/")
        assert connection.getresponse().read() == b"ok"
        refused = plain("127.0.0.3", other.port)
        with pytest.raises(Forbidden):
            refused.request("GET", "/")
        with pytest.raises(Forbidden, match="without proxies"):
            refused.set_tunnel("127.0.0.2", 80)
        connection.request("GET", "/slow")
        with pytest.raises(ProviderTimeout):
            connection.getresponse()
        connection.close()

    in_call(context, use)
    released.set()
    assert other.connections == 0


def test_http_client_verifies_certificates(outside: Outside, tmp_path: Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    backend = outside.serve(tls=tls)
    trusting = outside.context(outside.way(ca_file=str(tmp_path / "ca.pem")))
    doubting = outside.context(outside.way())

    def ask(context: Context) -> bytes:
        _plain, secure = context.sdk.http_client(backend.url())
        connection = secure("127.0.0.1", backend.port)
        try:
            connection.request("GET", "/")
            return connection.getresponse().read()
        finally:
            connection.close()

    assert in_call(trusting, lambda: ask(trusting)) == b"ok"
    with pytest.raises(ssl.SSLCertVerificationError):
        in_call(doubting, lambda: ask(doubting))
    careless = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    careless.check_hostname = False
    with pytest.raises(ValueError, match="does not verify"):
        trusting.sdk.http_client(backend.url())[1]("127.0.0.1", backend.port, context=careless)


def test_a_tcp_connection_is_guarded(outside: Outside) -> None:
    backend = outside.serve(host="127.0.0.2")
    outside.names.set("instance.example", ["127.0.0.2"])
    context = outside.context(outside.way(allow=None, own=["http://127.0.0.9:5000"]))
    with pytest.raises(Forbidden, match="allow-providers"):
        context.sdk.connect("instance.example", backend.port)
    for host in ("127.0.0.2%", "a b", "user@127.0.0.2"):
        with pytest.raises(Forbidden):
            context.sdk.connect(host, backend.port)
    with context.sdk.connect("instance.example", backend.port, named_by="http://127.0.0.9:5000/v3") as connection:
        connection.sendall(b"GET / HTTP/1.1\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 200 OK")


def test_a_tcp_connection_keeps_the_deadline(outside: Outside) -> None:
    backend = outside.serve()
    started = time.monotonic()
    context = outside.context(seconds=SHORT)
    with context.sdk.connect("127.0.0.1", backend.port) as connection, pytest.raises(ProviderTimeout):
        connection.recv(1)
    assert time.monotonic() - started < 5 * SHORT


def test_a_tcp_connection_may_have_a_stricter_timeout(outside: Outside) -> None:
    backend = outside.serve()
    with outside.context(seconds=60).sdk.connect("127.0.0.1", backend.port) as connection:
        connection.settimeout(0.05)
        assert connection.gettimeout() == 0.05
        with pytest.raises(TimeoutError):
            connection.recv(1)


def test_a_tcp_connection_reads_like_any_socket(outside: Outside) -> None:
    backend = outside.serve()
    with outside.context().sdk.connect("127.0.0.1", backend.port) as connection:
        buffer = bytearray(100)
        connection.sendall(b"GET / HTTP/1.1\r\n\r\n")
        assert buffer[: connection.recv_into(buffer)].endswith(b"\r\n\r\nok")
        for buffering in (0, 1, -1):
            connection.sendall(b"GET / HTTP/1.1\r\n\r\n")
            with connection.makefile("rb", buffering=buffering) as file:
                assert file.readline() == b"HTTP/1.1 200 OK\r\n"
                while file.readline() != b"\r\n":
                    pass
                assert file.read(2) == b"ok"
        with pytest.raises(ValueError, match="read bytes"):
            connection.makefile("wb")


def test_a_tcp_connection_to_an_unknown_name_says_so(outside: Outside) -> None:
    with pytest.raises(NameNotFound):
        outside.context(outside.way(allow=["*"])).sdk.connect("missing.example", 22)


def test_tasks_of_an_executor_know_their_caller(outside: Outside) -> None:
    way = outside.way()
    contexts = [outside.context(way, user=f"user{number}") for number in range(8)]

    def who() -> str:
        return current().credentials.username

    with contexts[0].sdk.executor(4) as executor:
        futures = [in_call(context, lambda: executor.submit(who)) for context in contexts for _ in range(20)]
        found = [future.result(20) for future in futures]  # type: ignore[attr-defined]
    assert found == [context.credentials.username for context in contexts for _ in range(20)]


def test_an_sdk_may_make_the_executor_itself(outside: Outside) -> None:
    context = outside.context()
    with context.sdk.executor_cls(max_workers=1) as executor:
        future = in_call(context, lambda: executor.submit(lambda a, b: (current(), a, b), 1, b=2))
        assert future.result(20) == (context, 1, 2)  # type: ignore[attr-defined]


def test_an_executor_takes_an_item_when_there_is_room_and_gives_results_in_order(outside: Outside) -> None:
    taken: list[int] = []

    def items() -> Iterator[int]:
        for number in range(20):
            taken.append(number)
            yield number

    with outside.context().sdk.executor(4) as executor:
        results = executor.in_order(lambda number: number * number, items(), 3)
        first = [next(results) for _ in range(2)]
        assert len(taken) == 4
        assert first + list(results) == [number * number for number in range(20)]


def test_an_executor_holds_large_items_one_by_one_and_small_ones_together(outside: Outside) -> None:
    held: list[int] = []

    def items() -> Iterator[bytes]:
        for size in (1, 1, 1, 8, 8, 1, 1):
            held.append(size)
            yield bytes(size)

    with outside.context().sdk.executor(8) as executor:
        results = executor.in_order(len, items(), 4, size=len)
        seen = [(next(results), len(held)) for _ in range(7)]
    assert seen == [(1, 4), (1, 4), (1, 4), (8, 4), (8, 5), (1, 7), (1, 7)]


def test_what_an_executor_has_not_begun_is_dropped_when_an_item_fails(outside: Outside) -> None:
    done: list[int] = []

    def work(number: int) -> None:
        if number == 0:
            raise ValueError("broken")
        done.append(number)

    with outside.context().sdk.executor(1) as executor, pytest.raises(ValueError, match="broken"):
        list(executor.in_order(work, range(1000), 500))
    assert len(done) < 500
