"""The ``requests`` session that ``context.http`` gives."""

from __future__ import annotations

import functools
import ssl
from collections.abc import Mapping
from http.cookiejar import DefaultCookiePolicy
from typing import TYPE_CHECKING, NoReturn

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, PoolManager

import deltacloud
from deltacloud.context import Deadline
from deltacloud.errors import Forbidden
from deltacloud.outbound import deadlines, endpoints, retries
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
        try:
            endpoint = endpoints.parse_origin(url)
        except ValueError as error:
            raise Forbidden(f"This server does not follow such a URL: {error}") from None
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
        send = functools.partial(super().send, request, stream, timeout)
        with deadlines.bound(self._deadline):
            if not (retry or self._repeats) or not isinstance(request.body, bytes | str | None):
                return send()
            return retries.send_again(send, deadlines.in_force())


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
            url: Where to; the guard checks its host.
            params: Query parameters.
            data: The body: a form, bytes, or an iterable of bytes, which is sent in chunks unless ``headers`` have its
                ``Content-Length``.
            headers: Further headers.
            cookies: Cookies for this request alone.
            files: Parts of a multipart body.
            auth: Adds the caller's authorisation.
            timeout: Seconds for each wait, if that is less than the deadline leaves.
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
