"""The one place where drivers are called: current caller, deadline, errors and the end of lazy results live here.

A call ends when its *result* ends: a generator of instances or the content of a blob is still the call, so each of its
steps runs in the call's own ``contextvars.Context``, within the deadline, with its errors translated.
"""

from __future__ import annotations

import contextvars
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, cast

from deltacloud import outbound
from deltacloud.blobs import BlobContent
from deltacloud.context import Context, enter
from deltacloud.errors import BackendError, ClientDisconnected, DeltacloudError
from deltacloud.models import Model, Page
from deltacloud.redaction import described

if TYPE_CHECKING:
    from deltacloud.kernel.drivers import LoadedDriver

UNEXPLAINED = "The driver failed in a way that it does not explain"
"""What a client is told of an exception that means nothing to the driver or to the core."""
_READS = ("list_", "get_", "read_", "inspect_")

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
    """

    __slots__ = ("_ends", "_variables", "arguments", "context", "driver", "error", "hook")

    def __init__(self, driver: LoadedDriver, hook: str, context: Context, arguments: dict[str, object]) -> None:
        self.driver = driver
        self.hook = hook
        self.context = context
        self.arguments = arguments
        self.error: DeltacloudError | None = None
        self._ends: list[Callable[[DriverCall], None]] = []
        self._variables = contextvars.copy_context()

    def on_end(self, function: Callable[[DriverCall], None]) -> None:
        """Have ``function`` called with this call when its result has ended, a stream's or lazy list's included."""
        self._ends.append(function)

    def run(self, function: Callable[..., Any], *arguments: object) -> Any:  # noqa: ANN401 - passes through
        """Run a step of the call: in its own variables, with its errors translated."""
        try:
            return self._variables.run(function, *arguments)
        except (StopIteration, ClientDisconnected):
            raise
        except Exception as error:
            self.error = _meaning(self, error)
            if self.error is error:
                raise
            raise self.error from None

    def end(self) -> None:
        """The result has ended; called once or more."""
        ends, self._ends = self._ends, []
        for function in ends:
            function(self)


def perform(call: DriverCall) -> Any:  # noqa: ANN401 - the result of whatever hook is called
    """Make the call; a lazy result comes back wrapped, an immediate one as it is."""
    lazy = False
    try:
        result = call.run(_invoke, call)
        lazy, result = _guarded(call, result)
        return result
    finally:
        if not lazy:
            call.end()


def _invoke(call: DriverCall) -> object:
    enter(call.context)
    call.context.deadline.check()
    result = call.driver.plugins.invoke(call.hook, {"context": call.context, **call.arguments})
    call.context.deadline.check()
    return result


def _guarded(call: DriverCall, result: object) -> tuple[bool, object]:
    """Whether the result goes on after the call, and the result with its steps guarded if so."""
    if isinstance(result, Page):
        lazy, items = _guarded(call, result.items)
        return lazy, Page(cast("Iterable[Model]", items), result.next_marker) if lazy else result
    if isinstance(result, BlobContent):
        result.chunks = _Steps(call, call.run(iter, result.chunks))
        return True, result
    if result is None or isinstance(result, Sequence) or not hasattr(result, "__iter__"):
        return False, result
    return True, _Steps(call, call.run(iter, result))


class _Steps(Iterator[Item]):
    """A lazy result, step by step."""

    __slots__ = ("_call", "_iterator")

    def __init__(self, call: DriverCall, iterator: Iterator[Item]) -> None:
        self._call = call
        self._iterator = iterator

    def __next__(self) -> Item:
        call = self._call
        try:
            call.context.deadline.check()
            item: Item = call.run(next, self._iterator)
        except BaseException:
            call.end()
            raise
        return item

    def close(self) -> None:
        """Let go of the rest."""
        close = getattr(self._iterator, "close", None)
        try:
            if close is not None:
                self._call.run(close)
        finally:
            self._call.end()


def _meaning(call: DriverCall, error: Exception) -> DeltacloudError:
    """What an exception that came out of a driver means to the client.

    The driver's own table is asked first, then what is known of the network; the rest is a fault, whose text stays in
    the log.
    """
    if isinstance(error, DeltacloudError):
        return error
    translated = call.driver.translate(error) or outbound.meaning(error)
    if translated is not None:
        translated.__cause__ = None
        return translated
    call.context.log.error("%s.%s failed: %s", call.driver.name, call.hook, described(error))
    return BackendError(UNEXPLAINED)
