"""What the XML and the JSON of an instance have in common: its actions as links, and the order of its overrides."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from deltacloud.api.representations.view import View
from deltacloud.models import Pairs

ID = "\0"
"""Stands for an instance's id in a fragment that many share: ``place.join(fragment.split(ID))`` puts it in."""

METHODS = {"start": "post", "stop": "post", "reboot": "post", "destroy": "delete"}
"""The actions that an instance can offer, and the HTTP method of each."""

Offer: TypeAlias = "str | tuple[str, ...] | None"
"""What tells the actions of an instance: those that its driver gave, or else its state."""

_PROPERTIES = ("memory", "storage", "architecture", "cpu")


class ActionLink(NamedTuple):
    """One link: what it does, with which method, and its URL below the base of the API."""

    rel: str
    method: str
    path: str


def action_links(view: View, offer: Offer, *, create_image: bool) -> list[ActionLink]:
    """The actions of every instance with this offer, in the order of the contract: its own, ``run``, ``create_image``.

    Args:
        view: The view of the document.
        offer: ``Instance.actions``, which is authoritative, or else ``Instance.state``: then the state machine says.
        create_image: Whether an image can be made of the instance.
    """
    actions = offer if isinstance(offer, tuple) else _declared(view, offer)
    links = [
        ActionLink(action, METHODS[action], f"/instances/{ID}" if action == "destroy" else f"/instances/{ID}/{action}")
        for action in actions
        if action in METHODS
    ]
    if "run_on_instance" in view.hooks:
        links.append(ActionLink("run", "post", f"/instances/{ID}/run;id={ID}"))
    if create_image:
        links.append(ActionLink("create_image", "post", f"/images;instance_id={ID}"))
    return links


def ordered(overrides: Pairs) -> Pairs:
    """The overrides of a hardware profile in the order shown: memory, storage, architecture, cpu, then others."""
    if len(overrides) < 2:  # noqa: PLR2004 - nothing to sort
        return overrides
    rank = {name: position for position, name in enumerate(_PROPERTIES)}
    return tuple(sorted(overrides, key=lambda pair: rank.get(pair[0], len(rank))))


def _declared(view: View, state: str | None) -> tuple[str, ...]:
    declared = () if view.states is None else view.states.actions(state)
    return tuple(action for action in declared if f"{action}_instance" in view.hooks)
