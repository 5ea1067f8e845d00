"""The ``requests`` session that ``context.http`` gives."""

from __future__ import annotations

import contextlib
import functools
import ssl
from collections.abc import Mapping, MutableMapping
from http.cookiejar import DefaultCookiePolicy
from typing import TYPE_CHECKING, NoReturn, cast

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, PoolManager

import deltacloud
from deltacloud.context import Deadline, current
from deltacloud.errors import ProviderError
from deltacloud.outbound import deadlines, policy, retries
from deltacloud.outbound.connections import guarded_pools
from deltacloud.outbound.guard import Guard

if TYPE_CHECKING:
    from requests.cookies import RequestsCookieJar
    from requests.models import _JSON
    from requests.sessions import (
        _Auth,
        _Cert,
        _Data,
        _Files,
        _HeadersUpdateMapping,
        _HooksInput,
        _Params,
        _TextMapping,
        _Timeout,
        _Verify,
    )

_HOSTS = 64
_CONNECTIONS_KEPT = 256
DOCUMENT_LIMIT = 128 * 1024 * 1024
"""Bytes of an answer that is read whole; what is larger has to be streamed."""
_PIECE = 64 * 1024
_ENCODINGS = str(requests.utils.default_headers()["Accept-Encoding"])


class GuardedPools:
    """The connections of one reach, kept for whoever has the same."""

    def __init__(self, guard: Guard, tls: ssl.SSLContext) -> None:
        self.guard = guard
        self._manager = PoolManager(num_pools=_HOSTS, maxsize=_CONNECTIONS_KEPT, ssl_context=tls)
        self._manager.pool_classes_by_scheme = guarded_pools(guard)

    def pool(self, url: str) -> HTTPConnectionPool:
        """The connections to the host of a URL.

        Raises:
            Forbidden: the URL breaks the grammar, or its host is not one that may be talked to.
        """
        endpoint = policy.read(url)
        self.guard.reach.screen(*endpoint.origin)
        return self._manager.connection_from_host(endpoint.host, endpoint.port, endpoint.scheme)

    def close(self) -> None:
        """Close the connections that nobody uses; the others when they are given back."""
        self._manager.clear()


class _Adapter(HTTPAdapter):
    """Sends one session's requests over the pools of its reach, within its deadline."""

    def __init__(self, pools: GuardedPools, deadline: Deadline, *, repeats: bool) -> None:
        super().__init__()
        self._pools = pools
        self._deadline = deadline
        self._repeats = repeats

    def init_poolmanager(self, *_arguments: object, **_options: object) -> None:
        """Nothing: the pools are there already."""

    def get_connection_with_tls_context(
        self,
        request: requests.PreparedRequest,
        verify: bool | str | None,  # noqa: ARG002
        proxies: Mapping[str, str] | None = None,  # noqa: ARG002
        cert: tuple[str, str] | str | None = None,  # noqa: ARG002
    ) -> HTTPConnectionPool:
        """The pool of the request's host."""
        return self._pools.pool(request.url or "")

    def cert_verify(self, conn: object, url: object, verify: object, cert: object) -> None:
        """Nothing: the pool's own context verifies."""

    def close(self) -> None:
        """Nothing: the pools outlive the session."""

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: float | tuple[float, float] | tuple[float, None] | None = None,
        verify: bool | str = True,
        cert: bytes | str | tuple[bytes | str, bytes | str] | None = None,
        proxies: Mapping[str, str] | None = None,
        retry: bool = False,
    ) -> requests.Response:
        """Send, and send again where that is right."""
        if verify is not True or cert is not None:
            raise ValueError("verification cannot be changed by a request; client certificates come in with tls=")
        if proxies:
            raise ValueError("this server reaches providers without proxies")
        repeatable = (retry or self._repeats) and isinstance(request.body, bytes | str | None)
        send = functools.partial(self._send, request, stream, timeout)
        with deadlines.bound(self._deadline, repeatable=repeatable):
            return retries.send_again(send, deadlines.in_force()) if repeatable else send()

    def _send(
        self,
        request: requests.PreparedRequest,
        stream: bool,
        timeout: float | tuple[float, float] | tuple[float, None] | None,
    ) -> requests.Response:
        """Send once; the answer is whole then, unless it is to be streamed."""
        with contextlib.suppress(LookupError):
            current().attempts += 1
        response = super().send(request, stream, timeout)
        if not stream:
            _read_whole(response)  # Here a body that breaks off is a failed attempt; later it would be a failed call.
        return response


def _in_utf_8(headers: MutableMapping[str, str | bytes]) -> None:
    """Have header values that are not ASCII, such as a caller's name or metadata, sent in UTF-8."""
    for name, value in headers.items():
        if isinstance(value, str) and not value.isascii():
            headers[name] = value.encode()


