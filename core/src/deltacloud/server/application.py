"""What stands around every front end, once: ids, paths, hosts, headers, the access line, and the last resort."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import TracebackType
from typing import Any, TypeAlias
from urllib.parse import unquote

from deltacloud.errors import BackendError, ClientDisconnected, DeltacloudError, InvalidRequest
from deltacloud.kernel import ENVIRON_KEY, Application, GatewaySettings, RequestRecord
from deltacloud.redaction import described
from deltacloud.server.documents import error_reply
from deltacloud.server.headers import complete
from deltacloud.server.intake import HOST_MISSING, Intake
from deltacloud.server.logs import AccessLog, request_line
from deltacloud.server.pages import Pages

Environ: TypeAlias = dict[str, Any]
ExceptionInfo: TypeAlias = tuple[type[BaseException], BaseException, TracebackType | None]
StartResponse: TypeAlias = Callable[..., Callable[[bytes], object]]

_log = logging.getLogger("deltacloud.server")
_CLIENT_CLOSED = 499
"""In the access line, for requests that nobody waits for any more."""


class Frame:
    """The whole server as one WSGI application.

    Args:
        application: The front ends, inside what extensions put around them.
        settings: What the operator decided.
        access_log: Where lines about requests go; None for nowhere.
    """

    def __init__(
        self, application: Application, settings: GatewaySettings, access_log: AccessLog | None = None
    ) -> None:
        self._application = application
        self._settings = settings
        self._intake = Intake(settings)
        self._access_log = access_log

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """One request."""
        record = self._intake.record(environ)
        environ[ENVIRON_KEY] = record
        answer = _Answer(environ, record, start_response, self._access_log)
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
        return answer

    def _fail(self, environ: Environ, record: RequestRecord, answer: _Answer, error: DeltacloudError) -> None:
        accept, path = environ.get("HTTP_ACCEPT"), record.raw_path.partition(";")[0]
        reply = error_reply(error, accept=accept, path=path, request_id=record.id, settings=self._settings)
        answer.start_response(reply.status_line, reply.all_headers, (type(error), error, error.__traceback__))
        answer.blocks = [b"" if environ["REQUEST_METHOD"] == "HEAD" else reply.body]


def dispatch(mounts: Mapping[str, Application], pages: Pages) -> Application:
    """An application that hands requests to front ends by the first segment of their path.

    Matrix parameters on the segment do not count, and doubled slashes collapse. What no front end has goes to the
    pages.

    Args:
        mounts: Front ends by their mount, without its slash.
        pages: The server's own paths.
    """

    def application(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        path = environ[ENVIRON_KEY].raw_path.lstrip("/")
        first = path.partition("/")[0].partition(";")[0]
        front_end = mounts.get(unquote(first) if "%" in first else first)
        if front_end is not None:
            if not environ[ENVIRON_KEY].base_url:
                raise InvalidRequest(HOST_MISSING)
            return front_end(environ, start_response)
        method = environ["REQUEST_METHOD"]
        reply = pages.reply(path, method, environ.get("HTTP_ACCEPT"))
        start_response(reply.status_line, reply.all_headers)
        return [b"" if method == "HEAD" else reply.body]

    return application


def report(error: Exception, record: RequestRecord) -> None:
    """Log an exception that nobody expected: its class and where it happened, but no value, which might be a secret."""
    _log.error("[%s] unexpected %s", record.id, described(error))


class _Answer:
    """An answer on its way: completes its headers, counts its bytes, and has its line written at the end."""

    __slots__ = ("_access_log", "_environ", "_record", "_sent", "_start_response", "_started", "_status", "blocks")

    def __init__(
        self, environ: Environ, record: RequestRecord, start_response: StartResponse, access_log: AccessLog | None
    ) -> None:
        self._started = time.perf_counter()
        self._environ = environ
        self._record = record
        self._start_response = start_response
        self._access_log = access_log
        self._status = 0
        self._sent = 0
        self.blocks: Iterable[bytes] = ()

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
        except (ClientDisconnected, GeneratorExit):
            raise
        except Exception as error:
            report(error, self._record)
            raise

    def give_up(self) -> None:
        """Nobody waits for the answer."""
        self._status = _CLIENT_CLOSED
        self.close()

    def close(self) -> None:
        """Called by the server when the answer is sent, or can be sent no further."""
        try:
            close = getattr(self.blocks, "close", None)
            if close is not None:
                close()
        finally:
            if self._access_log is not None:
                self._access_log.write(
                    self._record,
                    request_line(
                        self._environ["REQUEST_METHOD"],
                        self._record.raw_path,
                        self._environ.get("SERVER_PROTOCOL", "HTTP/1.1"),
                    ),
                    status=self._status,
                    length=self._sent,
                    seconds=time.perf_counter() - self._started,
                )
