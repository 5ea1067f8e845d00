"""Every recorded exchange of the original server, replayed against a running server of ours."""

from __future__ import annotations

import pytest
from additions import ADDITIONS, HEADERS, Addition
from deviation import Deviation
from deviations import DEVIATIONS
from exchanges import LEAN, SECOND_SEQUENCE, installed_drivers, load
from replay import Outcome

from recordings import GOLDEN

EXCHANGES = load(GOLDEN)
pytestmark = pytest.mark.skipif(
    not EXCHANGES, reason=f"no recorded exchanges at {GOLDEN} (DELTACLOUD_RECORDED names their parent)"
)


@pytest.mark.timeout(600)  # the first of them waits for the whole replay
@pytest.mark.parametrize("name", [exchange.name for exchange in EXCHANGES])
def test_is_answered_like_the_original_or_as_decided(name: str, outcomes: dict[str, Outcome]) -> None:
    outcome = outcomes[name]
    if outcome.verdict == "waiting":
        pytest.skip(f"waits for the driver {outcome.exchange.driver}")
    request = outcome.exchange.request
    found = "\n  ".join(outcome.differences)
    assert not outcome.differences, f"{request.method} {request.path}\n  {found}"


@pytest.mark.timeout(600)
@pytest.mark.parametrize("row", DEVIATIONS, ids=lambda row: row.exchanges[0])
def test_a_decided_difference_is_one(row: Deviation, outcomes: dict[str, Outcome]) -> None:
    concerned = [outcome for outcome in outcomes.values() if row in outcome.deviations]
    if not concerned and any(row.concerns(outcome.exchange.name) for outcome in outcomes.values()):
        pytest.skip("waits for a driver")
    assert concerned, "no recording matches"
    alike = [outcome.exchange.name for outcome in concerned if row in outcome.stale]
    assert not alike, "these are answered alike without this row"
    assert not row.idle_patterns(outcomes), "patterns that match nothing"


@pytest.mark.timeout(600)
@pytest.mark.parametrize("addition", ADDITIONS, ids=lambda addition: addition.where)
def test_an_addition_is_seen(addition: Addition, outcomes: dict[str, Outcome]) -> None:
    seen = any(addition in outcome.additions for outcome in outcomes.values())
    if not seen and not installed_drivers() >= {LEAN, SECOND_SEQUENCE}:
        pytest.skip("waits for the drivers of these tests")
    assert seen


@pytest.mark.timeout(600)
@pytest.mark.parametrize("header", HEADERS)
def test_an_additional_header_is_seen(header: str, outcomes: dict[str, Outcome]) -> None:
    assert any(_is_new(header, outcome) for outcome in outcomes.values())


def _is_new(header: str, outcome: Outcome) -> bool:
    recorded, ours = outcome.exchange.answer, outcome.answer
    return (
        ours is not None and ours.header(header) is not None and (recorded is None or recorded.header(header) is None)
    )
