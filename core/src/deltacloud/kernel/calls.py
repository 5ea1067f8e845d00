"""The one place where drivers are called: current caller, deadline, errors and the end of lazy results live here.

A call ends when its *result* ends: a generator of instances or the content of a blob is still the call, so each of its
steps runs in the call's own ``contextvars.Context``, within the deadline, with its errors translated. Until then it is
one of the calls of its driver that are in progress, of which there are only so many.
"""

from __future__ import annotations

import contextlib
import contextvars
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

from deltacloud import outbound
from deltacloud.blobs import BlobContent
from deltacloud.context import Context, enter
from deltacloud.errors import (
    BackendError,
    ClientDisconnected,
    DeltacloudError,
    ProviderBusy,
    ProviderError,
    ProviderTimeout,
)
from deltacloud.models import Model, Page
from deltacloud.redaction import described

if TYPE_CHECKING:
    from deltacloud.kernel.drivers import LoadedDriver

UNEXPLAINED = "The driver failed in a way that it does not explain"
"""What a client is told of an exception that means nothing to the driver or to the core."""
_READS = ("list_", "get_", "read_", "inspect_")
_WHOLE = frozenset({tuple, list, str})
"""Results that are seen at a glance to end with the call."""
_COLLECTIONS = (Sequence, AbstractSet)
_OUTSIDE = (ProviderError, ProviderBusy, ProviderTimeout)
"""Errors of the cloud or of the way to it, which operators want to see."""

Item = TypeVar("Item")


def reads(hook: str) -> bool:
    """Whether a hook only reads, by its name; what it asks the cloud may then be asked again."""
    return hook.startswith(_READS)


class DriverCall:
    """One call of a driver's hook, as extensions see it.

    Attributes:
        driver: The driver.
        hook: The hook's name.
        context: The call's context; its credentials show nothing of themselves.
        arguments: What the hook is told, besides the context.
        error: What the call ended with, once it has; None while it runs and when all went well.
        began: When the driver was asked, on the clock of ``time.perf_counter``; 0 before.
    """

    __slots__ = (
        "_broken_off",
        "_ends",
        "_release",
        "_variables",
        "arguments",
        "began",
        "context",
        "driver",
        "error",
        "hook",
    )

    def __init__(self, driver: LoadedDriver, hook: str, context: Context, arguments: dict[str, object]) -> None:
        self.driver = driver
        self.hook = hook
        self.context = context
        self.arguments = arguments
        self.error: DeltacloudError | None = None
        self.began = 0.0
        self._broken_off = False
        self._ends: list[Callable[[DriverCall], None]] = []
        self._release: Callable[[DriverCall], None] | None = None
        self._variables = contextvars.copy_context()

    @property
    def status(self) -> str:
        """How it went so far: ``ok``, the ``code`` of its error, or ``client_disconnected``."""
        if self.error is not None:
            return type(self.error).code
        return "client_disconnected" if self._broken_off else "ok"

    @property
    def in_progress(self) -> bool:
        """Whether the driver was asked and the result has not ended."""
        return self._release is not None

    def on_end(self, function: Callable[[DriverCall], None]) -> None:
        """Have ``function`` called with this call when its result has ended, a stream's or lazy list's included."""
        self._ends.append(function)

    def run(self, function: Callable[..., Any], *arguments: object) -> Any:  # noqa: ANN401 - passes through
        """Run a step of the call: in its own variables, with its errors translated."""
        try:
            return self._variables.run(function, *arguments)
        except StopIteration:
            raise
        except ClientDisconnected:
            self._broken_off = True
            raise
        except Exception as error:
            self.error = _meaning(self, error)
            if self.error is error:
                raise
            raise self.error from None

    def begin(self, release: Callable[[DriverCall], None]) -> None:
        """The driver is asked now; ``release`` is called, before anybody else, when the result has ended."""
        self.began = time.perf_counter()
        self._release = release

    def end(self) -> None:
        """The result has ended; called once or more."""
        release, self._release = self._release, None
        if release is not None:
            release(self)
        ends, self._ends = self._ends, []
        for function in ends:
            function(self)


class CallObserver(Protocol):
    """Who is told about the calls of all drivers, to count them."""

    def ended(self, call: DriverCall) -> None:
        """A call's result has ended.

        This may come out of a finalizer, so in the middle of anything: it must neither wait nor take a lock.
        """

    def refused(self, call: DriverCall) -> None:
        """A call was not made, because too many of its driver were in progress."""


