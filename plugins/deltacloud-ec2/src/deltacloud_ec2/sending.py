"""How shared clients send: through guarded connections, within the call's deadline, again only where that is safe."""

from __future__ import annotations

import functools
import threading
from collections import OrderedDict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from urllib3 import HTTPConnectionPool, PoolManager

from deltacloud.context import Context, current
from deltacloud.outbound import deadlines
from deltacloud.outbound.meanings import meaning

if TYPE_CHECKING:
    from botocore.awsrequest import AWSPreparedRequest, AWSResponse

    from deltacloud_ec2.client import Client

_ATTEMPTS = 4
"""How often a request is sent at most."""
_HOSTS = 1024
"""Each bucket may be a host; one that is pushed out must not be in use."""
_CONNECTIONS_KEPT = 256
_MANAGERS = 64
_BLOCK = 128 * 1024
"""How much of a body is sent at a time."""
_READS = ("Describe", "Get", "Head", "List")
"""How the names of operations begin that change nothing."""
_TOKEN = "ClientToken"  # noqa: S105 - a parameter's name
_REPEATABLE = "deltacloud_repeatable"
_SAME_TWICE = frozenset({"AbortMultipartUpload", "UploadPart"})
"""Changes that are the same whether made once or twice: a part is named by its upload and its number."""


class Sender:
    """Sends the requests of all clients of one driver."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._managers: OrderedDict[int, tuple[object, PoolManager]] = OrderedDict()

    def serve(self, client: Client, service: str) -> None:
        """Send this client's requests from now on, and decide which are sent again."""
        events = client.meta.events
        events.register("before-call", _judge)
        events.register_first("before-send", self.send)
        events.register_first("needs-retry", _Retries(service))

    def close(self) -> None:
        """Close the connections that nobody uses."""
        with self._lock:
            managers = [manager for _, manager in self._managers.values()]
            self._managers.clear()
        for manager in managers:
            manager.clear()

    def send(self, request: AWSPreparedRequest, **_event: object) -> AWSResponse:
        """Answers the event ``before-send``: what it returns is the answer.

        Raises:
            Forbidden: the guard refuses the host.
            ProviderTimeout: the deadline has passed.
            urllib3.exceptions.HTTPError: the network failed.
        """
        from botocore.awsrequest import AWSResponse  # noqa: PLC0415 - the SDK is loaded at first use

        context = current()
        context.attempts += 1
        pool = self._manager(context, request.url).connection_from_url(request.url)
        with deadlines.bound(context.deadline, repeatable=bool(request.context.get(_REPEATABLE))):
            answer = pool.urlopen(
                request.method,
                _target(request.url),
                body=request.body,
                headers=request.headers,
                retries=False,
                redirect=False,
                assert_same_host=False,
                preload_content=False,
                decode_content=False,
            )
            response = AWSResponse(request.url, answer.status, answer.headers, answer)
            if not request.stream_output:
                _ = response.content
        return response

    def _manager(self, context: Context, url: str) -> PoolManager:
        """The connections that requests with the same rights share."""
        http, https = _pool_classes()
        pools = context.sdk.pools(url, http=http, https=https)
        with self._lock:
            # The classes are kept beside the manager, so no others get the same id meanwhile.
            found = self._managers.get(id(pools))
            if found is None:
                manager = PoolManager(
                    num_pools=_HOSTS, maxsize=_CONNECTIONS_KEPT, blocksize=_BLOCK, ssl_context=context.sdk.tls_context()
                )
                manager.pool_classes_by_scheme = pools
                found = self._managers[id(pools)] = (pools, manager)
            self._managers.move_to_end(id(pools))
            surplus = self._managers.popitem(last=False)[1][1] if len(self._managers) > _MANAGERS else None
        if surplus is not None:
            surplus.clear()
        return found[1]


class _RequestDict(Protocol):
    def __getitem__(self, name: str) -> dict[str, object]: ...


class _Retries:
    """Answers the event ``needs-retry``: standard conditions and pauses, for what is safe and within the deadline.

    botocore's own handler has one allowance for all that a client sends. Ours has none, so no caller uses up another's.
    """

    def __init__(self, service: str) -> None:
        from botocore.retries import standard  # noqa: PLC0415 - the SDK is loaded at first use

        self._adapter = standard.RetryEventAdapter()
        detector = standard.ThrottlingErrorDetector(self._adapter)
        self._conditions = standard.StandardRetryConditions(max_attempts=_ATTEMPTS)
        self._pause = standard.ExponentialBackoff(service_name=service, throttling_detector=detector)

    def __call__(
        self, *, attempts: int, request_dict: _RequestDict, caught_exception: Exception | None, **event: object
    ) -> float | None:
        """How many seconds to wait before the request is sent again; None if it is not."""
        if attempts >= _ATTEMPTS or not request_dict["context"].get(_REPEATABLE):
            return None
        asked = self._adapter.create_retry_context(
            attempts=attempts, request_dict=request_dict, caught_exception=caught_exception, **event
        )
        again = _passes(caught_exception) if caught_exception else self._conditions.is_retryable(asked)
        if not again:
            return None
        pause: float = self._pause.delay_amount(asked)
        context = current()
        if pause >= context.deadline.remaining():
            return None
        context.log.info("attempt %d to ask the provider failed, the next one is in %.2f s", attempts, pause)
        return pause


def _passes(error: Exception) -> bool:
    """Whether a fault of the network may pass by itself."""
    fault = meaning(error)
    return fault is not None and fault.retryable


def _judge(model: _Operation, params: Mapping[str, object], context: dict[str, object], **_event: object) -> None:
    """Answers the event ``before-call``: notes whether the request may be sent twice, and keeps it from redirecting."""
    body = params.get("body")
    token = isinstance(body, dict) and _TOKEN in body
    again = not hasattr(body, "read") or hasattr(body, "seek")
    context[_REPEATABLE] = again and (token or model.name.startswith(_READS) or model.name in _SAME_TWICE)
    redirect = context.get("s3_redirect")
    if isinstance(redirect, dict):
        # botocore would ask where the bucket is, remember all answers for ever, and send changes again.
        redirect["redirected"] = True


class _Operation(Protocol):
    name: str


@functools.cache
def _pool_classes() -> tuple[type[HTTPConnectionPool], type[HTTPConnectionPool]]:
    from botocore.awsrequest import AWSHTTPConnectionPool  # noqa: PLC0415 - the SDK is loaded at first use

    from deltacloud_ec2.expecting import PatientPool  # noqa: PLC0415 - it is built on the SDK

    return AWSHTTPConnectionPool, PatientPool


def _target(url: str) -> str:
    """The part of a URL that goes into the request line."""
    parts = urlsplit(url)
    path = parts.path or "/"
    return f"{path}?{parts.query}" if parts.query else path
