"""What a collection is made of, read out of the hook specifications and the tables of operations."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import get_type_hints

from deltacloud.api.collections import BY_NAME
from deltacloud.hookspecs import ComputeSpec, StorageSpec
from deltacloud.kernel import HOOKS
from deltacloud.models import Model

_SPECS = (ComputeSpec, StorageSpec)
_NO_COLLECTION = frozenset({"list_blobs", "list_providers"})


@dataclass(frozen=True)
class Resource:
    """A collection: its names, its hooks and its model.

    Attributes:
        collection: ``storage_volumes``.
        singular: ``storage_volume``.
        argument: What hooks call an id: ``volume_id``.
        model: The class of its members.
    """

    collection: str
    singular: str
    argument: str
    model: type[Model]

    @property
    def list_hook(self) -> str:
        """``list_storage_volumes``."""
        return f"list_{self.collection}"

    @property
    def get_hook(self) -> str:
        """``get_storage_volume``."""
        return f"get_{self.singular}"

    @property
    def create_hook(self) -> str:
        """``create_storage_volume``."""
        return f"create_{self.singular}"

    @property
    def destroy_hook(self) -> str:
        """``destroy_storage_volume``."""
        return f"destroy_{self.singular}"

    @property
    def can_be_made(self) -> bool:
        """Whether the contract has a hook that makes one."""
        return self.create_hook in HOOKS

    @property
    def comes_with(self) -> str | None:
        """The collection whose members bring members of this one: metrics come with instances."""
        return "instances" if self.collection == "metrics" else None


def arguments_of(hook: str) -> tuple[str, ...]:
    """What a hook is told besides the context, in the order of its specification."""
    for spec in _SPECS:
        if hook in vars(spec):
            return tuple(inspect.signature(getattr(spec, hook)).parameters)[2:]
    raise LookupError(hook)


def _resource(collection: str) -> Resource:
    singular = BY_NAME[collection].singular
    hook = f"get_{singular}"
    (model,) = [get_type_hints(getattr(spec, hook))["return"] for spec in _SPECS if hook in vars(spec)]
    return Resource(collection, singular, arguments_of(hook)[0], model)


RESOURCES: dict[str, Resource] = {
    name: _resource(name)
    for hook in sorted(HOOKS - _NO_COLLECTION)
    if hook.startswith("list_")
    for name in [hook.removeprefix("list_")]
}
"""All collections of things with ids, by name."""