class Caller:
    """Makes calls; so many of one driver at once, so that a cloud that hangs does not take the others with it.

    Args:
        limit: The most calls of one driver that may be in progress.

    Attributes:
        observer: Who is told about them.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self.observer: CallObserver | None = None

    def perform(self, call: DriverCall) -> Any:  # noqa: ANN401 - the result of whatever hook is called
        """Make the call; a lazy result comes back wrapped, an immediate one as it is.

        Raises:
            ProviderBusy: too many calls of the driver are in progress. Nobody waits for one of them to end: that could
                take as long as the cloud hangs.
        """
        lazy = False
        try:
            self._admit(call)
            result = call.run(_invoke, call)
            lazy, result = _guarded(call, result)
            return result
        finally:
            if not lazy:
                call.end()

    def _admit(self, call: DriverCall) -> None:
        # A set counts right whatever happens: threads, a call that ends twice, a finalizer between two instructions.
        calls = call.driver.calls
        calls.add(call)
        if len(calls) <= self._limit:
            call.begin(self._release)
            return
        calls.discard(call)
        call.error = ProviderBusy(message=f"Too many calls of driver '{call.driver.name}' are in progress")
        if self.observer is not None:
            self.observer.refused(call)
        raise call.error

    def _release(self, call: DriverCall) -> None:
        call.driver.calls.discard(call)
        if isinstance(call.error, _OUTSIDE):
            _report(call, call.error)
        if self.observer is not None:
            self.observer.ended(call)


def _invoke(call: DriverCall) -> object:
    enter(call.context)
    call.context.deadline.check()
    result = call.driver.plugins.invoke(call.hook, {"context": call.context, **call.arguments})
    call.context.deadline.check()
    return result


def _guarded(call: DriverCall, result: object) -> tuple[bool, object]:
    """Whether the result goes on after the call, and the result with its steps guarded if so."""
    if result is None or type(result) in _WHOLE:
        return False, result
    if isinstance(result, Page):
        lazy, items = _guarded(call, result.items)
        return lazy, Page(cast("Iterable[Model]", items), result.next_marker) if lazy else result
    if isinstance(result, BlobContent):
        result.chunks = _Steps(call, call.run(iter, result.chunks))
        return True, result
    if isinstance(result, _COLLECTIONS) or not hasattr(result, "__iter__"):
        return False, result
    return True, _Steps(call, call.run(iter, result))


def read_all(items: Iterable[Item]) -> list[Item]:
    """All of a list. A driver's lazy one is read in one step: stepping costs as much as building the items does."""
    return items.rest() if isinstance(items, _Steps) else list(items)


class _Steps(Iterator[Item]):
    """A lazy result, step by step."""

    __slots__ = ("_call", "_iterator")

    def __init__(self, call: DriverCall, iterator: Iterator[Item]) -> None:
        self._call = call
        self._iterator = iterator

    def __next__(self) -> Item:
        try:
            self._call.context.deadline.check()
            item: Item = self._call.run(next, self._iterator)
        except BaseException as error:
            self._failed(error)
            raise
        return item

    def rest(self) -> list[Item]:
        """All that is left, with the deadline kept between any two items."""
        try:
            items: list[Item] = self._call.run(self._read)
        except BaseException as error:
            self._failed(error)
            raise
        self._call.end()
        return items

    def _read(self) -> list[Item]:
        check, items = self._call.context.deadline.check, []
        check()
        for item in self._iterator:
            items.append(item)
            check()
        return items

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, DeltacloudError):
            self._call.error = error
        self._call.end()

    def close(self) -> None:
        """Let go of the rest."""
        close = getattr(self._iterator, "close", None)
        try:
            if close is not None:
                self._call.run(close)
        finally:
            self._call.end()

    def __del__(self) -> None:
        # Nobody reads on and nobody has said so: the first match of a list was enough, or the answer failed.
        if self._call.in_progress:
            with contextlib.suppress(Exception):
                self.close()


def _meaning(call: DriverCall, error: Exception) -> DeltacloudError:
    """What an exception that came out of a driver means to the client.

    The driver's own table is asked first, then what is known of the network; the rest is a fault, whose text stays in
    the log.
    """
    if isinstance(error, DeltacloudError):
        return error
    translated = _opinion(call, error) or outbound.meaning(error)
    if translated is not None:
        translated.__cause__ = None
        return translated
    call.context.log.error("%s.%s failed: %s", call.driver.name, call.hook, described(error))
    return BackendError(UNEXPLAINED)


def _opinion(call: DriverCall, error: Exception) -> DeltacloudError | None:
    """What the driver says of an exception. Where it fails at that, the exception is not lost over it."""
    try:
        return call.driver.translate(error)
    except Exception as fault:  # noqa: BLE001 - a driver's code, which may raise anything
        call.context.log.error("%s.translate_error failed: %s", call.driver.name, described(fault))  # noqa: TRY400 - no values
        return None


def _report(call: DriverCall, error: DeltacloudError) -> None:
    """One line about a call that the cloud has failed. The message may hold the cloud's own words, so it is quoted."""
    call.context.log.warning(
        "%s.%s failed after %.3f s and %d requests: %s %r",
        call.driver.name,
        call.hook,
        time.perf_counter() - call.began,
        call.context.attempts,
        error.code,
        error.message,
    )
