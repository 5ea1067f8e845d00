"""What differs when gevent has replaced threads and sockets: native threads, and a limit over several waits."""

from __future__ import annotations

import contextlib
import socket
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol, TypeVar

Argument = TypeVar("Argument")
Result = TypeVar("Result")


def patched() -> bool:
    """Whether gevent has replaced the sockets of this process."""
    monkey = sys.modules.get("gevent.monkey")
    return monkey is not None and bool(monkey.is_module_patched("socket"))


def hard_limit(seconds: float) -> contextlib.AbstractContextManager[object]:
    """Ends what runs inside with ``TimeoutError`` after ``seconds``.

    Only under gevent, whose TLS sockets grant their timeout anew to each of the waits that one call may need. Elsewhere
    a timeout holds for the whole call, and this does nothing.
    """
    if not patched():
        return contextlib.nullcontext()
    from gevent import Timeout  # noqa: PLC0415 - only where gevent runs already

    limit: contextlib.AbstractContextManager[object] = Timeout(seconds, TimeoutError("timed out"))
    return limit


class Workers(Protocol):
    """A few native threads."""

    def run(self, function: Callable[[Argument], Result], argument: Argument, seconds: float) -> Result:
        """What the function returns; only the caller waits.

        Raises:
            TimeoutError: it takes longer than ``seconds``, waiting for a free thread included.
        """

    def close(self) -> None:
        """Take no more work."""


def workers(count: int) -> Workers:
    """A pool of up to ``count`` native threads, started when needed."""
    return _GeventWorkers(count) if patched() else _ThreadWorkers(count)


class _ThreadWorkers:
    def __init__(self, count: int) -> None:
        self._pool = ThreadPoolExecutor(count, thread_name_prefix="deltacloud-names")

    def run(self, function: Callable[[Argument], Result], argument: Argument, seconds: float) -> Result:
        future = self._pool.submit(function, argument)
        try:
            return future.result(timeout=seconds)
        finally:
            future.cancel()

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)


class _GeventWorkers:
    def __init__(self, count: int) -> None:
        from gevent.threadpool import ThreadPool  # noqa: PLC0415 - only where gevent runs already

        self._pool = ThreadPool(count)

    def run(self, function: Callable[[Argument], Result], argument: Argument, seconds: float) -> Result:
        with hard_limit(seconds):
            result: Result = self._pool.spawn(function, argument).get()
        return result

    def close(self) -> None:
        self._pool.kill()


def look_up(host: str) -> Sequence[str]:
    """The system's own, blocking look-up of a name: its addresses as texts, in the order of preference.

    Raises:
        OSError: it has none.
    """
    found = _getaddrinfo()(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(place[0]) for *_, place in found))


def _getaddrinfo() -> Callable[..., list[tuple[Any, ...]]]:
    """The look-up that gevent has not replaced: its own would start further threads from ours."""
    if not patched():
        return socket.getaddrinfo
    from gevent.monkey import get_original  # noqa: PLC0415 - only where gevent runs already

    original: Callable[..., list[tuple[Any, ...]]] = get_original("socket", "getaddrinfo")
    return original