def _read_whole(response: requests.Response) -> None:
    """Read a document into memory, unpacked, unless it is endless.

    Raises:
        ProviderError: it is longer than :data:`DOCUMENT_LIMIT`.
    """
    parts: list[bytes] = []
    room = DOCUMENT_LIMIT
    for part in response.iter_content(_PIECE):
        room -= len(part)
        if room < 0:
            response.close()
            raise ProviderError(f"The provider's answer is longer than {DOCUMENT_LIMIT >> 20} MiB", retryable=False)
        parts.append(part)
    response._content = b"".join(parts)  # where requests itself keeps what it has read


class Session(requests.Session):
    """A ``requests`` session whose connections are guarded, pooled and bound to one request's deadline.

    It follows no redirects, keeps no cookies, and knows neither the environment nor netrc. ``verify``, ``cert`` and
    ``proxies`` cannot be changed.
    """

    def __init__(self, pools: GuardedPools, deadline: Deadline, *, repeats: bool) -> None:
        super().__init__()
        self.trust_env = False
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self.headers["User-Agent"] = f"deltacloud/{deltacloud.__version__}"
        del self.headers["Accept-Encoding"]  # which depends on the request
        self.adapters.clear()
        adapter = _Adapter(pools, deadline, repeats=repeats)
        self.mount("https://", adapter)
        self.mount("http://", adapter)

    def request(
        self,
        method: str | bytes,
        url: str | bytes,
        params: _Params | None = None,
        data: _Data | None = None,
        headers: _HeadersUpdateMapping | None = None,
        cookies: RequestsCookieJar | _TextMapping | None = None,
        files: _Files | None = None,
        auth: _Auth | None = None,
        timeout: _Timeout | None = None,
        allow_redirects: bool = False,  # noqa: ARG002
        proxies: _TextMapping | None = None,
        hooks: _HooksInput | None = None,
        stream: bool | None = None,
        verify: _Verify | None = None,
        cert: _Cert | None = None,
        json: _JSON | None = None,
        *,
        retry: bool = False,
    ) -> requests.Response:
        """As ``requests.Session.request``, with one argument more.

        Args:
            method: The HTTP method.
            url: Where to; its scheme, host and port are held to the grammar, and the guard checks the host.
            params: Query parameters.
            data: The body: a form, bytes, or an iterable of bytes, which is sent in chunks unless ``headers`` have its
                ``Content-Length``.
            headers: Further headers.
            cookies: Cookies for this request alone.
            files: Parts of a multipart body.
            auth: Adds the caller's authorisation.
            timeout: Seconds for each wait, if that is less than the deadline leaves. Where requests are repeated, one
                that took longer is.
            allow_redirects: Without effect: redirects are not followed.
            proxies: Must be empty.
            hooks: Called with the answer.
            stream: Whether the caller reads the body, rather than this call.
            verify: Must not be False.
            cert: Must be empty.
            json: The body, to be written as JSON.
            retry: Send again what failed although the hook does not only read: the cloud has an idempotency token, and
                this request carries one. The other methods (``post``, ``put``, ...) hand it on.

        Raises:
            Forbidden: the host is not one that this server may talk to.
            NameNotFound: its name does not resolve.
            ProviderTimeout: the deadline has passed.
            requests.RequestException: the network failed.
        """
        # As it is written, before requests puts it right: what it makes of an odd spelling is not what others do.
        policy.read(str(url, "utf-8", "replace") if isinstance(url, bytes) else url)
        prepared = self.prepare_request(
            requests.Request(
                str(method, "ascii") if isinstance(method, bytes) else method,
                url,
                params=params,
                data=data,
                headers=headers,
                cookies=cookies,
                files=files,
                auth=auth,
                hooks=hooks,
                json=json,
            )
        )
        _in_utf_8(cast("MutableMapping[str, str | bytes]", prepared.headers))
        # What is streamed, and what is asked about, has to be what the cloud's Content-Length and ranges count.
        unpacked = stream or prepared.method == "HEAD"
        prepared.headers.setdefault("Accept-Encoding", "identity" if unpacked else _ENCODINGS)
        if "Content-Length" in prepared.headers:
            # For an iterable body, requests asks for chunks whether or not the caller has said its length.
            prepared.headers.pop("Transfer-Encoding", None)
        settings = self.merge_environment_settings(prepared.url, proxies or {}, stream, verify, cert)
        return self.send(prepared, timeout=timeout, allow_redirects=False, retry=retry, **settings)

    def get_redirect_target(self, resp: requests.Response) -> None:  # noqa: ARG002
        """None: a redirect is an answer like any other."""
        return

    def __getstate__(self) -> NoReturn:
        raise TypeError("a session cannot be pickled: it may hold a caller's authorisation")
