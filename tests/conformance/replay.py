"""One replay of all recorded exchanges against running servers, and the verdict on each."""

from __future__ import annotations

import http.client
import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from additions import Addition
from carried import Carried
from changes import Case
from comparator import Comparison
from deviation import Deviation
from deviations import DEVIATIONS
from exchanges import Answer, Exchange, Request
from wire import send

_NO_ANSWER = Answer(0, (), b"")
Verdict: TypeAlias = Literal["alike", "decided", "different", "waiting"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one exchange.

    Attributes:
        exchange: The exchange.
        verdict: ``alike``; ``decided``: different by decision, and our answer is the one decided; ``different``: not
            explained; ``waiting``: its driver is not installed here.
        differences: What is not explained.
        deviations: The rows that explain the rest.
        stale: The rows that claim this exchange although it is answered alike without them.
        additions: The rows of the additions that it needed.
        request: What was sent.
        answer: Our answer.
    """

    exchange: Exchange
    verdict: Verdict
    differences: tuple[str, ...] = ()
    deviations: tuple[Deviation, ...] = ()
    stale: tuple[Deviation, ...] = ()
    additions: frozenset[Addition] = frozenset()
    request: Request | None = None
    answer: Answer | None = None


@dataclass(slots=True)
class Sequence:
    """One sequence on its way: what is asked next may depend on what was answered."""

    port: int
    exchanges: list[Exchange]
    installed: frozenset[str]
    carried: Carried = field(default_factory=Carried)

    def run(self) -> Iterator[Outcome]:
        """Replay it in order."""
        for exchange in self.exchanges:
            if exchange.driver not in self.installed:
                yield Outcome(exchange, "waiting")
            else:
                yield self._replay(exchange)

    def _replay(self, exchange: Exchange) -> Outcome:
        request = self.carried.request(exchange.request)
        try:
            ours = send(self.port, request)
        except (OSError, http.client.HTTPException) as error:
            return Outcome(exchange, "different", (f"no answer: {type(error).__name__}: {error}",))
        wrong = self.carried.learn_instance(exchange, ours)
        rows = [row for row in DEVIATIONS if row.concerns(exchange.name)]
        judge = self._judge(exchange, request, ours)
        differences, used = judge(rows)
        differences = [*wrong, *differences]
        stale = tuple(row for row in rows if not differences and not judge([one for one in rows if one is not row])[0])
        verdict: Verdict = "different" if differences else "decided" if rows else "alike"
        return Outcome(exchange, verdict, tuple(differences), tuple(rows), stale, frozenset(used), request, ours)

    def _judge(
        self, exchange: Exchange, request: Request, ours: Answer
    ) -> Callable[[Iterable[Deviation]], tuple[list[str], set[Addition]]]:
        """Compares our answer with the recorded one as some rows change it."""
        answers = {one.name: one.answer for one in self.exchanges if one.answer is not None}
        case = Case(exchange, answers.__getitem__, self.installed, self.port)

        def judge(rows: Iterable[Deviation]) -> tuple[list[str], set[Addition]]:
            expected = exchange.answer or _NO_ANSWER
            changes = [change for row in rows for change in row.ours]
            for change in changes:
                expected = change(case, expected)
            self.carried.learn_ids(expected, ours)
            varies = exchange.varies or bool(changes)
            comparison = Comparison(self.carried, request, self.carried.answer(expected), ours, varies=varies)
            return comparison.run(), comparison.used

        return judge


def replay(start: Callable[[], int], exchanges: Iterable[Exchange], installed: frozenset[str]) -> list[Outcome]:
    """Replay every sequence on a server of its own.

    Args:
        start: Starts a fresh server and returns its port.
        exchanges: What was recorded, each sequence in order.
        installed: The names of the drivers that the servers have.
    """
    sequences = itertools.groupby(exchanges, key=lambda exchange: exchange.sequence)
    return [outcome for _, one in sequences for outcome in Sequence(start(), list(one), installed).run()]
