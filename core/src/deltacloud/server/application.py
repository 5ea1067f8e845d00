"""What stands around every front end, once: ids, paths, hosts, headers, the access line, and the last resort."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import unquote

from deltacloud.errors import BackendError, ClientDisconnected, DeltacloudError, InvalidRequest
from deltacloud.kernel import ENVIRON_KEY, Application, GatewaySettings, RequestRecord
from deltacloud.redaction import described, forget_urls
from deltacloud.server.documents import error_reply
from deltacloud.server.headers import complete
from deltacloud.server.intake import HOST_MISSING, MONITORING, Intake
from deltacloud.server.logs import AccessLog, request_line
from deltacloud.server.pages import Pages

if TYPE_CHECKING:
    from deltacloud.server.metrics import Metrics

Environ: TypeAlias = dict[str, Any]
ExceptionInfo: TypeAlias = tuple[type[BaseException], BaseException, TracebackType | None]
StartResponse: TypeAlias = Callable[..., Callable[[bytes], object]]

_log = logging.getLogger("deltacloud.server")
_CLIENT_CLOSED = 499
"""In the access line and in metrics, for requests that nobody waits for any more."""


class Frame:
    """The whole server as one WSGI application.

    Args:
        application: The front ends, inside what extensions put around them.
        settings: What the operator decided.
        access_log: Where lines about requests go; None for nowhere.
        metrics: What counts them; None for nothing.
    """

    def __init__(
        self,
        application: Application,
        settings: GatewaySettings,
        access_log: AccessLog | None = None,
        metrics: Metrics | None = None,
    ) -> None:
        self._application = application
        self._settings = settings
        self._intake = Intake(settings)
        self._access_log = access_log
        self._metrics = metrics

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """One request."""
        record = self._intake.record(environ)
        environ[ENVIRON_KEY] = record
        answer = _Answer(environ, record, start_response, self._access_log, self._metrics)
        try:
            self._intake.locate(environ, record)
            answer.blocks = self._application(environ, answer.start_response)
        except ClientDisconnected:
            answer.give_up()
            raise
        except DeltacloudError as error:
            self._fail(environ, record, answer, error)
        except Exception as error:  # noqa: BLE001 - the last resort: nothing internal may reach the client
            report(error, record)
            self._fail(environ, record, answer, BackendError())
        except BaseException:  # The server ends, and has no more time for it.
            answer.give_up()
            raise
        return answer

    def _fail(self, environ: Environ, record: RequestRecord, answer: _Answer, error: DeltacloudError) -> None:
        accept, path = environ.get("HTTP_ACCEPT"), record.raw_path.partition(";")[0]
        reply = error_reply(error, accept=accept, path=path, request_id=record.id, settings=self._settings)
        answer.start_response(reply.status_line, reply.all_headers, (type(error), error, error.__traceback__))
        answer.blocks = [b"" if environ["REQUEST_METHOD"] == "HEAD" else reply.body]


def dispatch(mounts: Mapping[str, Application], pages: Pages, monitoring: Pages) -> Application:
    """An application that hands requests to front ends by the first segment of their path.

    Matrix parameters on the segment do not count, and doubled slashes collapse. What no front end has goes to the
    pages.

    Args:
        mounts: Front ends by their mount, without its slash.
        pages: The server's own paths.
        monitoring: All that there is at the port for monitoring, where metrics have one of their own.
    """

    def application(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        record = environ[ENVIRON_KEY]
        path = record.raw_path.lstrip("/")
        if environ.get(MONITORING):
            return show(monitoring, path, environ, start_response)
        first = path.partition("/")[0].partition(";")[0]
        front_end = mounts.get(unquote(first) if "%" in first else first)
        if front_end is None:
            return show(pages, path, environ, start_response)
        if not record.base_url:
            raise InvalidRequest(HOST_MISSING)
        return front_end(environ, start_response)

    def show(some: Pages, path: str, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        method, record = environ["REQUEST_METHOD"], environ[ENVIRON_KEY]
        record.operation = some.operation(path)
        record.route = f"/{path}" if record.operation else ""
        reply = some.reply(path, method, environ.get("HTTP_ACCEPT"), record.base_url)
        start_response(reply.status_line, reply.all_headers)
        return [b"" if method == "HEAD" else reply.body]

    return application


def report(error: Exception, record: RequestRecord) -> None:
    """Log an exception that nobody expected: its class and where it happened, but no value, which might be a secret."""
    _log.error("[%s] unexpected %s", record.id, described(error))


class _Answer:
    """An answer on its way: completes its headers, counts its bytes, and has it logged and counted at the end."""

    __slots__ = (
        "_access_log",
        "_environ",
        "_metrics",
        "_record",
        "_sent",
        "_start_response",
        "_started",
        "_status",
        "_taken",
        "blocks",
    )

    def __init__(
        self,
        environ: Environ,
        record: RequestRecord,
        start_response: StartResponse,
        access_log: AccessLog | None,
        metrics: Metrics | None,
    ) -> None:
        self._started = time.perf_counter()
        self._environ = environ
        self._record = record
        self._start_response = start_response
        self._access_log = access_log
        self._metrics = metrics
        self._status = 0
        self._sent = 0
        self._taken = False
        self.blocks: Iterable[bytes] = ()
        if metrics is not None:
            metrics.began()

    def start_response(
        self, status: str, headers: list[tuple[str, str]], exc_info: ExceptionInfo | None = None
    ) -> Callable[[bytes], object]:
        """What the front end calls."""
        written = complete(headers, self._record.id)
        replaced = self._status != 0
        self._status = int(status[:3])
        if exc_info is None or not replaced:
            return self._start_response(status, written)
        return self._start_response(status, written, exc_info)

    def __iter__(self) -> Iterator[bytes]:
        try:
            for block in self.blocks:
                self._sent += len(block)
                yield block
        except ClientDisconnected:
            raise
        except Exception as error:
            self._taken = True
            report(error, self._record)
            raise
        self._taken = True

    def give_up(self) -> None:
        """Nobody waits for the answer."""
        self._taken = False
        self.close()

    def close(self) -> None:
        """Called by the server when the answer is sent, or can be sent no further."""
        try:
            close = getattr(self.blocks, "close", None)
            if close is not None:
                close()
        finally:
            self._finish(self._status if self._taken else _CLIENT_CLOSED, time.perf_counter() - self._started)

    def _finish(self, status: int, seconds: float) -> None:
        forget_urls()
        method = self._environ["REQUEST_METHOD"]
        if self._metrics is not None:
            self._metrics.answered(method, self._record, status, seconds)
        if self._access_log is not None:
            request = request_line(method, self._record.raw_path, self._environ.get("SERVER_PROTOCOL", "HTTP/1.1"))
            self._access_log.write(self._record, request, status=status, length=self._sent, seconds=seconds)
