"""Which hooks the requests lead to, and what is wrong with what came of them when a hook met a fault."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from types import NoneType
from typing import get_type_hints

from cloudfaults.faults import WHOLE, Expected, Fault
from cloudfaults.sending import FORMATS, Asking, Outcome, send_all
from cloudfaults.tries import Try, tries
from cloudfaults.verdict import complaints
from deltacloud.hookspecs import ComputeSpec, StorageSpec
from deltacloud.kernel import reads
from wirecloud import WireCloud

DEADLINE = 2.0
"""Seconds that servers have whose deadline a test waits for."""
FIVE_TIMES = 5 * DEADLINE
_OF_RANGE = {"nonsense": Expected(416, word="range_not_satisfiable")}
"""The range that is asked for arrives before most downloads break off."""


@dataclass(frozen=True)
class Way:
    """A request, one of the hooks that it leads to, and the status that a sound cloud leads to."""

    what: Try
    hook: str
    success: int

    @property
    def reads(self) -> bool:
        """Whether the hook only reads."""
        return reads(self.hook)

    @property
    def returns(self) -> bool:
        """Whether the hook returns anything."""
        spec = ComputeSpec if self.hook in vars(ComputeSpec) else StorageSpec
        return get_type_hints(vars(spec)[self.hook])["return"] is not NoneType

    def expected(self, fault: Fault) -> Expected:
        """What becomes of it when the hook meets a fault."""
        expected = fault.expected(reads=self.reads, streams=self.hook == "read_blob", returns=self.returns)
        if self.what.name == "api.entry account":
            return Expected(WHOLE, expected.asked)  # it shows what is known without the cloud
        if self.what.name == "blobs.content range" and expected.status == WHOLE:
            return _OF_RANGE.get(fault.behaviour, Expected(WHOLE))
        return expected


@dataclass(frozen=True)
class Sent:
    """A request that goes one way, and what is expected of it."""

    way: Way
    asking: Asking
    expected: Expected


def every_hook() -> set[str]:
    """Every hook that asks a cloud something."""
    names = {name for spec in (ComputeSpec, StorageSpec) for name in vars(spec) if not name.startswith("_")}
    return names - {"translate_error"}


def find_ways(cloud: WireCloud, port: int) -> list[Way]:
    """All the ways, as a sound cloud shows them."""
    every = tries()
    # Each has a provider of its own, for what the entry point asks is kept for a while.
    askings = [Asking(one, cloud.url(f"ok,{number}"), FORMATS[1]) for number, one in enumerate(every)]
    outcomes = send_all(port, askings)
    records = cloud.records()
    ways = []
    for what, outcome in zip(every, outcomes, strict=True):
        assert WHOLE <= outcome.status < 400, (what, outcome)
        hooks = [record.hook for record in records if record.headers["x-wire-request"] == outcome.request_id]
        ways += [Way(what, hook, outcome.status) for hook in dict.fromkeys(hooks)]
    return ways


def met(ways: Sequence[Way], cloud: WireCloud, fault: Fault) -> list[Sent]:
    """A request for every way, in one format after the other, whose hook meets the fault."""
    return [
        Sent(way, Asking(way.what, cloud.url(f"on,{way.hook},{fault.behaviour}"), accept), way.expected(fault))
        for way, accept in zip(ways, FORMATS * len(ways), strict=False)
    ]


def judge(cloud: WireCloud, port: int, sent: Sequence[Sent]) -> list[str]:
    """Send them; everything that is wrong with what comes of them, and with which."""
    cloud.forget()
    outcomes = send_all(port, [one.asking for one in sent])
    asked = Counter((record.headers["x-wire-request"], record.hook) for record in cloud.records())
    return [
        f"{one.way.what.name} at {one.way.hook} ({one.asking.provider}): {wrong}"
        for one, outcome in zip(sent, outcomes, strict=True)
        for wrong in _wrong(one, outcome, asked[outcome.request_id, one.way.hook])
    ]


def _wrong(sent: Sent, outcome: Outcome, asked: int) -> list[str]:
    found = [*complaints(sent.asking, outcome, sent.expected, success=sent.way.success, asked=asked)]
    if outcome.seconds > FIVE_TIMES:
        found.append(f"it took {outcome.seconds:.1f} s")
    return found
