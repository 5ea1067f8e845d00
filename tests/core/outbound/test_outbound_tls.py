"""Certificates are verified, and those of callers are theirs alone."""

from __future__ import annotations

import contextlib
import gc
import socket
import ssl
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import requests
import trustme

from deltacloud.errors import ProviderError, ProviderTimeout
from deltacloud.outbound import meaning
from deltacloud.outbound.way_out import WayOut
from loopback import Asked, Backend, Outside, reply


@pytest.fixture(name="authority", scope="module")
def authority_fixture() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(name="ca_file", scope="module")
def ca_file_fixture(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> str:
    path: Path = tmp_path_factory.mktemp("authority") / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return str(path)


def server_context(authority: trustme.CA, *names: str, ask_for_certificate: bool = False) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names).configure_cert(context)
    if ask_for_certificate:
        authority.configure_trust(context)
        context.verify_mode = ssl.CERT_REQUIRED
    return context


def test_a_certificate_of_the_drivers_authority_is_accepted_for_its_name(
    outside: Outside, authority: trustme.CA, ca_file: str
) -> None:
    backend = outside.serve(tls=server_context(authority, "cloud.example"))
    outside.names.set("cloud.example", ["127.0.0.1"])
    context = outside.context(outside.way(ca_file=ca_file))
    url = backend.url("cloud.example")
    assert context.http(url).get(url).text == "ok"
    assert backend.asked[0].headers["host"] == f"cloud.example:{backend.port}"


def test_a_certificate_for_another_name_is_refused(outside: Outside, authority: trustme.CA, ca_file: str) -> None:
    backend = outside.serve(tls=server_context(authority, "other.example"))
    outside.names.set("cloud.example", ["127.0.0.1"])
    context = outside.context(outside.way(ca_file=ca_file), reading=True)
    url = backend.url("cloud.example")
    with pytest.raises(requests.exceptions.SSLError) as caught:
        context.http(url).get(url)
    assert backend.connections == 1
    found = meaning(caught.value)
    assert isinstance(found, ProviderError)
    assert "certificate" in found.message


def test_an_authority_that_the_system_does_not_know_is_refused(outside: Outside, authority: trustme.CA) -> None:
    backend = outside.serve(tls=server_context(authority, "127.0.0.1"))
    with pytest.raises(requests.exceptions.SSLError):
        outside.context().http(backend.url()).get(backend.url())
    assert backend.asked == []


