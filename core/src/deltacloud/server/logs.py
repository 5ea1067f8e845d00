"""Where log lines go, and what the line about a request says."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import re
import time
from types import TracebackType
from typing import TypeAlias

from deltacloud.context import current
from deltacloud.kernel.request import RequestRecord
from deltacloud.redaction import RequestLogger, described, redact, without_queries

_ExceptionInfo: TypeAlias = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]

_OURS = "deltacloud"
"""The loggers whose lines are the project's own."""
_STANDARD_ERROR = 2
_UNSAFE = re.compile(r"[^\x21\x23-\x5b\x5d-\x7e]")
_MATRIX = re.compile(r";[^/]*")
_TIMES = {"text": ("%d/%b/%Y %H:%M:%S", time.localtime), "json": ("%Y-%m-%dT%H:%M:%SZ", time.gmtime)}


class LogFile:
    """A file that several processes append whole lines to; standard error when it has no path."""

    def __init__(self, path: str | None = None) -> None:
        self.path = path
        self._descriptor = _STANDARD_ERROR if path is None else _open(path)

    def write(self, line: str) -> None:
        """Append one line, in one piece. A full disk must not stop the service, so then the line is lost."""
        with contextlib.suppress(OSError):
            os.write(self._descriptor, f"{line}\n".encode("utf-8", "backslashreplace"))

    def close(self) -> None:
        """Close it, unless it is standard error."""
        if self.path is not None:
            os.close(self._descriptor)

    def reopen(self) -> None:
        """Open the path anew, after the file was moved away."""
        if self.path is not None:
            fresh = _open(self.path)
            os.dup2(fresh, self._descriptor)
            os.close(fresh)


def _open(path: str) -> int:
    return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o640)


class Clock:
    """The present time as text, made once a second.

    Args:
        log_format: ``text`` for local time as the original wrote it (``23/Nov/2013 08:05:08``), ``json`` for RFC 3339
            in UTC.
    """

    def __init__(self, log_format: str) -> None:
        self._shape, self._zone = _TIMES[log_format]
        self._second = -1
        self._text = ""

    def text(self) -> str:
        """The time now."""
        now = int(time.time())
        if now != self._second:
            self._second, self._text = now, time.strftime(self._shape, self._zone(now))
        return self._text


class LogHandler(logging.Handler):
    """Writes what :mod:`logging` brings to the log file, in its format, and without secrets.

    Lines of libraries begin with their logger's name. Below warnings they are dropped, whatever the levels of loggers
    say: libraries tell there what they send and receive, signatures and tokens included, and nothing can know all that
    is secret in it.
    """

    def __init__(self, file: LogFile, log_format: str) -> None:
        super().__init__()
        self.file = file
        self._json = log_format == "json"
        self._clock = Clock(log_format)
        self.setFormatter(_Formatter())
        self.addFilter(lambda record: _is_ours(record) or record.levelno >= logging.WARNING)

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record; where an exception happened goes below it, or into its JSON."""
        try:
            text = self.format(record)
        except Exception as error:  # noqa: BLE001 - arguments of any kind, which the text may not fit
            text = f"{record.name} said something that cannot be written ({type(error).__qualname__})"
        text = redacted(text if _is_ours(record) else f"{record.name}: {without_queries(text)}")
        if self._json:
            line = {"time": self._clock.text(), "level": record.levelname, "process": record.process, "message": text}
            self.file.write(json.dumps(line))
        else:
            self.file.write(f"[{self._clock.text()}] {record.levelname} {record.process}: {text}")


class _Formatter(logging.Formatter):
    """Tells of exceptions what they are and where they happened, but no value."""

    def format(self, record: logging.LogRecord) -> str:
        """The text of a record; what other handlers have made of its exception is left alone."""
        text, record.exc_text = record.exc_text, None
        try:
            return super().format(record)
        finally:
            record.exc_text = text

    def formatException(self, ei: _ExceptionInfo) -> str:  # noqa: N802 - logging's own
        """An exception's class and where it happened."""
        return "" if ei[1] is None else described(ei[1])


def redacted(text: str) -> str:
    """``text`` without secrets of the call that runs here, if one does."""
    try:
        context = current()
    except LookupError:
        return text
    if isinstance(context.log, RequestLogger):
        return context.log.redacted(text)
    return redact(text, context.credentials if context.has_credentials else None)


def _is_ours(record: logging.LogRecord) -> bool:
    return record.name == _OURS or record.name.startswith(f"{_OURS}.")


class AccessLog:
    """One line about each request, written when its answer has been sent.

    A line never holds the query string or matrix parameters: clients of this API put passwords there.

    Args:
        file: Where lines go.
        log_format: ``text`` or ``json``.
        verbose: Whether parameters, driver and provider follow.
    """

    def __init__(self, file: LogFile, log_format: str = "text", *, verbose: bool = False) -> None:
        self._file = file
        self._json = log_format == "json"
        self._verbose = verbose
        self._clock = Clock(log_format)

    def write(self, record: RequestRecord, request: str, *, status: int, length: int, seconds: float) -> None:
        """Write the line.

        Args:
            record: The request.
            request: Its method, path and protocol, as :func:`request_line` makes them.
            status: The status of the answer.
            length: Bytes of the answer's body that were sent.
            seconds: How long it took.
        """
        if self._json:
            members: dict[str, object] = {
                "time": self._clock.text(), "peer": record.peer, "user": record.username, "request": request,
                "status": status, "length": length, "seconds": round(seconds, 4), "request_id": record.id,
            }  # fmt: skip
            if self._verbose:
                members |= {"parameters": record.detail, "driver": record.driver, "provider": record.provider}
            if record.trace_id is not None:
                members["trace_id"] = record.trace_id
            self._file.write(json.dumps(members))
            return
        line = (
            f"{record.peer or '-'} - {_word(record.username)} [{self._clock.text()}] "
            f'"{request}" {status} {length or "-"} {seconds:.4f} {record.id}'
        )
        if self._verbose:
            line = f"{line} {record.detail or '{}'} {_word(record.driver)} {_word(record.provider)}"
        if record.trace_id is not None:
            line = f"{line} trace_id={_word(record.trace_id)}"
        self._file.write(line)


def request_line(method: str, path: str, protocol: str) -> str:
    """A request line without matrix parameters, and without anything that could break the line it stands in."""
    if ";" in path:
        path = _MATRIX.sub("", path)
    return f"{_escaped(method)} {_escaped(path)} {protocol}"


def _word(text: str | None) -> str:
    return _escaped(text) if text else "-"


def _escaped(text: str) -> str:
    return _UNSAFE.sub(lambda found: f"\\x{ord(found[0]):02x}", text) if _UNSAFE.search(text) else text
