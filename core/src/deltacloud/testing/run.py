"""One run of the kit against one backend: who calls, what was made, and what is left to be removed."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from ipaddress import ip_network
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeAlias, TypeVar

from deltacloud.errors import Conflict, DeltacloudError, NotFound
from deltacloud.kernel import Application, GatewaySettings, Kernel
from deltacloud.models import Instance, Model
from deltacloud.server.assembly import assemble
from deltacloud.testing.backend import Backend, Login, Variant
from deltacloud.testing.caller import Caller, Place
from deltacloud.testing.check import Broken, NotChecked
from deltacloud.testing.journal import Entry, Journal
from deltacloud.testing.life import imageable, lasting, stopped_for_image
from deltacloud.testing.makers import new_input
from deltacloud.testing.profiles import Profile
from deltacloud.testing.removing import Made, remove
from deltacloud.testing.resources import RESOURCES, Resource

MARK = "dck"
"""What the names of all things begin with that the kit makes, in whatever run."""

Value = TypeVar("Value")
Fields: TypeAlias = Mapping[str, object]
NO_FIELDS: Fields = MappingProxyType({})


class Run:
    """One run.

    Args:
        backend: What the author says.
        profile: How thorough it is.
        journals: The folder where it writes down what it makes; None for nowhere.

    Attributes:
        prefix: What the names of everything begin with that this run makes.
        application: The gateway with the driver in it.
        driver: The driver.
        main: The usual caller.
        journals: The folder of the journals.
        swept: What a sweep has removed.
    """

    def __init__(self, backend: Backend, profile: Profile, journals: Path | None = None) -> None:
        self.backend = backend
        self.profile = profile
        self.journals = journals
        self.prefix = f"{MARK}{secrets.token_hex(4)}-"
        self.swept: list[str] = []
        self._journal = None if journals is None else Journal(journals, backend, self.prefix)
        self._count = self._subnets = 0
        service = assemble(self._settings(None))
        self.application: Application = service.application
        self._kernels: list[Kernel] = [service.kernel]
        self._here = Place(service.kernel, backend, backend.provider)
        self._elsewhere: list[tuple[Variant, Place]] = []
        self.driver = self._here.driver
        self.main = self.caller(backend.credentials)
        self._made: list[Made] = []
        self._standing: dict[tuple[str, Login | None], Any] = {}
        self._kept: list[Made] = []
        self._stuck: list[Made] = []
        self._reasons: list[str] = []

    # Who calls

    def caller(
        self, login: Login | None, *, variant: Variant | None = None, seconds: float | None = None, fresh: bool = False
    ) -> Caller:
        """Somebody who calls the driver.

        Args:
            login: With which credentials; None for none.
            variant: How the driver is set up, if not as usual.
            seconds: How long a call may take; the backend's own time if None.
            fresh: Whether the driver is loaded anew, so that it has kept nothing.
        """
        if fresh or variant is not None:
            return Caller(self._place(variant, fresh), login, seconds)
        return Caller(self._here, login, seconds)

    @property
    def other(self) -> Caller:
        """The other tenant.

        Raises:
            NotChecked: the backend has none.
        """
        return self.caller(self.need("other_credentials"))

    def need(self, attribute: str) -> Any:  # noqa: ANN401 - each attribute has a type of its own
        """What the author says of the backend.

        Raises:
            NotChecked: it was left out.
        """
        value = getattr(self.backend, attribute)
        if not value:
            raise NotChecked(f"the backend does not give `{attribute}`")
        return value

    @property
    def conflicts(self) -> tuple[type[DeltacloudError], ...]:
        """What the driver may say of a name that is taken and of a thing in use."""
        return (Conflict, self.backend.conflict)

    def has(self, *hooks: str) -> bool:
        """Whether the driver has all these hooks."""
        return set(hooks) <= self.driver.hooks

    # Making and removing

    def name(self, number: int | None = None) -> str:
        """A name of this run that no other thing has."""
        self._count += 1
        return self.backend.name(f"{self.prefix}{self._count if number is None else number}")

    def subnet_block(self) -> str:
        """A block of addresses that no other subnet of this run has: the backend's, then those behind it."""
        network, first = (ip_network(block) for block in self.backend.address_blocks)
        size = 1 << first.max_prefixlen - first.prefixlen
        block = ip_network((int(first.network_address) + self._subnets * size, first.prefixlen))
        self._subnets += 1
        if not int(block.broadcast_address) <= int(network.broadcast_address):
            raise NotChecked("the backend's `address_blocks` leave no room for one more subnet")
        return str(block)

    def make(self, resource: Resource, fields: Fields = NO_FIELDS, by: Caller | None = None) -> Any:  # noqa: ANN401 - each collection has a model of its own
        """Make a thing, which is removed when the check ends.

        Args:
            resource: What.
            fields: Fields of the hook's input that differ from the usual ones.
            by: Who makes it; the usual caller if None.
        """
        return self.make_all(resource, fields, by)[0]

    def make_all(self, resource: Resource, fields: Fields = NO_FIELDS, by: Caller | None = None) -> tuple[Any, ...]:
        """The same, for calls that may make several things at once."""
        who = by or self.main
        new = new_input(self, who, resource, fields)
        result = who.call(resource.create_hook, **({} if new is None else {"new": new}))
        made = result if isinstance(result, tuple) else (result,)
        for item in made:
            if not isinstance(item, Model):
                raise Broken(f"{resource.create_hook} returned {type(item).__name__}, which is no model")
            self._note(Made(who, resource, item.id))
        return made

    def standing(self, collection: str, by: Caller | None = None) -> Any:  # noqa: ANN401 - each collection has a model of its own
        """A thing that checks lean on and do not change; made once, and removed at the end of the run.

        Raises:
            NotChecked: the driver cannot make one, and none is there.
        """
        who = by or self.main
        key = (collection, who.login)
        if key not in self._standing:
            resource = RESOURCES[collection]
            if self.has(resource.create_hook):
                self._standing[key] = self._make_to_keep(resource, who)
            else:
                self._standing[key] = self.existing(resource, who)
        return self._standing[key]

    def imaged(self, by: Caller | None = None) -> Instance:
        """An instance that images can be made of, as its ``create_image`` says: stopped, where it has to be.

        Raises:
            NotChecked: no instance ever shows that.
        """
        who = by or self.main
        key = ("instances to make images of", who.login)
        if key not in self._standing:
            instance = self.standing("instances", who)
            if not imageable(who, instance):
                instance = stopped_for_image(self, who, self._make_to_keep(RESOURCES["instances"], who).id)
            self._standing[key] = instance
        found: Instance = self._standing[key]
        return found

    def existing(self, resource: Resource, by: Caller | None = None) -> Any:  # noqa: ANN401 - each collection has a model of its own
        """The first of what is there, made or not.

        Raises:
            NotChecked: nothing is.
        """
        if not self.has(resource.list_hook):
            raise NotChecked(f"the driver has no {resource.list_hook}")
        items = (by or self.main).items(resource)
        if not items:
            raise NotChecked(f"there are no {resource.collection}, and the driver cannot make one")
        return items[0]

    def present(self, resource: Resource) -> list[Any]:
        """What a collection has; where it has nothing, one thing that is made now.

        Raises:
            NotChecked: nothing is there, and the driver cannot make one.
        """
        brings = resource.comes_with
        if brings and self.has(RESOURCES[brings].create_hook):
            self.standing(brings)
        items = self.main.items(resource)
        if not items and resource.can_be_made and self.has(resource.create_hook, resource.destroy_hook):
            return [self.make(resource)]
        if not items:
            raise NotChecked(f"there are no {resource.collection}, and the driver cannot make one")
        return items

    def made_elsewhere(self, resource: Resource, identifier: str) -> None:
        """Have a thing removed that was not made by :meth:`make`."""
        self._note(Made(self.main, resource, identifier))

    def forget(self, identifier: str) -> None:
        """A thing is gone already."""
        for one in self._made:
            if one.identifier == identifier:
                self._gone(one)
        self._made = [one for one in self._made if one.identifier != identifier]

    def remove(self, resource: Resource, identifier: str, by: Caller | None = None) -> None:
        """Remove a thing now, with all that has to happen before."""
        remove(self, Made(by or self.main, resource, identifier))
        self.forget(identifier)

    @contextmanager
    def tidy(self) -> Iterator[None]:
        """Whatever is made within the block is removed after it."""
        before = self._made
        self._made = []
        try:
            yield
        finally:
            made, self._made = self._made, before
            self._clear(made)

    def discard(self, resource: Resource, identifier: str) -> None:
        """Remove a thing that nobody needs any more; what keeps it from going is told when the run ends."""
        self._clear([Made(self.main, resource, identifier)])
        self.forget(identifier)

    def close(self) -> list[str]:
        """Remove what is left, and let go of the drivers; returns what could not be removed, and why."""
        stuck, self._stuck = self._stuck, []
        self._clear([*self._kept, *self._made, *stuck])
        self._kept, self._made = [], []
        for kernel in self._kernels:
            kernel.close()
        return self._reasons

    def really(self, resource: Resource) -> set[str] | None:
        """The ids in a collection as the cloud itself has them; None if the author does not say."""
        found = None if self.backend.ids is None else self.backend.ids(resource.collection)
        return None if found is None else set(found)

    # Waiting

    def wait(self, look: Callable[[], Value | None], what: str) -> Value:
        """Look again until there is something to see.

        Args:
            look: Returns what was waited for, or None while it is not there.
            what: What the driver did not do, if it never comes: ``the key was still listed``.

        Raises:
            Broken: the backend's patience has ended.
        """
        end = time.monotonic() + self.backend.patience
        pause = 0.01
        while True:
            seen = look()
            if seen is not None:
                return seen
            if time.monotonic() >= end:
                raise Broken(f"{what}, {self.backend.patience:g} seconds after")
            time.sleep(min(pause, max(0.0, end - time.monotonic())))
            pause = min(pause * 2, 5.0)

    # Within

    def _note(self, made: Made) -> None:
        """Something was made, and is to be removed."""
        self._made.append(made)
        if self._journal is not None:
            self._journal.made(self._entry(made))

    def _gone(self, made: Made) -> None:
        if self._journal is not None:
            self._journal.gone(self._entry(made))

    def _entry(self, made: Made) -> Entry:
        tenant = "other_credentials" if made.who.login == self.backend.other_credentials else "credentials"
        return Entry(made.resource.collection, str(made.identifier), tenant)

    def _place(self, variant: Variant | None, fresh: bool) -> Place:
        """The driver as a variant has it; loaded once, unless it shall be fresh."""
        known = next((place for one, place in self._elsewhere if one is variant), None)
        if known is not None and not fresh:
            return known
        kernel = Kernel(self._settings(variant))
        self._kernels.append(kernel)
        other = None if variant is None else variant.provider
        place = Place(kernel, self.backend, other or self.backend.provider)
        if variant is not None:
            self._elsewhere.append((variant, place))
        return place

    def _settings(self, variant: Variant | None) -> GatewaySettings:
        backend = self.backend
        table = {**backend.settings, **({} if variant is None else variant.settings)}
        return GatewaySettings(driver=backend.driver, drivers={backend.driver: table}, timeout=backend.seconds)

    def _make_to_keep(self, resource: Resource, who: Caller) -> Any:  # noqa: ANN401 - each collection has a model of its own
        """A thing that outlives the check that needs it first."""
        others, self._made = self._made, []
        try:
            made = self.make(resource, by=who)
            return lasting(self, who, made) if resource.collection == "instances" else made
        finally:
            self._kept += self._made
            self._made = others

    def _clear(self, made: list[Made]) -> None:
        """Remove things, the last one first; those that stay are tried once more when the run ends."""
        self._reasons = []
        for one in reversed(made):
            try:
                with suppress(NotFound):
                    remove(self, one)
                self._gone(one)
            except (DeltacloudError, Broken, NotChecked) as error:
                self._stuck.append(one)
                self._reasons.append(f"{one.resource.collection} {one.identifier} ({type(error).__name__}: {error})")
