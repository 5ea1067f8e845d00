"""What a driver is handed with each call: who is calling, where, for how long, and the way out.

Nothing else tells a driver who is calling: no module state, no thread-local, nothing on the driver itself.
"""

from __future__ import annotations

import contextvars
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from deltacloud.errors import CredentialsRequired, NotYetCompleted, ProviderTimeout
from deltacloud.providers import ParsedProvider
from deltacloud.secret import Secret

if TYPE_CHECKING:
    import ssl

    from deltacloud.outbound import SdkAccess, Session, WayOut

Value = TypeVar("Value")

_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 5.0
_LEFT_FOR_THE_REST = 1.0
_CURRENT: contextvars.ContextVar[Context] = contextvars.ContextVar("deltacloud_call")


def current() -> Context:
    """The context of the call that runs now.

    For SDKs whose clients are shared by all callers and look the caller up when they sign. Lazy results, streams and
    tasks of ``context.sdk`` executors see the context of the call that they belong to.

    Raises:
        LookupError: no call runs here.
    """
    return _CURRENT.get()


def enter(context: Context) -> None:
    """Make this the current context; called by the kernel, once, inside a fresh ``contextvars.Context``."""
    _CURRENT.set(context)


class Credentials:
    """The caller's credentials, for as long as the request lives.

    Attributes:
        username: The owner of things in many clouds, so plain text; it is redacted in logs all the same.
        password: Shown by nothing but ``.reveal()``.
        token: A session token, where the driver declares the field and the client sent one.
    """

    __slots__ = ("password", "token", "username")

    username: str
    password: Secret
    token: Secret | None

    def __init__(self, username: str, password: Secret, token: Secret | None = None) -> None:
        self.username = username
        self.password = password
        self.token = token

    @property
    def anonymous(self) -> bool:
        """Whether this is the explicit empty pair."""
        return not self.username and not self.password

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Credentials) and (self.username, self.password, self.token) == (
            other.username,
            other.password,
            other.token,
        )

    def __hash__(self) -> int:
        return hash((self.username, self.password, self.token))

    def __repr__(self) -> str:
        return "Credentials('***')"


class Deadline:
    """Until when the request's answer must begin.

    Once a body or a streamed answer moves, :meth:`moved` starts the clock again with the idle time, so that a long
    transfer ends only when nothing moves any more.
    """

    __slots__ = ("_end", "_idle", "_moving")

    def __init__(self, seconds: float, idle: float | None = None) -> None:
        self._end = time.monotonic() + seconds
        self._idle = seconds if idle is None else idle
        self._moving = False

    def remaining(self) -> float:
        """Seconds left; at most 0 when none are."""
        return self._end - time.monotonic()

    @property
    def moving(self) -> bool:
        """Whether a transfer is under way, so that each moved byte starts the clock again."""
        return self._moving

    def check(self) -> None:
        """Raises ProviderTimeout when nothing is left."""
        if time.monotonic() >= self._end:
            raise ProviderTimeout

    def moved(self) -> None:
        """Bytes of a transfer moved just now: what remains is the idle time from here."""
        self._moving = True
        self._end = time.monotonic() + self._idle

    def restart(self, seconds: float) -> None:
        """Start over without a transfer: for the answer to an upload, or the next page of a streamed list."""
        self._moving = False
        self._end = time.monotonic() + seconds

    def pauses(self, message: str) -> Iterator[None]:
        """Pauses between questions whether the cloud has finished something: ``next()`` waits for one.

        They grow from a fifth of a second to five seconds.

        Args:
            message: What to tell the client when the time is over.

        Raises:
            NotYetCompleted: less than a second would be left. What the cloud has begun goes on; the client asks again.
        """
        pause = _FIRST_PAUSE
        while self.remaining() > pause + _LEFT_FOR_THE_REST:
            time.sleep(pause)
            yield
            pause = min(pause * 2, _LONGEST_PAUSE)
        raise NotYetCompleted(message)


