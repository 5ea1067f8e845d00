"""What the rules of all collections share: what they choose from, and how they hold an answer to the model."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition

from modelcloud.caller import Caller, Reply, segments_in
from modelcloud.readings import read_item
from modelcloud.records import Record
from modelcloud.tenant import Tenant

TEXTS = st.sampled_from([None, "plain", "a <b> & \"c\" 'd'", "100% ;x=1&y=2?#+", "é漢字 🙂"])
"""Names and descriptions that are no ids; None leaves them to the cloud."""
TAGS = st.sampled_from([{}, {}, {"env": "test"}, {"env": "live", "a b&c": "<d> é"}])
REALMS = st.sampled_from([None, "us", "eu", "us", "eu", "nowhere"])
_NAMES = ("one", "two", "a b", "<é> & \"q\" 'r'", "x;y=1?#+%", "漢字~,:@")


class Rules(RuleBasedStateMachine):
    """A machine without rules, on one tenant's model."""

    def __init__(self, tenant: Tenant) -> None:
        super().__init__()
        self.tenant = tenant

    @property
    def caller(self) -> Caller:
        """The tenant's."""
        return self.tenant.caller

    def things(self, collection: str) -> dict[str, Record]:
        """What the tenant has of a collection."""
        return self.tenant.things[collection]

    def made(self, collection: str, reply: Reply, status: int, expected: Callable[[str], Record], *left: str) -> Record:
        """Hold the answer to a creation to what should have been made, and note it.

        Args:
            collection: The collection.
            reply: The answer.
            status: The status that it should have; nothing was made if that is a refusal.
            expected: The record of a thing of a given id.
            left: What the cloud may choose besides the id.
        """
        if refused(reply, status):
            return {}
        reading = read_item(collection, reply)
        assert segments_in(reply.headers["location"]) == [collection, reading["id"]]
        return self.noted(collection, reading, expected(reading["id"]), *left)

    def noted(self, collection: str, reading: Record, expected: Record, *left: str) -> Record:
        """Note a new thing, with what the cloud has chosen."""
        expected |= {name: reading[name] for name in left}
        record = self.tenant.add(collection, expected)
        self.tenant.hold(collection, reading)
        return record


def verdict(success: int, *refusals: tuple[bool, int]) -> int:
    """The status of the first refusal that applies, else that of success."""
    return next((status for applies, status in refusals if applies), success)


def refused(reply: Reply, status: int) -> bool:
    """Whether a request was refused, as it should have been; its status is the one expected in any case."""
    return reply.expect(status).status >= 400


def given(**fields: Any) -> Record:
    """The fields that are given at all."""
    return {name: value for name, value in fields.items() if value is not None and value not in ([], {})}


def some(collection: str, *others: str) -> st.SearchStrategy[str]:
    """An id: mostly of something that is there, sometimes of what is gone or never was, or one of ``others``."""

    def choices(machine: Rules) -> st.SearchStrategy[str]:
        tenant = machine.tenant
        return st.sampled_from([*tenant.ids(collection) * 4, *tenant.absent(collection), *others])

    return st.runner().flatmap(choices)


def some_pair(pairs: Callable[[Tenant], list[tuple[str, str]]], *others: tuple[str, str]) -> st.SearchStrategy[Any]:
    """Two ids that belong together: mostly a pair that is there, sometimes one of ``others``."""
    return st.runner().flatmap(lambda machine: st.sampled_from([*pairs(machine.tenant) * 4, *others]))


def there_are(pairs: Callable[[Tenant], list[tuple[str, str]]]) -> Callable[[Any], Any]:
    """Keeps a rule for when there is such a pair, so that most steps are no refusals."""
    return precondition(lambda machine: bool(pairs(machine.tenant)))


def perhaps(collection: str) -> st.SearchStrategy[str | None]:
    """Nothing, or the id of something that is there, or rarely one that nothing has."""

    def choices(machine: Rules) -> st.SearchStrategy[str | None]:
        return st.sampled_from([*[None] * 8, *machine.tenant.ids(collection) * 4, "nosuch"])

    return st.runner().flatmap(choices)


def there_is(collection: str) -> Callable[[Any], Any]:
    """Keeps a rule for when there is something of a collection to act on, so that most steps are no refusals."""
    return precondition(lambda machine: bool(machine.things(collection)))


def named(kind: str) -> st.SearchStrategy[str]:
    """A name for a thing of a kind, out of few, so that they meet again."""
    return st.runner().flatmap(lambda machine: st.sampled_from([machine.tenant.name(kind, one) for one in _NAMES]))
