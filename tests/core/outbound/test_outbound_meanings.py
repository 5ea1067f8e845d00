"""What the network's exceptions mean to a client."""

from __future__ import annotations

import errno
import http.client
import socket
import ssl

import pytest
import requests
import urllib3.exceptions

from deltacloud.errors import (
    Conflict,
    DeltacloudError,
    Forbidden,
    NotFound,
    ProviderBusy,
    ProviderError,
    ProviderTimeout,
)
from deltacloud.outbound import meaning
from deltacloud.outbound.meanings import BrokenAnswer, Unacknowledged
from loopback import Outside, reply


@pytest.mark.parametrize(
    "error",
    [
        TimeoutError("timed out"),
        requests.ReadTimeout("x"),
        requests.ConnectTimeout("x"),
        urllib3.exceptions.ReadTimeoutError(None, "/", "x"),  # type: ignore[arg-type]
        requests.ConnectionError(urllib3.exceptions.ReadTimeoutError(None, "/", "x")),  # type: ignore[arg-type]
        urllib3.exceptions.ProtocolError("x", TimeoutError()),
    ],
)
def test_whatever_took_too_long_is_a_timeout(error: Exception) -> None:
    assert type(meaning(error)) is ProviderTimeout


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError(errno.ECONNREFUSED, "refused"),
        ConnectionResetError(errno.ECONNRESET, "reset"),
        BrokenPipeError(errno.EPIPE, "pipe"),
        OSError(errno.ENETUNREACH, "unreachable"),
        OSError(errno.EHOSTUNREACH, "no route"),
        socket.gaierror(socket.EAI_NONAME, "no name"),
        ssl.SSLError("bad record"),
        ssl.SSLCertVerificationError("self-signed"),
        http.client.RemoteDisconnected("x"),
        http.client.BadStatusLine("x"),
        http.client.IncompleteRead(b"x"),
        requests.ConnectionError("x"),
        requests.exceptions.SSLError("x"),
        requests.exceptions.ChunkedEncodingError("x"),
        requests.exceptions.ContentDecodingError("x"),
        requests.exceptions.JSONDecodeError("x", "<html>", 0),
        urllib3.exceptions.ProtocolError("x"),
        urllib3.exceptions.NewConnectionError(None, "x"),  # type: ignore[arg-type]
    ],
)
def test_every_other_fault_of_the_network_is_the_providers(error: Exception) -> None:
    assert type(meaning(error)) is ProviderError


def rejected(code: int) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_code = code
    return error


@pytest.mark.parametrize(
    ("error", "message", "passes"),
    [
        (requests.ConnectionError(urllib3.exceptions.NewConnectionError(None, "x")), "cannot be reached", True),  # type: ignore[arg-type]
        (ConnectionRefusedError(errno.ECONNREFUSED, "x"), "cannot be reached", True),
        (OSError(errno.ENETUNREACH, "x"), "cannot be reached", True),
        (Unacknowledged(), "cannot be reached", True),
        (requests.ConnectionError(urllib3.exceptions.ProtocolError("x", BrokenPipeError())), "without an answer", True),
        (http.client.RemoteDisconnected("x"), "without an answer", True),
        (requests.exceptions.SSLError(ssl.SSLEOFError("x")), "without an answer", True),
        (requests.exceptions.ChunkedEncodingError(ConnectionResetError()), "broke off its answer", True),
        (http.client.IncompleteRead(b"x"), "broke off its answer", True),
        (BrokenAnswer(), "broke off its answer", True),
        (requests.exceptions.JSONDecodeError("x", "<html>", 0), "cannot be read", True),
        (requests.exceptions.ContentDecodingError("x"), "cannot be read", True),
        (urllib3.exceptions.ProtocolError("x", http.client.BadStatusLine("x")), "no HTTP", False),
        (requests.exceptions.SSLError(ssl.SSLError(1, "wrong version number")), "does not speak TLS", False),
        (requests.exceptions.SSLError(rejected(10)), "not one that this server trusts: it has expired", False),
        (requests.exceptions.SSLError(rejected(62)), "trusts: it is for another host name", False),
        (requests.exceptions.SSLError(rejected(18)), "trusts: it is self-signed", False),
        (requests.exceptions.SSLError(rejected(1)), "not one that this server trusts", False),
        (requests.ConnectionError("x"), "The connection to the provider failed", True),
    ],
)  # fmt: skip
def test_a_message_says_what_has_failed_and_whether_that_may_pass(error: Exception, message: str, passes: bool) -> None:
    found = meaning(error)
    assert isinstance(found, ProviderError)
    assert message in found.message
    assert found.retryable is passes


@pytest.mark.parametrize(
    "error",
    [
        ValueError("x"), KeyError("x"), RuntimeError("x"), FileNotFoundError(errno.ENOENT, "x"),
        PermissionError(errno.EACCES, "x"), requests.exceptions.MissingSchema("x"), requests.exceptions.InvalidURL("x"),
        requests.exceptions.InvalidHeader("x"), http.client.CannotSendRequest(), KeyboardInterrupt(), Forbidden("x"),
    ],
)  # fmt: skip
def test_everything_else_means_nothing_here(error: BaseException) -> None:
    assert meaning(error) is None


def test_no_text_of_the_exception_reaches_the_client() -> None:
    for error in (requests.ConnectionError("token of alice"), requests.ReadTimeout("token of alice")):
        found = meaning(error)
        assert isinstance(found, DeltacloudError)
        assert "alice" not in found.message


@pytest.mark.parametrize(
    ("status", "kind"),
    [("404 Not Found", NotFound), ("409 Conflict", Conflict), ("503 Busy", ProviderBusy), ("500 Oops", ProviderError)],
)
def test_a_refused_status_means_what_it_says(outside: Outside, status: str, kind: type[DeltacloudError]) -> None:
    backend = outside.serve(lambda _: reply(b"secret body", status, Retry_After="7"))
    answer = outside.context().http(backend.url()).get(backend.url())
    with pytest.raises(requests.HTTPError) as caught:
        answer.raise_for_status()
    found = meaning(caught.value)
    assert type(found) is kind
    assert "secret" not in found.message
    if isinstance(found, ProviderBusy):
        assert found.retry_after == 7


def test_what_really_happens_is_understood(outside: Outside) -> None:
    closed = outside.serve()
    closed.close()
    with pytest.raises(requests.ConnectionError) as caught:
        outside.context().http(closed.url()).get(closed.url())
    assert type(meaning(caught.value)) is ProviderError
    garbage = outside.serve(lambda _: [b"this is no HTTP\r\n\r\n"])
    with pytest.raises(ProviderError):
        outside.context().http(garbage.url()).get(garbage.url())
