"""Plays a row: real servers, names, a way out under the row's rules, one attempt, and what came of it."""

from __future__ import annotations

import contextlib
import contextvars
import functools
import os
import socket
import ssl
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self, TypeAlias
from unittest import mock
from urllib.parse import urlsplit

import trustme

from deltacloud.context import Context, enter
from deltacloud.errors import Forbidden, InvalidRequest, NameNotFound
from deltacloud.outbound import Policy, Resolver, WayOut
from guardtable.row import BAD, GOOD, ONLY_GOOD, PRIVATE, QUIET, Distrusted, Earlier, Reached, Refusal, Row
from guardtable.witness import Witness, watching
from loopback import Answer, Asked, Backend, Outside, reply

BASE = "http://settings.example:9"
"""An endpoint of the server's own settings, at a local address, which no row is about; nobody listens there."""


@dataclass(frozen=True, slots=True)
class Target:
    """What an attempt is to reach.

    Attributes:
        url: The URL.
        host: Its host alone, where the row is about a host.
        port: The port of the table's servers.
        named_by: The endpoint whose answer named the URL, for ``context.http`` and ``context.sdk``.
        base: Another endpoint, at a local address, which is always allowed: for clients that were given the way there.
    """

    url: str
    host: str | None
    port: int
    named_by: str | None
    base: str = BASE


Attempt: TypeAlias = Callable[[Context, Target], object]
"""One request to the target, by whatever means; raises what the means raises."""


def answer_ok(_asked: Asked) -> list[bytes]:
    """What the good server answers unless the row or the caller says otherwise."""
    return reply()


