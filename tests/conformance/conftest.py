"""The replay of the recorded exchanges: once a run, for all tests that ask what became of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from conformance_table import table
from exchanges import installed_drivers, load
from replay import Outcome, replay

from gateway import Deltacloudd
from recordings import GOLDEN

_OUTCOMES = pytest.StashKey[list[Outcome]]()
ENVIRONMENT = {"HOSTNAME": "localhost", "PATH": ""}
"""The recordings were made on a machine of this name, which stands in the realm of challenges; it had no Graphviz."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the options of this suite; they exist when its folder is named on the command line."""
    group = parser.getgroup("conformance")
    group.addoption("--conformance-report", metavar="PATH", help="write the conformance table to a file")
    group.addoption("--update-examples", action="store_true", help="write our answers anew into examples/")


@pytest.fixture(scope="session")
def start(deltacloudd: Deltacloudd) -> Callable[[], int]:
    """Starts a server as the recordings want it, and returns its port."""
    return lambda: deltacloudd(environment=ENVIRONMENT).port


@pytest.fixture(scope="session")
def outcomes(request: pytest.FixtureRequest, start: Callable[[], int]) -> dict[str, Outcome]:
    """What became of every recorded exchange, by its name."""
    found = replay(start, load(GOLDEN), installed_drivers())
    request.config.stash[_OUTCOMES] = found
    return {outcome.exchange.name: outcome for outcome in found}


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Shows the conformance table, and writes it where ``--conformance-report`` says."""
    if not GOLDEN.is_dir():
        terminalreporter.section("conformance: NOT TESTED", red=True)
        terminalreporter.line(f"no recorded exchanges at {GOLDEN}; DELTACLOUD_RECORDED names their parent")
        return
    found = config.stash.get(_OUTCOMES, None)
    if found is None:
        return
    text = table(found)
    terminalreporter.section("conformance")
    terminalreporter.line(text)
    path = config.getoption("--conformance-report", default=None)
    if path:
        Path(path).write_text(text, encoding="utf-8")
