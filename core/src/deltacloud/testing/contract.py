"""The contract as a class of tests: what a driver's repository inherits from."""

from __future__ import annotations

import pytest

from deltacloud.testing.check import Check
from deltacloud.testing.checks import CHECKS
from deltacloud.testing.plugin import DRIVER, SWEEP, SWEPT, VERDICT
from deltacloud.testing.run import Run
from deltacloud.testing.runner import perform
from deltacloud.testing.sweeping import SWEEPING


class DriverContract:
    """Inherit from this, beside a fixture ``backend`` that returns a :class:`~deltacloud.testing.backend.Backend`.

    The fixture's scope is ``module`` (or ``session``): one run makes all checks.
    """

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """One test for each check; only the sweep where that is wanted."""
        if "contract_check" in metafunc.fixturenames:
            checks = (SWEEPING,) if metafunc.config.getoption(SWEEP) else CHECKS
            metafunc.parametrize("contract_check", checks, ids=[check.name for check in checks])

    def test_contract(self, contract_check: Check, contract_run: Run, request: pytest.FixtureRequest) -> None:
        """The driver keeps the contract."""
        outcome = perform(contract_run, contract_check)
        properties = request.node.user_properties
        properties.append((DRIVER, f"{contract_run.backend.driver} ({contract_run.profile.name})"))
        properties.append((VERDICT, outcome.verdict))
        properties += [(SWEPT, what) for what in contract_run.swept]
        if outcome.verdict == "failed":
            pytest.fail(outcome.message, pytrace=False)
        if outcome.verdict != "passed":
            pytest.skip(f"{outcome.verdict.upper()}: {outcome.detail}")
