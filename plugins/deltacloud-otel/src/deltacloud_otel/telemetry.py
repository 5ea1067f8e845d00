"""All of it together, in one process."""

from __future__ import annotations

import contextvars
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import deltacloud_otel
from deltacloud.errors import ClientDisconnected, DeltacloudError
from deltacloud.kernel import Application
from deltacloud_otel.calls import CLIENT_DISCONNECTED, PARENT, Calls, error_type
from deltacloud_otel.choice import Choice
from deltacloud_otel.pipelines import Pipelines
from deltacloud_otel.requests import Requests, WatchedRequest

_SCOPE = "deltacloud_otel"
_UNEXPECTED = 500


class Telemetry:
    """Watches one process.

    Attributes:
        calls: Watches calls of drivers.

    Args:
        choice: What the operator wants.
    """

    def __init__(self, choice: Choice) -> None:
        self._pipelines = Pipelines(choice)
        tracer = self._pipelines.tracers.get_tracer(_SCOPE, deltacloud_otel.__version__)
        meter = self._pipelines.meters.get_meter(_SCOPE, deltacloud_otel.__version__)
        self.calls = Calls(tracer, meter)
        self._requests = Requests(tracer, meter, continues=choice.continues)

    def watched(self, application: Application) -> Application:
        """An application whose requests are watched."""

        def watching(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            answer = _Answer(self, self._requests.begin(environ), start_response)
            answer.begin(application, environ)
            return answer

        return watching

    def ended(self, request: WatchedRequest, error: str | None) -> None:
        """A request has ended, and its calls before it."""
        self.calls.settle()
        self._requests.end(request, error)

    def close(self) -> None:
        """Send what is not sent yet."""
        self.calls.settle()
        self._pipelines.close()


class _Answer:
    """A watched request's answer. Each step of it runs where calls of drivers find their parent."""

    __slots__ = ("_blocks", "_error", "_request", "_start_response", "_telemetry", "_variables", "_whole")

    def __init__(self, telemetry: Telemetry, request: WatchedRequest, start_response: Callable[..., Any]) -> None:
        self._telemetry = telemetry
        self._request = request
        self._start_response = start_response
        self._variables = contextvars.copy_context()
        self._variables.run(PARENT.set, request.context)
        self._blocks: Iterable[bytes] = ()
        self._error: str | None = None
        self._whole = False

    def begin(self, application: Application, environ: dict[str, Any]) -> None:
        """Have the application answer."""
        try:
            self._blocks = self._variables.run(application, environ, self._started)
        except BaseException as error:
            self._answered_by_the_server(error)
            raise

    def _started(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:  # noqa: ANN401 - WSGI
        self._request.status = int(status[:3])
        more = () if exc_info is None else (exc_info,)
        return self._start_response(status, headers, *more)

    def _answered_by_the_server(self, error: BaseException) -> None:
        """What the application does not answer, the server around it does."""
        if isinstance(error, DeltacloudError):
            self._request.status = error.status
            self._telemetry.ended(self._request, None)
            return
        if isinstance(error, Exception) and not isinstance(error, ClientDisconnected):
            self._request.status = _UNEXPECTED
        self._telemetry.ended(self._request, error_type(error))

    def __iter__(self) -> Iterator[bytes]:
        run = self._variables.run
        try:
            iterator = run(iter, self._blocks)
            while (block := run(next, iterator, None)) is not None:
                yield block
        except GeneratorExit:
            raise
        except BaseException as error:
            self._error = error_type(error)
            raise
        self._whole = True

    def close(self) -> None:
        """Called by the server when the answer is sent, or can be sent no further."""
        close = getattr(self._blocks, "close", None)
        try:
            if close is not None:
                self._variables.run(close)
        finally:
            error = self._error if self._whole or self._error is not None else CLIENT_DISCONNECTED
            self._telemetry.ended(self._request, error)
