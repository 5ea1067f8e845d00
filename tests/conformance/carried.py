"""What an earlier answer decided: ids with a clock, ids that are the lowest free number, keys, random addresses.

A recording says ``volume_1795422475``; our volume has another second in its id. So the first answer that shows such a
value binds it: every later request is sent with our value, and every later answer must show our value. A value of ours
is bound once only, so two resources that change places are found.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from changes import NEW_INSTANCE
from exchanges import Answer, Exchange, Request

_CLOCKED = re.compile(r"(?:volume|store_snapshot|subnet|net|nic)_\d{9,}(?!\d)")
"""Ids with a clock in them."""
_INSTANCE = re.compile(r"/api/instances/inst(\d+)$")
_SEEDED = 4
_HIGHEST_STATUS_OF_SUCCESS = 299


class Carried:
    """The values of one sequence of exchanges."""

    def __init__(self) -> None:
        self._ours: dict[str, str] = {}
        self._instances = set(range(_SEEDED))

    def request(self, request: Request) -> Request:
        """A recorded request, about our resources."""
        body = self._translated(request.body.decode("latin-1")).encode("latin-1")
        headers = tuple(
            (name, str(len(body)) if name == "Content-Length" and body else value) for name, value in request.headers
        )
        return replace(request, path=self._translated(request.path), headers=headers, body=body)

    def answer(self, answer: Answer) -> Answer:
        """A recorded answer, about our resources."""
        return Answer(
            answer.status,
            tuple((name, self._translated(value)) for name, value in answer.headers),
            self._translated(answer.body.decode("latin-1")).encode("latin-1"),
        )

    def learn_ids(self, recorded: Answer, ours: Answer) -> None:
        """Bind the ids with a clock that a recorded answer shows for the first time to ours, in their order."""
        known = set(self._ours.values())
        theirs = [value for value in _clocked(self.answer(recorded)) if value not in known]
        values = [value for value in _clocked(ours) if value not in known]
        for family in dict.fromkeys(_family(value) for value in theirs):
            pairs = zip(_of(family, theirs), _of(family, values), strict=False)  # a missing one is found by comparing
            self._ours.update(pairs)

    def learn_instance(self, exchange: Exchange, ours: Answer) -> list[str]:
        """Bind the id of an instance that our answer to an exchange made.

        Returns:
            What is wrong with it: it is not the lowest free one.
        """
        request = exchange.request
        if request.method == "DELETE" and ours.status <= _HIGHEST_STATUS_OF_SUCCESS:
            gone = _INSTANCE.search(self._translated(request.path))
            self._instances.discard(int(gone[1]) if gone else -1)
        if request.method != "POST":
            return []
        recorded = exchange.answer
        new = _INSTANCE.search((recorded.header("Location") or "") if recorded is not None else "")
        made = _INSTANCE.search(ours.header("Location") or "")
        if new is not None:
            self._ours[f"inst{new[1]}"] = f"inst{made[1]}" if made else f"inst{new[1]}-was-refused"
        if made is None:
            return []
        self._ours[NEW_INSTANCE] = f"inst{made[1]}"
        lowest = min(set(range(len(self._instances) + 1)) - self._instances)
        self._instances.add(int(made[1]))
        return [] if int(made[1]) == lowest else [f"Location: the new instance is inst{made[1]}, inst{lowest} is free"]

    def same(self, recorded: str, ours: str, *, alone: bool = True) -> bool:
        """Whether a value of ours stands where the recorded one stands, now and in every answer so far.

        Args:
            recorded: The recorded value.
            ours: Ours.
            alone: Whether it may stand for no other recorded value.
        """
        if recorded in self._ours:
            return self._ours[recorded] == ours
        if recorded == ours:
            return True
        bound = self._ours.values()
        if recorded in bound or (alone and ours in bound):
            return False
        self._ours[recorded] = ours
        return True

    def _translated(self, text: str) -> str:
        if not self._ours:
            return text
        values = sorted(self._ours, key=len, reverse=True)
        pattern = "|".join(re.escape(value) for value in values)
        return re.sub(rf"(?<![0-9])(?:{pattern})(?![0-9])", self._replacement(), text)

    def _replacement(self) -> Callable[[re.Match[str]], str]:
        return lambda match: self._ours[match[0]]


def _clocked(answer: Answer) -> list[str]:
    text = "\n".join([*(value for _, value in answer.headers), answer.body.decode("latin-1")])
    return list(dict.fromkeys(match[0] for match in _CLOCKED.finditer(text)))


def _family(value: str) -> str:
    return value.rpartition("_")[0]


def _of(family: str, values: list[str]) -> list[str]:
    return [value for value in values if _family(value) == family]