class Context:
    """One call's context.

    Attributes:
        provider: The provider of this request, parsed.
        local: Whether client and server are on one machine, with nothing in between.
        reading: Whether the hook only reads, so that failed requests to the cloud may be repeated.
        deadline: Until when the answer must begin.
        attempts: How many requests this call has sent through ``http`` so far, repeated ones included.
        extra: The driver's own parameters that the request carried.
        request_id: The id that logs, errors and the answer share.
        idempotency_key: What the client sent as ``Idempotency-Key``, for clouds that have such a token.
        log: A logger whose lines carry the request's id; what it is told is redacted.
    """

    __slots__ = (
        "_credentials",
        "_way_out",
        "attempts",
        "deadline",
        "extra",
        "idempotency_key",
        "local",
        "log",
        "provider",
        "reading",
        "request_id",
    )

    provider: ParsedProvider
    local: bool
    reading: bool
    deadline: Deadline
    attempts: int
    extra: Mapping[str, object]
    request_id: str
    idempotency_key: str | None
    log: logging.Logger | logging.LoggerAdapter[logging.Logger]

    def __init__(
        self,
        way_out: WayOut,
        *,
        credentials: Credentials | None,
        provider: ParsedProvider,
        deadline: Deadline,
        reading: bool = False,
        local: bool = False,
        extra: Mapping[str, object] = MappingProxyType({}),
        request_id: str = "",
        idempotency_key: str | None = None,
        log: logging.Logger | logging.LoggerAdapter[logging.Logger] | None = None,
    ) -> None:
        self._way_out = way_out
        self._credentials = credentials
        self.provider = provider
        self.deadline = deadline
        self.reading = reading
        self.local = local
        self.attempts = 0
        self.extra = extra
        self.request_id = request_id
        self.idempotency_key = idempotency_key
        self.log = log or logging.getLogger("deltacloud.driver")

    @property
    def credentials(self) -> Credentials:
        """The caller's credentials.

        Raises:
            CredentialsRequired: the request has none. The client is then asked for them.
        """
        if self._credentials is None:
            raise CredentialsRequired
        return self._credentials

    @property
    def has_credentials(self) -> bool:
        """Whether the request carries credentials, without asking for them."""
        return self._credentials is not None

    def http(self, endpoint: str, named_by: str | None = None, tls: ssl.SSLContext | None = None) -> Session:
        """A ``requests`` session whose connections are guarded, pooled and bound to this request's deadline.

        It knows no environment, netrc, cookies or redirects. In hooks that only read, failed requests are retried
        within the deadline; in others none is, unless the call says ``retry=True`` because the cloud has an idempotency
        token: ``session.request("POST", url, retry=True)``.

        Args:
            endpoint: URL of the service. The guard checks it, and every host that the session is used with.
            named_by: The allowed endpoint whose answer named this one (a catalogue, a bucket's region).
            tls: A context with a client certificate; its connections then belong to this caller alone.

        Raises:
            Forbidden: the endpoint is not one that this server may talk to.
        """
        return self._way_out.http(self, endpoint, named_by, tls)

    def shared(self, name: str, seconds: float, build: Callable[[], Value]) -> Value:
        """A value for all callers of this driver and provider, that holds nothing of a caller; kept ``seconds``."""
        return self._way_out.shared(self, name, seconds, build)

    def private(
        self,
        name: str,
        build: Callable[[], tuple[Value, float]],
        close: Callable[[Value], object] | None = None,
    ) -> Value:
        """A value for this caller alone: a token, a login session.

        Args:
            name: What it is.
            build: Makes it; returns the value and how many seconds it may be kept.
            close: Called with the value when it expires, is pushed out or forgotten, and at exit. The value may be in
                use then. Requests that it sends, over a session made before, have a few seconds of their own; the
                session holds no credentials, and neither may ``close``.
        """
        return self._way_out.private(self, name, build, close)

    def forget(self, name: str) -> None:
        """Drop this caller's value of that name: the cloud has refused it."""
        self._way_out.forget(self, name)

    @property
    def sdk(self) -> SdkAccess:
        """What only drivers with an SDK need: guarded connection pools, plain guarded TCP, and executors."""
        return self._way_out.sdk(self)

    def __repr__(self) -> str:
        return f"<Context request_id={self.request_id!r}>"
