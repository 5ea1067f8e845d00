"""Leaks to be found: each function leaves a text in one place of the present process, or of its answer."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

from deltacloud.errors import InvalidRequest
from processes import tied

Answer: TypeAlias = tuple[list[tuple[str, str]], object]
"""Further headers, and what the body says."""

_NOTHING: Answer = ([], "planted")
_kept: list[object] = []


class Shown:
    """Something of the project's, to all appearances, that shows what it holds."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return f"<Shown {self._text}>"


Shown.__module__ = "deltacloud.planted"


def _log(text: str) -> Answer:
    logging.getLogger("deltacloud.driver").error("cannot log in: %s", text)
    return _NOTHING


def _library_log(text: str) -> Answer:
    logging.getLogger("vendor.library").warning("cannot log in: %s", text)
    return _NOTHING


def _standard_error(text: str) -> Answer:
    os.write(2, f"{text}\n".encode())
    return _NOTHING


def _error(text: str) -> Answer:
    raise InvalidRequest(f"Cannot log in: {text}")


def _header(text: str) -> Answer:
    return [("X-Planted", text.replace("\n", "").encode().decode("latin-1"))], "planted"


def _body(text: str) -> Answer:
    return [], text


def _file(text: str) -> Answer:
    _append(Path(), text)
    return _NOTHING


def _home_file(text: str) -> Answer:
    _append(Path.home(), text)
    return _NOTHING


def _temporary_file(text: str) -> Answer:
    _append(Path(tempfile.gettempdir()), text)
    return _NOTHING


def _append(folder: Path, text: str) -> None:
    with (folder / "planted").open("a", encoding="utf-8") as file:
        file.write(f"{text}\n")


def _open_file(text: str) -> Answer:
    """A file that has no name any more."""
    file = tempfile.TemporaryFile("w", encoding="utf-8")  # noqa: SIM115 - it stays open
    file.write(f"{text}\n")
    file.flush()
    _kept.append(file)
    return _NOTHING


def _exception(text: str) -> Answer:
    _kept.append(RuntimeError(text))
    return _NOTHING


def _own_object(text: str) -> Answer:
    _kept.append(Shown(text))
    return _NOTHING


def _cache(text: str) -> Answer:
    _kept.append({"session": (text.encode(),)})
    return _NOTHING


def _local_variable(text: str) -> Answer:
    """A generator that was left in the middle."""

    def waiting() -> Iterator[str]:
        local = text + "!"
        yield "begun"
        yield local

    generator = waiting()
    next(generator)
    _kept.append(generator)
    return _NOTHING


def _child(arguments: tuple[str, ...], variables: Mapping[str, str]) -> Answer:
    command = tied([sys.executable, "-S", "-c", "import time; time.sleep(100)", *arguments])
    _kept.append(subprocess.Popen(command, env={**os.environ, **variables}))
    return _NOTHING


def _command_line(text: str) -> Answer:
    return _child((text,), {})


def _environment(text: str) -> Answer:
    return _child((), {"PLANTED": text})


PLACES: Mapping[str, Callable[[str], Answer]] = {
    "log": _log,
    "log of a library": _library_log,
    "standard error": _standard_error,
    "error document": _error,
    "header": _header,
    "body": _body,
    "file": _file,
    "file at home": _home_file,
    "temporary file": _temporary_file,
    "open file": _open_file,
    "exception": _exception,
    "object of the project": _own_object,
    "cache": _cache,
    "local variable": _local_variable,
    "command line": _command_line,
    "environment": _environment,
}
"""Where leaks are planted."""
