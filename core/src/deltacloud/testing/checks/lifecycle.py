"""The life of instances, held against the declared transitions: by single actions, and by random sequences of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import ClassVar

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from deltacloud.errors import DeltacloudError
from deltacloud.models import Instance
from deltacloud.states import StateMachine
from deltacloud.testing.check import GUIDE, Broken, NotDeclared, check, expect
from deltacloud.testing.life import ACTIONS, act, after, bring, by_itself, offered, reach, read, settled, state_of
from deltacloud.testing.resources import RESOURCES
from deltacloud.testing.run import Run

_PAGE = (GUIDE, "Creating and acting")
_MAKING = ("list_instances", "create_instance")


def _states(run: Run) -> StateMachine:
    states = run.driver.states
    if states is None:
        raise NotDeclared("the driver declares no states, and says itself what each instance offers")
    return states


@check("instances.born", "a new instance is in a state that the declared transitions lead to", _PAGE, hooks=_MAKING)
def _born(run: Run) -> None:
    _settle(run, run.make(RESOURCES["instances"]))


def _settle(run: Run, instance: Instance) -> Instance:
    """See a new instance through the states that pass by themselves."""
    states = _states(run)
    allowed = after(states, "start", "create")
    expect(state_of(instance) in allowed, f"made an instance in state {instance.state}, which create does not lead to")

    def look() -> Instance | None:
        seen = read(run.main, instance.id)
        state = state_of(seen)
        expect(state in allowed, f"shows a new instance in state {state}, which create does not lead to")
        return seen if settled(states, state) else None

    return run.wait(look, "left a new instance in a state that should pass by itself")


def _acts(action: str, run: Run) -> None:
    """One action out of every state that offers it and that can be reached."""
    states = _states(run)
    if not any(row.action == action for row in states.transitions):
        raise NotDeclared(f"no state offers {action}")
    who = run.main
    instance = bring(run, who, run.make(RESOURCES["instances"]).id, action)
    origin = state_of(instance)
    result = act(who, instance, action)
    if action == "destroy":
        run.forget(instance.id)
        expect(result is None, "destroy_instance returned something")
    elif result is not None:
        expect(isinstance(result, Instance) and result.id == instance.id, f"{action}_instance returned {result!r:.80}")
        seen = state_of(result)
        allowed = after(states, origin, action) | {origin}
        expect(
            seen in allowed, f"{action}_instance of {origin} gave an instance in state {seen}, which is not declared"
        )
    reach(run, who, instance.id, origin, action)


for _action in ACTIONS:
    check(
        f"instances.action.{_action}",
        "an action leads where the declared transitions say",
        _PAGE,
        hooks=(*_MAKING, f"{_action}_instance"),
    )(partial(_acts, _action))


@check(
    "instances.offers", "a state offers the actions that the table gives it, and they are hooks", _PAGE, hooks=_MAKING
)
def _offers(run: Run) -> None:
    instance = run.make(RESOURCES["instances"])
    seen = read(run.main, instance.id) or instance
    for action in offered(run.driver.states, seen):
        expect(action in ACTIONS, f"offers {action}, which is no action")
        expect(run.has(f"{action}_instance"), f"offers {action}, and has no hook for it")


@check(
    "instances.lifecycle",
    "whatever is done in whatever order, only states are seen that the declared transitions lead to",
    _PAGE,
    hooks=_MAKING,
)
def _lifecycle(run: Run) -> None:
    _states(run)
    profile = run.profile
    fault: list[Broken] = []
    quiet = settings(
        max_examples=profile.examples,
        stateful_step_count=profile.steps,
        deadline=None,
        database=None,
        derandomize=True,
        report_multiple_bugs=False,
        phases=[Phase.generate],
        print_blob=False,
        suppress_health_check=list(HealthCheck),
    )
    life = type("Life", (Life,), {"run": run, "fault": fault})
    try:
        run_state_machine_as_test(life, settings=quiet)
    except BaseException:
        if fault:
            raise fault[0] from None
        raise


class Life(RuleBasedStateMachine):
    """One instance, from its creation on.

    Attributes:
        run: The run, set by a class made of this one.
        fault: What has gone wrong, once something has.
    """

    run: ClassVar[Run]
    fault: ClassVar[list[Broken]]

    def __init__(self) -> None:
        super().__init__()
        self.instance: Instance | None = None
        self.trail: list[str] = []

    @initialize()
    def create(self) -> None:
        """It begins."""
        self._step("create", lambda: _settle(self.run, self.run.make(RESOURCES["instances"])))

    @precondition(lambda self: bool(self._possible()))
    @rule(data=st.data())
    def act(self, data: st.DataObject) -> None:
        """One of the actions that its state offers."""
        instance = self.instance
        if instance is not None:
            action = data.draw(st.sampled_from(self._possible()))
            self._step(action, lambda: self._after(instance, action))

    @rule()
    def look(self) -> None:
        """Nothing is done, and so nothing changes but by itself."""
        instance = self.instance
        if instance is not None:
            self._step("look", lambda: self._looked(instance))

    def teardown(self) -> None:
        """It ends."""
        if self.instance is not None:
            self.run.discard(RESOURCES["instances"], self.instance.id)

    def _possible(self) -> list[str]:
        if self.instance is None:
            return []
        return [one for one in offered(_states(self.run), self.instance) if self.run.has(f"{one}_instance")]

    def _after(self, instance: Instance, action: str) -> Instance | None:
        act(self.run.main, instance, action)
        return reach(self.run, self.run.main, instance.id, state_of(instance), action)

    def _looked(self, instance: Instance) -> Instance | None:
        seen = read(self.run.main, instance.id)
        allowed = by_itself(_states(self.run), [state_of(instance)])
        expect(state_of(seen) in allowed, f"shows {state_of(seen)}, which nothing leads to")
        return seen

    def _step(self, what: str, step: Callable[[], Instance | None]) -> None:
        self.trail.append(what)
        try:
            self.instance = step()
        except (Broken, DeltacloudError) as error:
            self.fault[:] = [Broken(f"{error} (after {', '.join(self.trail)})")]
            raise
