"""The kit reads a table of transitions as the core's documents do."""

from __future__ import annotations

import pytest

from deltacloud.states import StateMachine
from deltacloud.testing.life import after

BY_CREATE = StateMachine(("start", "create", "pending"), ("pending", None, "running"), ("running", "stop", "stopped"))
BY_ITSELF = StateMachine(("start", None, "pending"), ("pending", None, "running"), ("running", "stop", "stopped"))


@pytest.mark.parametrize("states", [BY_CREATE, BY_ITSELF], ids=["by create", "by itself"])
def test_what_is_made_leaves_the_first_state_by_create_or_by_itself(states: StateMachine) -> None:
    assert after(states, "start", "create") == {"pending", "running"}
    assert after(states, "running", "stop") == {"stopped"}
    assert after(states, "pending", "stop") == set()
