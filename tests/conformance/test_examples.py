"""Our server still answers as the examples of the contract say."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from carried import Carried
from comparator import Comparison
from contract_examples import Example, from_outcomes, load, save
from exchanges import Exchange, installed_drivers
from normaliser import versionless
from replay import Outcome
from wire import send

pytestmark = pytest.mark.thorough

EXAMPLES = load()
UPDATE = "--update-examples"


@pytest.fixture(scope="session")
def differences(start: Callable[[], int]) -> dict[str, list[str]]:
    """What is different from each example, by its name."""
    found = {}
    for _, sequence in itertools.groupby(EXAMPLES, key=lambda example: example.sequence):
        port, carried = start(), Carried()
        for example in sequence:
            if example.driver in installed_drivers():
                found[example.name] = _replayed(example, port, carried)
    return found


def _replayed(example: Example, port: int, carried: Carried) -> list[str]:
    request = carried.request(example.request)
    answer = versionless(send(port, request))
    exchange = Exchange(example.name, example.number, example.sequence, example.request, example.answer)
    wrong = carried.learn_instance(exchange, answer)
    carried.learn_ids(example.answer, answer)
    return [*wrong, *Comparison(carried, request, carried.answer(example.answer), answer, additions=()).run()]


@pytest.mark.timeout(600)  # the first of them waits for the whole replay
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_an_example_is_true(
    example: Example, differences: dict[str, list[str]], request: pytest.FixtureRequest
) -> None:
    if request.config.getoption(UPDATE, default=False):
        pytest.skip("the examples are being written anew")
    if example.name not in differences:
        pytest.skip(f"the driver {example.driver} is not installed")
    found = "\n  ".join(differences[example.name])
    assert not differences[example.name], f"{example.request.method} {example.request.path}\n  {found}"


@pytest.mark.timeout(600)
def test_there_are_examples_of_every_answer(request: pytest.FixtureRequest) -> None:
    if not request.config.getoption(UPDATE, default=False):
        assert EXAMPLES, f"no examples; {UPDATE} writes them"
        return
    outcomes: dict[str, Outcome] = request.getfixturevalue("outcomes")
    assert outcomes, "without recordings there is nothing to ask"
    different = [name for name, outcome in outcomes.items() if outcome.verdict == "different"]
    assert not different, "what is not explained becomes no example"
    save(from_outcomes(outcomes.values()))
