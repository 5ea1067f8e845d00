"""The life of an instance: what its state offers, where actions lead, and how to get from one state to another."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from deltacloud.errors import NotFound
from deltacloud.models import Instance
from deltacloud.states import StateMachine
from deltacloud.testing.check import Broken, NotChecked
from deltacloud.testing.resources import RESOURCES, Resource

if TYPE_CHECKING:
    from deltacloud.testing.caller import Caller
    from deltacloud.testing.run import Run

ACTIONS = ("start", "stop", "reboot", "destroy")
FIRST = "start"
"""The state in which an instance is not there yet."""
GONE = "finish"
"""The state of an instance that is not there any more."""


def state_of(instance: Instance | None) -> str:
    """The state by its name in the table of transitions."""
    return GONE if instance is None else (instance.state or "").lower()


def offered(states: StateMachine | None, instance: Instance) -> tuple[str, ...]:
    """What may be done to an instance now."""
    if instance.actions is not None:
        return instance.actions
    return () if states is None else states.actions(instance.state)


def by_itself(states: StateMachine, origins: Iterable[str]) -> frozenset[str]:
    """The states that can be seen from these on while nobody does anything; they are among them."""
    seen = set(origins)
    waiting = list(seen)
    while waiting:
        for row in states.leaving(waiting.pop()):
            if row.action is None and row.target not in seen:
                seen.add(row.target)
                waiting.append(row.target)
    return frozenset(seen)


def after(states: StateMachine, state: str, action: str) -> frozenset[str]:
    """The states that can be seen once an action has been taken.

    What is made leaves the first state, if not by the action ``create`` then by itself.
    """
    actions = {action, None} if state == FIRST else {action}
    return by_itself(states, (row.target for row in states.leaving(state) if row.action in actions))


def settled(states: StateMachine, state: str) -> bool:
    """Whether the state lasts until somebody does something.

    Where something can be done, that an instance may also fail or vanish by itself is no passing on.
    """
    leaving = states.leaving(state)
    ends = {GONE, "error"} if any(row.action is not None for row in leaving) else set()
    return all(row.action is not None or row.target in ends for row in leaving)


def lasting(run: Run, who: Caller, made: Instance) -> Instance:
    """A new instance once its state lasts: until then the cloud may refuse what others want of it.

    Raises:
        Broken: it does not come to that in time.
    """
    states = run.driver.states
    if states is None:
        return made

    def look() -> Instance | None:
        seen = read(who, made.id)
        return seen if seen is not None and settled(states, state_of(seen)) else None

    return run.wait(look, f"left instance {made.id} in a state that should pass by itself")


def at_rest(run: Run, resource: Resource) -> list[Any]:
    """A whole list, once no instance in it is on its way to another state, so that two readings can be compared."""
    states = run.driver.states
    if resource.collection != "instances" or states is None:
        return run.main.items(resource)

    def look() -> list[Any] | None:
        items = run.main.items(resource)
        return items if all(settled(states, state_of(one)) for one in items) else None

    return run.wait(look, "left an instance in a state that should pass by itself")


def way(states: StateMachine, state: str, action: str) -> tuple[str, ...] | None:
    """The fewest actions that lead from a state to one that offers ``action``, and then that; None if none do."""
    waiting: deque[tuple[str, tuple[str, ...]]] = deque([(state, ())])
    seen = {state}
    while waiting:
        here, taken = waiting.popleft()
        if action in states.actions(here):
            return (*taken, action)
        for row in states.leaving(here):
            if row.target not in seen:
                seen.add(row.target)
                waiting.append((row.target, taken if row.action is None else (*taken, row.action)))
    return None


def read(who: Caller, identifier: str) -> Instance | None:
    """An instance as it is now; None once it is gone."""
    try:
        instance: Instance = who.find(RESOURCES["instances"], identifier)
    except NotFound:
        return None
    return None if state_of(instance) == GONE else instance


def act(who: Caller, instance: Instance, action: str) -> Any:  # noqa: ANN401 - what the hook returns
    """Take an action, as the gateway does it with an instance that it has just read."""
    return who.call(f"{action}_instance", instance=instance)


def bring(run: Run, who: Caller, identifier: str, action: str) -> Instance:
    """Bring an instance into a state that offers an action.

    Raises:
        NotFound: it is gone.
        NotChecked: the declared transitions do not lead there.
    """

    def look() -> Instance | None:
        instance = read(who, identifier)
        if instance is None:
            raise NotFound
        if action in offered(states, instance):
            return instance
        step(instance)
        return None

    def step(instance: Instance) -> None:
        taken = None if states is None else way(states, state_of(instance), action)
        if states is not None and taken is None and settled(states, state_of(instance)):
            raise NotChecked(f"no transition leads from {instance.state} to one that offers {action}")
        if taken is not None and taken[0] in offered(states, instance) and run.has(f"{taken[0]}_instance"):
            act(who, instance, taken[0])

    states = run.driver.states
    return run.wait(look, f"let instance {identifier} come to no state that offers {action}")


def imageable(who: Caller, instance: Instance) -> bool:
    """Whether an instance shows, now, that an image can be made of it."""
    seen = read(who, instance.id)
    return seen is not None and seen.create_image


def stopped_for_image(run: Run, who: Caller, identifier: str) -> Instance:
    """Stop an instance, so that an image can be made of it.

    Raises:
        NotChecked: it cannot be stopped, or does not show that one can be made of it then either.
    """
    if not run.has("stop_instance"):
        raise NotChecked("no instance has create_image, and the driver cannot stop one")
    instance = bring(run, who, identifier, "stop")
    act(who, instance, "stop")
    seen = reach(run, who, identifier, state_of(instance), "stop")
    if seen is None or not seen.create_image:
        raise NotChecked("no instance has create_image, be it stopped or not")
    return seen


def reach(run: Run, who: Caller, identifier: str, origin: str, action: str) -> Instance | None:
    """Wait until an instance shows what an action does, and on until its state lasts.

    Until the cloud shows anything the old state may be seen; after that, only states that the declared transitions lead
    to, those that pass by themselves left out at will.

    Raises:
        Broken: another state is seen, or none of these in time.
    """
    states = run.driver.states
    if states is None:
        return read(who, identifier)
    awaited = after(states, origin, action)
    shown = origin

    def look() -> tuple[Instance | None] | None:
        nonlocal shown
        instance = read(who, identifier)
        seen = state_of(instance)
        begun = shown != origin or origin in awaited
        allowed = by_itself(states, [shown]) if shown != origin else awaited
        if seen not in allowed and (begun or seen != origin):
            passed = "" if shown == origin else f" through {shown}"
            raise Broken(f"{action}_instance led from {origin}{passed} to {seen}, which is not declared")
        if seen in allowed:
            shown = seen
        return (instance,) if seen in awaited and settled(states, seen) else None

    return run.wait(look, f"left the instance {shown} when {action}_instance was called in state {origin}")[0]
