"""What the network's exceptions mean to a client."""

from __future__ import annotations

import errno
import http.client
import socket
import ssl

import requests
import urllib3.exceptions

from deltacloud.errors import DeltacloudError, ProviderError, ProviderTimeout, from_response

_TIMEOUTS = (TimeoutError, requests.Timeout, urllib3.exceptions.TimeoutError)
_REFUSED_CERTIFICATE = "The provider's certificate is not one that this server trusts"
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
    if isinstance(error, TimeoutError) or (_is_network(error) and any(map(_is_timeout, chain))):
        return ProviderTimeout("The provider did not answer in time")
    if isinstance(error, requests.HTTPError) and error.response is not None:
        return from_response(error.response)
    if not _is_network(error):
        return None
    if any(isinstance(one, ssl.SSLCertVerificationError) for one in chain):
        return ProviderError(_REFUSED_CERTIFICATE, retryable=False)
    return ProviderError("The provider cannot be reached, or broke off its answer")


def _is_timeout(error: BaseException) -> bool:
    # To urllib3, a connection that is refused is a kind of timeout, for old callers' sake.
    return isinstance(error, _TIMEOUTS) and not isinstance(error, urllib3.exceptions.NewConnectionError)


def _is_network(error: BaseException) -> bool:
    kinds = (
        requests.RequestException,
        urllib3.exceptions.HTTPError,
        http.client.HTTPException,
        ssl.SSLError,
        socket.gaierror,
        ConnectionError,
    )
    return isinstance(error, kinds) or (isinstance(error, OSError) and error.errno in _UNREACHABLE)


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
