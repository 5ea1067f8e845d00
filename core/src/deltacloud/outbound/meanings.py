"""What the network's exceptions mean to a client."""

from __future__ import annotations

import errno
import http.client
import socket
import ssl

import requests
import urllib3.exceptions

from deltacloud.errors import DeltacloudError, ProviderError, ProviderTimeout, from_response


class BrokenAnswer(ConnectionResetError):
    """The provider has begun an answer and will not end it."""


class Unacknowledged(ConnectionAbortedError):
    """Nobody acknowledges what was sent: the connection leads nowhere any more."""


_TIMEOUTS = (TimeoutError, requests.Timeout, urllib3.exceptions.TimeoutError)
_UNREACHABLE = frozenset({
    errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN, errno.ENETRESET, errno.ENOTCONN,
})  # fmt: skip
_MISUSE = (
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidHeader,
    requests.exceptions.MissingSchema,
    requests.exceptions.InvalidSchema,
    requests.exceptions.StreamConsumedError,
    requests.exceptions.UnrewindableBodyError,
    urllib3.exceptions.LocationValueError,
    http.client.CannotSendRequest,
    http.client.CannotSendHeader,
    http.client.ResponseNotReady,
    http.client.InvalidURL,
)
_NETWORK = (
    requests.RequestException,
    urllib3.exceptions.HTTPError,
    http.client.HTTPException,
    ssl.SSLError,
    socket.gaierror,
    ConnectionError,
)
_FAULTS: tuple[tuple[tuple[type[BaseException], ...], str, bool], ...] = (
    (
        (
            BrokenAnswer,
            requests.exceptions.ChunkedEncodingError,
            urllib3.exceptions.IncompleteRead,
            urllib3.exceptions.InvalidChunkLength,
            http.client.IncompleteRead,
        ),
        "The provider broke off its answer",
        True,
    ),
    (
        (
            requests.exceptions.ContentDecodingError,
            requests.exceptions.InvalidJSONError,
            urllib3.exceptions.DecodeError,
        ),
        "The provider's answer cannot be read",
        True,
    ),
    (
        (Unacknowledged, ConnectionRefusedError, socket.gaierror, urllib3.exceptions.NewConnectionError),
        "The provider cannot be reached",
        True,
    ),
    (
        (ConnectionError, ssl.SSLEOFError, ssl.SSLZeroReturnError, ssl.SSLSyscallError),
        "The provider closed the connection without an answer",
        True,
    ),
    ((ssl.SSLError,), "The provider does not speak TLS as this server does", False),
    ((http.client.HTTPException,), "The provider's answer is no HTTP", False),
)
"""Exceptions, what they mean, and whether that may pass; the first row that fits counts."""
_CERTIFICATE = "The provider's certificate is not one that this server trusts"
_REASONS = {
    9: "it is not valid yet",
    10: "it has expired",
    18: "it is self-signed",
    19: "it is self-signed",
    20: "its issuer is not known",
    62: "it is for another host name",
    64: "it is for another address",
}
"""By OpenSSL's codes of failed verifications (``X509_V_ERR_...``)."""


def meaning(error: BaseException) -> DeltacloudError | None:
    """What an exception of requests, urllib3, http.client, ssl or a socket means to a client.

    Args:
        error: What a call ended with.

    Returns:
        ``ProviderTimeout`` for whatever took too long; what the status means for an answer that ``raise_for_status``
        refused; ``ProviderError`` for every other fault of the network, an answer that cannot be read included; None
        for everything else, a wrong use of these libraries included.
    """
    if isinstance(error, _MISUSE):
        return None
    chain = _chain(error)
    network = _is_network(error)
    if isinstance(error, TimeoutError) or (network and any(map(_is_timeout, chain))):
        return ProviderTimeout("The provider did not answer in time")
    if isinstance(error, requests.HTTPError) and error.response is not None:
        return from_response(error.response)
    return _fault(chain) if network else None


def _fault(chain: list[BaseException]) -> ProviderError:
    for one in chain:
        if isinstance(one, ssl.SSLCertVerificationError):
            reason = _REASONS.get(getattr(one, "verify_code", 0))
            return ProviderError(f"{_CERTIFICATE}: {reason}" if reason else _CERTIFICATE, retryable=False)
    for kinds, message, passes in _FAULTS:
        if any(isinstance(one, kinds) for one in chain):
            return ProviderError(message, retryable=passes)
    unreachable = any(isinstance(one, OSError) and one.errno in _UNREACHABLE for one in chain)
    return ProviderError("The provider cannot be reached" if unreachable else "The connection to the provider failed")


def _is_timeout(error: BaseException) -> bool:
    # To urllib3, a connection that is refused is a kind of timeout, for old callers' sake.
    return isinstance(error, _TIMEOUTS) and not isinstance(error, urllib3.exceptions.NewConnectionError)


def _is_network(error: BaseException) -> bool:
    return isinstance(error, _NETWORK) or (isinstance(error, OSError) and error.errno in _UNREACHABLE)


def _chain(error: BaseException) -> list[BaseException]:
    """The error and what it was made of, as these libraries wrap each other's."""
    found: list[BaseException] = []
    waiting: list[object] = [error]
    while waiting:
        one = waiting.pop()
        if isinstance(one, BaseException) and not any(one is known for known in found):
            found.append(one)
            waiting.extend((*one.args, getattr(one, "reason", None), one.__cause__))
    return found
