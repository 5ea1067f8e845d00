"""State machines of instances, declared as tables."""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

State: TypeAlias = Literal["start", "pending", "running", "stopping", "stopped", "finish", "error"]
"""The states of an instance; models spell them in capitals, and further words of the cloud's own offer no action."""
Action: TypeAlias = Literal["create", "start", "stop", "reboot", "destroy"]
"""What changes a state; ``create`` begins in ``start``, and the others are hooks such as ``stop_instance``."""


class Transition(NamedTuple):
    """A change of state: by an action, or by itself (``action`` is None)."""

    origin: State
    action: Action | None
    target: State


class StateMachine:
    """The life of an instance, as rows of (state, action or None, next state).

    Example::

        StateMachine(
            ("start", "create", "pending"),
            ("pending", None, "running"),
            ("running", "stop", "stopped"),
            ("stopped", "destroy", "finish"),
        )
    """

    __slots__ = ("_actions", "states", "transitions")

    def __init__(self, *rows: tuple[State, Action | None, State]) -> None:
        self.transitions: tuple[Transition, ...] = tuple(Transition(*row) for row in rows)
        origins = [row.origin for row in self.transitions]
        self.states: tuple[State, ...] = tuple(dict.fromkeys(origins + [row.target for row in self.transitions]))
        self._actions: dict[str, tuple[Action, ...]] = {
            state: tuple(dict.fromkeys(row.action for row in self.leaving(state) if row.action))
            for state in self.states
        }

    def leaving(self, state: str) -> tuple[Transition, ...]:
        """The transitions that start in ``state``, in the order of the table."""
        return tuple(row for row in self.transitions if row.origin == state)

    def actions(self, state: str | None) -> tuple[Action, ...]:
        """What may be done in ``state`` (any letter case); nothing for a state that the table does not know."""
        return self._actions.get((state or "").lower(), ())