def test_the_environment_names_no_authorities(
    outside: Outside, authority: trustme.CA, ca_file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", ca_file)
    monkeypatch.setenv("CURL_CA_BUNDLE", ca_file)
    backend = outside.serve(tls=server_context(authority, "127.0.0.1"))
    with pytest.raises(requests.exceptions.SSLError):
        outside.context().http(backend.url()).get(backend.url())


def test_no_request_switches_verification_off(outside: Outside, authority: trustme.CA) -> None:
    backend = outside.serve(tls=server_context(authority, "127.0.0.1"))
    session = outside.context().http(backend.url())
    with pytest.raises(ValueError, match="verification"):
        session.get(backend.url(), verify=False)
    session.verify = False
    with pytest.raises(ValueError, match="verification"):
        session.get(backend.url())
    assert backend.connections == 0


def test_a_context_that_verifies_nothing_is_refused(outside: Outside) -> None:
    careless = ssl.create_default_context()
    careless.check_hostname = False
    careless.verify_mode = ssl.CERT_NONE
    with pytest.raises(ValueError, match="does not verify"):
        outside.context().http("https://127.0.0.1", tls=careless)


def test_a_ca_file_that_cannot_be_read_is_known_at_once(outside: Outside, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        outside.way(ca_file=str(tmp_path / "missing.pem"))
    (tmp_path / "empty.pem").write_text("nothing here\n", encoding="ascii")
    with pytest.raises(ssl.SSLError):
        outside.way(ca_file=str(tmp_path / "empty.pem"))


def test_a_client_certificate_is_shown_on_connections_of_its_caller_alone(
    outside: Outside, authority: trustme.CA, ca_file: str
) -> None:
    backend = outside.serve(tls=server_context(authority, "127.0.0.1", ask_for_certificate=True))
    way = outside.way(ca_file=ca_file)
    contexts = [outside.context(way, user=user) for user in ("alice", "bob")]
    shared_by_mistake = contexts[0].sdk.tls_context()
    authority.issue_cert("alice@clients.example").configure_cert(shared_by_mistake)
    for context in (*contexts, *contexts):
        assert context.http(backend.url(), tls=shared_by_mistake).get(backend.url()).text == "ok"
    assert [asked.connection for asked in backend.asked] == [1, 2, 1, 2]
    with pytest.raises((requests.ConnectionError, ProviderError)):
        contexts[0].http(backend.url()).get(backend.url())


def test_another_certificate_of_the_same_caller_has_connections_of_its_own(
    outside: Outside, authority: trustme.CA, ca_file: str
) -> None:
    backend = outside.serve(tls=server_context(authority, "127.0.0.1", ask_for_certificate=True))
    context = outside.context(outside.way(ca_file=ca_file))
    for name in ("old@clients.example", "new@clients.example"):
        tls = context.sdk.tls_context()
        authority.issue_cert(name).configure_cert(tls)
        assert context.http(backend.url(), tls=tls).get(backend.url()).text == "ok"
        del tls
        gc.collect()
    assert [asked.connection for asked in backend.asked] == [1, 2]


def test_a_large_body_passes_through_tls(outside: Outside, authority: trustme.CA, ca_file: str) -> None:
    def echo(asked: Asked) -> list[bytes]:
        return reply(asked.body)

    backend: Backend = outside.serve(echo, tls=server_context(authority, "127.0.0.1"))
    content = bytes(range(256)) * 8_000
    context = outside.context(outside.way(ca_file=ca_file))
    assert context.http(backend.url()).put(backend.url(), data=content).content == content


class Dripping:
    """A TLS server that sends its handshake, or its answer's one record, a byte at a time."""

    def __init__(self, tls: ssl.SSLContext, *, handshake: bool) -> None:
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"https://127.0.0.1:{self.listening.getsockname()[1]}/"
        self.closed = threading.Event()
        self._tls = tls
        self._drip_handshake = handshake
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self.closed.set()
        self.listening.close()
        self._thread.join(10)

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            connection, _ = self.listening.accept()
            with connection:
                self._talk(connection)

    def _talk(self, connection: socket.socket) -> None:
        coming, going = ssl.MemoryBIO(), ssl.MemoryBIO()
        inside = self._tls.wrap_bio(coming, going, server_side=True)
        for step in (inside.do_handshake, inside.read):
            while not self._done(step, connection, going):
                if not (data := connection.recv(2**16)):
                    return
                coming.write(data)
        inside.write(b"HTTP/1.1 200 OK\r\nContent-Length: 16000\r\n\r\n" + b"x" * 16_000)
        self._drip(connection, going.read())

    def _done(self, step: Callable[[], object], connection: socket.socket, going: ssl.MemoryBIO) -> bool:
        try:
            step()
        except ssl.SSLWantReadError:
            return False
        finally:
            if self._drip_handshake:
                self._drip(connection, going.read())
            else:
                connection.sendall(going.read())
        return True

    def _drip(self, connection: socket.socket, data: bytes) -> None:
        for start in range(len(data)):
            if self.closed.wait(0.05):
                return
            connection.sendall(data[start : start + 1])


@pytest.mark.parametrize("handshake", [True, False])
def test_a_dripping_tls_peer_does_not_outlive_the_deadline(
    outside: Outside, authority: trustme.CA, ca_file: str, handshake: bool
) -> None:
    dripping = Dripping(server_context(authority, "127.0.0.1"), handshake=handshake)
    context = outside.context(outside.way(ca_file=ca_file), seconds=0.5)
    started = time.monotonic()
    try:
        with pytest.raises(ProviderTimeout):
            context.http(dripping.url).get(dripping.url)
        assert time.monotonic() - started < 2.5
    finally:
        dripping.close()


def test_a_way_out_without_ca_file_trusts_the_system(outside: Outside) -> None:
    way: WayOut = outside.way()
    assert way.verification.shared.verify_mode == ssl.CERT_REQUIRED
    assert way.verification.shared.check_hostname
    assert way.verification.shared is way.verification.shared
