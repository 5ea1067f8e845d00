"""What pytest loads in every run: an option, a letter for what a driver does not have, and the summary.

It imports nothing but pytest, and does nothing in runs without a contract.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _pytest.terminal import TerminalReporter

    from deltacloud.testing.backend import Backend
    from deltacloud.testing.run import Run

PROFILE = "contract_profile"
SWEEP = "contract_sweep"
DRIVER = "deltacloud-driver"
VERDICT = "deltacloud-verdict"
SWEPT = "deltacloud-swept"

_NOT_DECLARED = "not declared"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the options of contract runs."""
    group = parser.getgroup("deltacloud", "driver contract of Deltacloud")
    group.addoption(
        "--contract-profile",
        dest=PROFILE,
        choices=("quick", "full"),
        default="quick",
        help="How thoroughly drivers are checked against the contract: quick (the default) or full",
    )
    group.addoption(
        "--contract-sweep",
        dest=SWEEP,
        action="store_true",
        help="Check nothing: remove what contract runs have left that were broken off",
    )


@pytest.fixture(scope="class")
def contract_run(request: pytest.FixtureRequest, backend: Backend) -> Iterator[Run]:
    """One run of the contract against the backend; what it made is removed when its last check has ended."""
    from deltacloud.testing.profiles import PROFILES  # noqa: PLC0415 - light without a contract
    from deltacloud.testing.run import Run  # noqa: PLC0415

    cache: pytest.Cache | None = getattr(request.config, "cache", None)  # None with -p no:cacheprovider
    journals = None if cache is None else cache.mkdir("deltacloud-contract")
    run = Run(backend, PROFILES[str(request.config.getoption(PROFILE))], journals)
    yield run
    left = run.close()
    if left:
        pytest.fail(f"These could not be removed: {'; '.join(left)}", pytrace=False)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves nothing but the sweep, where that is wanted."""
    if config.getoption(SWEEP):
        others = [item for item in items if "contract_run" not in getattr(item, "fixturenames", ())]
        items[:] = [item for item in items if item not in others]
        config.hook.pytest_deselected(items=others)


def pytest_report_teststatus(report: pytest.TestReport) -> tuple[str, str, str] | None:
    """A check of what the driver does not have is neither passed nor skipped."""
    if report.when == "call" and report.skipped and _property(report, VERDICT) == _NOT_DECLARED:
        return _NOT_DECLARED, ",", "NOT DECLARED"
    return None


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """For each driver: how many checks passed, and by name which failed and which were not made, with the reason."""
    drivers: dict[str, dict[str, list[pytest.TestReport]]] = {}
    for reports in terminalreporter.stats.values():
        for report in reports:
            if (
                isinstance(report, pytest.TestReport)
                and report.when == "call"
                and (driver := _property(report, DRIVER))
            ):
                drivers.setdefault(driver, {}).setdefault(_property(report, VERDICT), []).append(report)
    for driver, verdicts in sorted(drivers.items()):
        terminalreporter.section(f"driver contract: {driver}")
        counts = {one: len(verdicts.get(one, ())) for one in ("passed", "failed", "not checked")}
        told = ", ".join(f"{count} {verdict}" for verdict, count in counts.items())
        missing = len(verdicts.get(_NOT_DECLARED, ()))
        terminalreporter.line(f"{told}; {missing} of what the driver does not have")
        for what in (
            value for reports in verdicts.values() for report in reports for value in _properties(report, SWEPT)
        ):
            terminalreporter.line(f"{'REMOVED':<12} {what}")
        for verdict in ("failed", "not checked"):
            for report in verdicts.get(verdict, ()):
                terminalreporter.line(f"{verdict.upper():<12} {_check(report)}{_reason(report)}")


def _check(report: pytest.TestReport) -> str:
    return report.nodeid.partition("[")[2].rstrip("]")


def _reason(report: pytest.TestReport) -> str:
    if isinstance(report.longrepr, tuple):
        return f": {report.longrepr[2].partition(': ')[2].partition(': ')[2]}"
    return ""


def _property(report: pytest.TestReport, name: str) -> str:
    return next(iter(_properties(report, name)), "")


def _properties(report: pytest.TestReport, name: str) -> list[str]:
    return [str(value) for key, value in report.user_properties if key == name]
