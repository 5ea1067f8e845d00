"""HTTPS."""

from __future__ import annotations

import signal
import ssl
from collections.abc import Callable
from pathlib import Path

import pytest
import trustme

from probeserver import HOST, Server

REQUEST = f"GET /probe/echo HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n"


@pytest.fixture(scope="module", name="authority")
def authority_fixture() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module", name="files")
def files_fixture(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """Key and certificate."""
    folder = tmp_path_factory.mktemp("tls")
    issued = authority.issue_cert("localhost", HOST)
    issued.private_key_pem.write_to_path(folder / "key.pem")
    for pem in issued.cert_chain_pems:
        pem.write_to_path(folder / "cert.pem", append=True)
    return str(folder / "key.pem"), str(folder / "cert.pem")


@pytest.fixture(scope="module", name="server")
def server_fixture(start: Callable[..., Server], files: tuple[str, str]) -> Server:
    return start("-s", "-k", files[0], "-C", files[1], "--header-timeout", "1", "--idle-timeout", "1")


@pytest.fixture(name="context")
def context_fixture(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_requests_are_served_over_tls(server: Server, context: ssl.SSLContext, version: ssl.TLSVersion) -> None:
    context.minimum_version = context.maximum_version = version
    with server.connect(context) as client:
        told = client.send(REQUEST).reply().told
    assert server.start_line.startswith("Starting Deltacloud API :: probe :: https://")
    assert told["base_url"] == f"https://{HOST}"


def test_older_tls_is_refused(server: Server, context: ssl.SSLContext) -> None:
    context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises(ssl.SSLError):
        server.connect(context)


def test_a_stalled_handshake_is_closed(server: Server) -> None:
    with server.connect() as client:
        client.socket.settimeout(5)
        assert client.rest() == b""


def test_a_plain_request_is_no_trouble_for_the_next_client(server: Server, context: ssl.SSLContext) -> None:
    with server.connect() as client:
        client.send(REQUEST).rest()
    with server.connect(context) as client:
        assert client.send(REQUEST).reply().status == 200
    assert "Traceback" not in server.log.read_text()


def test_the_refusal_of_an_upload_can_be_read(server: Server, context: ssl.SSLContext) -> None:
    size = 16 * 1024 * 1024
    with server.connect(context) as client:
        client.send(f"PUT /probe/refuse HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: {size}\r\n\r\n")
        client.send(bytes(size))
        assert client.reply().status == 401


def test_an_answer_without_a_length_ends_properly(server: Server, context: ssl.SSLContext) -> None:
    with server.connect(context) as client:
        client.socket.suppress_ragged_eofs = False  # type: ignore[attr-defined]
        reply = client.send("GET /probe/stream/300000 HTTP/1.0\r\nHost: localhost\r\n\r\n").reply()
    assert len(reply.body) == 300_000


def test_an_answer_that_is_broken_off_does_not_end_properly(server: Server, context: ssl.SSLContext) -> None:
    with server.connect(context) as client:
        client.socket.suppress_ragged_eofs = False  # type: ignore[attr-defined]
        client.send("GET /probe/break HTTP/1.0\r\nHost: localhost\r\n\r\n")
        with pytest.raises((ssl.SSLEOFError, ConnectionResetError)):
            b"".join(iter(lambda: client.socket.recv(1000), b""))


def test_a_graceful_stop_closes_idle_connections_and_stalled_handshakes(
    start: Callable[..., Server], files: tuple[str, str], context: ssl.SSLContext
) -> None:
    server = start("-s", "-k", files[0], "-C", files[1], "--header-timeout", "300", "--keep-alive", "300")
    with server.connect() as stalled, server.connect(context) as idle:
        idle.send(f"GET /probe/echo HTTP/1.1\r\nHost: {HOST}\r\n\r\n").one_reply()
        server.signal(signal.SIGTERM)
        assert (stalled.rest(), idle.rest()) == (b"", b"")
    assert server.stop() == 0


def test_a_stalled_body_is_answered_408(server: Server, context: ssl.SSLContext) -> None:
    with server.connect(context) as client:
        client.send(f"PUT /probe/echo HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 10\r\n\r\nabc")
        assert client.reply().status == 408


@pytest.mark.parametrize(("missing", "name"), [("-k", "--ssl-key"), ("-C", "--ssl-cert")])
def test_both_files_are_needed(
    run: Callable[..., tuple[int, str, str]], files: tuple[str, str], missing: str, name: str
) -> None:
    option, file = ("-C", files[1]) if missing == "-k" else ("-k", files[0])
    code, _, errors = run("-s", option, file)
    assert (code, errors) == (1, f"deltacloudd: --ssl needs the private key and the certificate: {name} is missing\n")


def test_files_that_cannot_be_used_are_named(
    run: Callable[..., tuple[int, str, str]], files: tuple[str, str], tmp_path: Path
) -> None:
    assert run("-s", "-k", str(tmp_path / "none"), "-C", files[1])[::2] == (
        1, f"deltacloudd: cannot read {tmp_path / 'none'}\n",
    )  # fmt: skip
    code, _, errors = run("-s", "-k", files[1], "-C", files[1])
    assert code == 1
    assert errors.startswith(f"deltacloudd: cannot use the certificate {files[1]} with the key {files[1]}: ")
    assert errors.count("\n") == 1
