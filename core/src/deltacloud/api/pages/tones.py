"""How states look: what runs, what is on its way, what rests, and what has failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from deltacloud.states import StateMachine

_WELL = frozenset(
    [
        "running",
        "available",
        "active",
        "up",
        "completed",
        "ready",
        "online",
        "enabled",
        "attached",
        "in-use",
        "in_use",
        "healthy",
        "ok",
        "powered_on",
    ]
)
_BAD = frozenset(["error", "failed", "failure", "bad", "unavailable", "degraded", "lost", "ko", "unknown"])
_RESTING = frozenset(
    [
        "stopped",
        "off",
        "suspended",
        "paused",
        "down",
        "finish",
        "shelved",
        "disabled",
        "detached",
        "powered_off",
        "deleted",
    ]
)


def tone(state: object, machine: StateMachine | None = None) -> str:
    """The class of a state's badge: ``ok``, ``busy``, ``off``, ``bad``, or nothing for a word that says none of these.

    Args:
        state: The state's name, in any letter case.
        machine: The life of what has it, if that is declared: a state that ends by itself is busy.
    """
    word = str(state).lower()
    if changes(word, machine):
        return "busy"
    if word in _WELL:
        return "ok"
    if word in _BAD:
        return "bad"
    return "off" if word in _RESTING else ""


def changes(state: str, machine: StateMachine | None = None) -> bool:
    """Whether a state ends by itself: declared so, or a word such as ``creating``."""
    word = state.lower()
    if machine is not None and word in machine.states:
        return any(row.action is None for row in machine.leaving(word))
    return word == "pending" or (word.endswith("ing") and word not in _WELL)
