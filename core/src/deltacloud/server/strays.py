"""What a process would tell past the log, and keep past the request.

Python prints warnings, and the exceptions of threads, of greenlets and of what is thrown away, with all values in them;
here they come to the log, and without secrets. A core dump would hold every caller's credentials. The libraries below
us remember the URLs that they took apart last, passwords in queries included.
"""

from __future__ import annotations

import inspect
import logging
import resource
import sys
import threading
from collections.abc import Callable
from types import TracebackType
from urllib.parse import SplitResult, urlsplit

import gevent
from gunicorn.http import message

from deltacloud.redaction import described
from deltacloud.server.logs import LogHandler

_log = logging.getLogger("deltacloud.server")


def log_to(handler: LogHandler, level: int) -> None:
    """Have everything that is said in this process, and in those that it starts, written by one handler.

    Args:
        handler: Writes it.
        level: From which level on the project's own lines are written; libraries' are from warnings on.
    """
    root, ours = logging.getLogger(), logging.getLogger("deltacloud")
    root.handlers = [handler]
    ours.handlers = [handler]
    ours.propagate = False
    ours.setLevel(level)
    logging.captureWarnings(capture=True)


def catch() -> None:
    """Have exceptions that nobody catches told to the log, no core dumped, and no request's target kept."""
    threading.excepthook = _of_thread
    sys.unraisablehook = _of_waste
    sys.excepthook = _of_process
    gevent.get_hub().print_exception = _of_greenlet
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    message.split_request_uri = split_target


def split_target(target: str) -> SplitResult:
    """A request's target in its parts, as gunicorn's own function gives them; but nothing of it is remembered."""
    if target.startswith("/") and "#" not in target and target.isprintable():
        path, _, query = target.partition("?")
        return SplitResult("", "", path, query, "")
    split: Callable[[str], SplitResult] = inspect.unwrap(urlsplit)
    if not target.startswith("//"):
        return split(target)
    parts = split(f".{target}")  # a path, and not the URL of another host
    return parts._replace(path=parts.path[1:])


def _of_thread(told: threading.ExceptHookArgs) -> None:
    if told.exc_value is not None and not isinstance(told.exc_value, SystemExit):
        _log.error("a thread ended with %s", described(told.exc_value))


def _of_waste(told: sys.UnraisableHookArgs) -> None:
    if told.exc_value is not None:
        _log.error("something could not be thrown away: %s", described(told.exc_value))


def _of_process(_kind: type[BaseException], error: BaseException, _traceback: TracebackType | None) -> None:
    _log.critical("the process ends with %s", described(error))


def _of_greenlet(
    _context: object, kind: type[BaseException], error: BaseException | None, _traceback: TracebackType | None
) -> None:
    _log.error("a greenlet ended with %s", kind.__qualname__ if error is None else described(error))
