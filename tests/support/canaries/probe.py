"""An extension that looks around inside a server's process, and plants leaks there to prove that the search finds them.

Its paths lie below ``/leakprobe``: ``memory`` tells what the process holds, ``records`` what loggers were told,
``plant/PLACE/SPELLING`` plants a leak, and ``raise`` raises an exception that holds the request's ``Authorization``.
"""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import unquote

import msgspec

from canaries.memory import memory
from canaries.planting import PLACES
from canaries.search import found_in
from canaries.spelling import SPELLINGS, Canary
from deltacloud.kernel import Application

PREFIX = "/leakprobe/"


class ProbeSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The ``[extensions.leakprobe]`` table."""

    debug: bool = False
    """Whether every logger there is tells all it knows."""


class Probe:
    """Entry point ``leakprobe`` of the group ``deltacloud.extensions``."""

    settings = ProbeSettings

    def __init__(self, settings: ProbeSettings) -> None:
        self._debug = settings.debug
        self._counter = Counting()

    def wrap_application(self, application: Application) -> Application:
        """Puts the probe's own paths before the server's."""

        def wrapped(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            if self._debug:
                self._listen()
            path = environ["PATH_INFO"]
            if not path.startswith(PREFIX):
                return application(environ, start_response)
            word, *rest = path.removeprefix(PREFIX).split("/")
            return self._answer(word, [unquote(one) for one in rest], environ, start_response)

        return wrapped

    def _listen(self) -> None:
        """Have all loggers tell everything, those that libraries have made since included."""
        root = logging.getLogger()
        if self._counter not in root.handlers:
            root.addHandler(self._counter)
            logging.getLogger("deltacloud").addHandler(self._counter)
        root.setLevel(logging.DEBUG)
        for logger in tuple(root.manager.loggerDict.values()):
            if isinstance(logger, logging.Logger):
                logger.setLevel(logging.DEBUG)

    def _answer(
        self, word: str, rest: list[str], environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        told: object = {}
        headers: list[tuple[str, str]] = []
        if word == "memory":
            told = memory()
        elif word == "records":
            told = {"records": self._counter.records, "with secrets": self._counter.secrets}
        elif word == "raise":
            raise RuntimeError(f"cannot serve {environ.get('HTTP_AUTHORIZATION')}", environ)
        elif word == "plant":
            place, spelling = rest
            planted = f"[{place}: {spelling}] {SPELLINGS[spelling](Canary('planted').text)}"
            headers, told = PLACES[place](planted)
        kind, body = ("text/plain", told) if isinstance(told, str) else ("application/json", json.dumps(told))
        headers += [("Content-Type", kind), ("Content-Length", str(len(body.encode())))]
        start_response("200 OK", headers)
        return [body.encode()]


class Counting(logging.Handler):
    """Counts what loggers say, by their names, and how much of it holds a secret."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.records: Counter[str] = Counter()
        self.secrets: Counter[str] = Counter()

    def emit(self, record: logging.LogRecord) -> None:
        """Count."""
        name = f"{record.name} {record.levelname}"
        self.records[name] += 1
        try:
            text = record.getMessage()
        except (TypeError, ValueError):
            text = str(record.args)
        if found_in(text):
            self.secrets[name] += 1
