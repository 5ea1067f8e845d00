"""The driver that keeps the contract, and how others that differ from it are registered."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import ClassVar, NamedTuple, TypeVar

from deltacloud.context import Context
from deltacloud.errors import (
    ProviderError,
)
from deltacloud.inputs import (
    NewInstance,
)
from deltacloud.models import (
    Instance,
)
from deltacloud_mock import MockDriver, MockSettings


class SoundSettings(MockSettings, frozen=True, kw_only=True):
    """The pretend cloud's, and one more."""

    lose: bool = False
    """Whether instances are made and their makers hear nothing of it."""


class Sound(MockDriver):
    """Keeps the contract: the pretend cloud, which also remembers what it was told."""

    name = "sound"
    settings = SoundSettings
    launched: ClassVar[dict[str, dict[str, object]]] = {}
    _settings: SoundSettings

    def create_instance(self, context: Context, new: NewInstance) -> Instance | tuple[Instance, ...]:
        made = super().create_instance(context, new)
        for instance in made if isinstance(made, tuple) else (made,):
            self.launched[instance.id] = {"user_data": new.user_data, "monitoring": new.monitoring}
        if self._settings.lose:
            raise ProviderError
        return made


class Mutation(NamedTuple):
    """A broken driver, the check that must find it, and those that fail as well."""

    kind: type[Sound]
    fails: str
    also: tuple[str, ...]


MUTATIONS: list[Mutation] = []
Kind = TypeVar("Kind", bound=type[Sound])


def mutation(fails: str, *also: str) -> Callable[[Kind], Kind]:
    """Registers a broken driver; a name may end in ``*``."""

    def register(kind: Kind) -> Kind:
        kind.name = "mutant" + re.sub(r"([A-Z])", r"-\1", kind.__name__).lower()
        MUTATIONS.append(Mutation(kind, fails, also))
        return kind

    return register