class Stage:
    """A row's servers, names and way out; use it in a ``with`` block.

    Args:
        row: The row.
        answer: What the good server says where the row does not decide it.
    """

    def __init__(self, row: Row, answer: Answer = answer_ok) -> None:
        self.row = row
        self.server_names: list[str | None] = []
        self.outside = Outside()
        self._answer = answer
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        self._stack.callback(self.outside.close)
        try:
            self._set_up()
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def attempt(self, attempt: Attempt, terms: Earlier) -> tuple[Exception | None, Witness]:
        """Make an attempt; returns what it raised, and who saw where it went."""
        row = self.row
        named_by = None if terms.named_by is None else self._text(terms.named_by)
        target = Target(self._text(row.url), row.host, self.port, named_by)
        context = self.outside.context(self._way, local=terms.local)
        witness = Witness([(host, self.port) for host in (GOOD, BAD, QUIET)])
        environment = {name: self._text(value) for name, value in row.environment}

        def call() -> Exception | None:
            enter(context)
            try:
                attempt(context, target)
            except AssertionError:
                raise
            except Exception as error:  # noqa: BLE001 - what it is, the row decides
                return error
            return None

        with mock.patch.dict(os.environ, environment), watching(witness):
            raised = contextvars.Context().run(call)
        return raised, witness

    def check_outcome(self, raised: Exception | None, witness: Witness) -> None:
        """Hold what happened against the row."""
        outcome, row = self.row.outcome, self.row
        assert witness.resolved == [], "a name was resolved past the guard"
        if isinstance(outcome, Refusal):
            assert type(raised) is outcome.error, f"{outcome.name}: {raised!r}, connections {witness.connected}"
            assert outcome.words in str(raised)
            assert witness.connected == []
            assert self.outside.names.asked == [*row.looked_up]
            assert [*self.good.asked, *self.bad.asked] == []
            return
        assert not isinstance(raised, Forbidden | NameNotFound | InvalidRequest), raised
        addresses = outcome.addresses if isinstance(outcome, Reached) else (outcome.address,)
        port = (isinstance(outcome, Reached) and outcome.port) or self.port
        self._check_connections(witness, [(address, port) for address in addresses])
        self._check_requests(raised)

    def check_contained(self, witness: Witness) -> None:
        """Only what the rules open was reached, however the URL was read."""
        assert witness.resolved == [], "a name was resolved past the guard"
        assert {address for address, _ in witness.connected} <= self.row.tolerated
        if self.row.outcome is Refusal.CLOSED:
            assert set(self.outside.names.asked) <= set(self.row.looked_up), "name servers were asked in vain"
        if BAD not in self.row.tolerated:
            assert self.bad.connections == 0

    def forget(self) -> None:
        """What happened so far does not count."""
        self.outside.names.asked.clear()
        self.good.asked.clear()
        self.bad.asked.clear()

    def _check_connections(self, witness: Witness, expected: list[tuple[str, int]]) -> None:
        """A client may connect more than once, and each time there is one look-up and the same way."""
        rounds = max(1, len(witness.connected) // len(expected))
        assert witness.connected == expected * rounds
        assert self.outside.names.asked == [*self.row.looked_up] * rounds

    def _check_requests(self, raised: Exception | None) -> None:
        """Requests and TLS carry the name, whatever address was connected to."""
        outcome = self.row.outcome
        if isinstance(outcome, Distrusted):
            assert raised is not None
            assert [*self.good.asked, *self.bad.asked] == []
        elif isinstance(outcome, Reached) and outcome.addresses[-1] in {GOOD, BAD} and outcome.port is None:
            asking, silent = (self.good, self.bad) if outcome.addresses[-1] == GOOD else (self.bad, self.good)
            assert asking.asked, raised
            assert silent.connections == 0
            place = urlsplit(self._text(self.row.url))
            for asked in asking.asked:
                assert asked.headers.get("host", place.netloc).lower() == place.netloc.lower()
            names = {name for name, _ in self.row.names}
            expected = place.hostname if place.hostname in names else None
            assert set(self.server_names) <= {expected}

    def _set_up(self) -> None:
        row, outside = self.row, self.outside
        self.good, self.bad = self._servers()
        self.port: int = self.good.port
        outside.names.set(urlsplit(BASE).hostname or "", [PRIVATE])
        for name, answers in row.names:
            outside.names.set(name, *map(list, answers))
        resolver = Resolver(self._look_up, threads=2)
        self._stack.callback(resolver.close)
        rules = row.rules
        policy = Policy(
            hosts=rules.hosts,
            entry_points=map(self._text, rules.entry_points),
            own=(BASE, *map(self._text, rules.own)),
            allow=rules.allow,
            nat64=rules.nat64,
        )
        self._way = WayOut("tiny", policy, ca_file=self._ca_file(), resolver=resolver)
        self._stack.callback(self._way.close)

    def _look_up(self, name: str) -> list[str]:
        """The test's name server; what looks like a number is read as the system's resolver reads it."""
        known = self.outside.names
        if name not in known.answers:
            with contextlib.suppress(OSError):
                known.answers[name] = [[socket.inet_ntoa(socket.inet_aton(name))]]
        return known.look_up(name)

    def _servers(self) -> tuple[Backend, Backend]:
        """Two servers on one port; another pair when somebody else has the second one's place."""
        tls = self._tls()
        while True:
            good = self.outside.serve(self._respond, host=GOOD, tls=tls)
            try:
                return good, self.outside.serve(host=BAD, port=good.port, tls=tls)
            except OSError:
                good.close()

    def _respond(self, asked: Asked) -> list[bytes]:
        if self.row.redirect is not None:
            status, location = self.row.redirect
            return reply(status=status, Location=self._text(location))
        return reply(Connection="close") if self.row.closing else list(self._answer(asked))

    def _text(self, text: str) -> str:
        return text.replace("{port}", str(self.port))

    def _ca_file(self) -> str:
        folder = self._stack.enter_context(tempfile.TemporaryDirectory(prefix="guardtable-"))
        path = Path(folder, "ca.pem")
        _authority().cert_pem.write_to_path(str(path))
        return str(path)

    def _tls(self) -> ssl.SSLContext | None:
        if not self.row.certificate:
            return None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        _certificate(self.row.certificate).configure_cert(context)
        context.sni_callback = lambda _socket, name, _context: self.server_names.append(name)
        return context


def verify(row: Row, attempt: Attempt, answer: Answer = answer_ok) -> None:
    """Make the attempt of a row, and hold what it reached and what it raised against the row.

    The attempt runs as the kernel runs a call, so an SDK's client that is shared by all callers finds its caller.

    Args:
        row: The row.
        attempt: One request to the target by the means that is proved, raising what a hook would raise.
        answer: What the good server answers, for SDKs that want to read it. What they make of it does not matter.
    """
    with Stage(row, answer) as stage:
        if row.earlier is not None:
            raised, _ = stage.attempt(attempt, row.earlier)
            assert stage.good.asked, raised
            stage.forget()
        stage.check_outcome(*stage.attempt(attempt, Earlier(row.rules.local, row.named_by)))


def contain(row: Row, attempt: Attempt) -> None:
    """As :func:`verify`, for a client that was given the way to ``target.base`` and reads the URL of the row itself.

    It may refuse the URL in its own words, or read it as it likes; it reaches nothing that the rules do not open. Where
    the row is about spelling, these open one address alone.
    """
    strict = replace(row, rules=ONLY_GOOD) if row.outcome is Refusal.SPELLING else row
    with Stage(strict) as stage:
        _, witness = stage.attempt(attempt, Earlier(strict.rules.local))
        stage.check_contained(witness)


@functools.cache
def _authority() -> trustme.CA:
    return trustme.CA()


@functools.cache
def _certificate(names: tuple[str, ...]) -> trustme.LeafCert:
    return _authority().issue_cert(*names)
