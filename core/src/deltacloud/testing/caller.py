"""One account that calls one driver, as the gateway does it."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from deltacloud.context import Context, Credentials, Deadline
from deltacloud.errors import DeltacloudError, NotFound
from deltacloud.inputs import Filters
from deltacloud.kernel import DriverCall, Kernel, Lister, LoadedDriver, reads
from deltacloud.models import Model
from deltacloud.providers import ParsedProvider
from deltacloud.redaction import RequestLogger
from deltacloud.secret import Secret
from deltacloud.testing.backend import Backend, Login
from deltacloud.testing.resources import RESOURCES, Resource

_log = logging.getLogger("deltacloud.driver")
_OPERATIONS = {
    hook: f"{one.collection}.{operation}"
    for one in RESOURCES.values()
    for hook, operation in (
        (one.list_hook, "index"),
        (one.get_hook, "show"),
        (one.create_hook, "create"),
        (one.destroy_hook, "destroy"),
    )
}


def credentials_of(login: Login) -> Credentials:
    """A login as the core hands it to drivers."""
    token = Secret(login[2]) if len(login) == 3 else None  # noqa: PLR2004 - user, password and token
    return Credentials(login[0], Secret(login[1]), token)


class Place:
    """A driver that is set up in one way: its kernel, and the provider that calls name.

    Args:
        kernel: The kernel that loads it.
        backend: What the author says.
        provider: The provider's text.
    """

    def __init__(self, kernel: Kernel, backend: Backend, provider: str | None) -> None:
        self.kernel = kernel
        self.backend = backend
        self.driver: LoadedDriver = kernel.drivers.get(backend.driver)
        self.text = provider
        self.provider: ParsedProvider = self.driver.provider(provider)


class Caller:
    """Calls hooks of a driver.

    Args:
        place: The driver.
        login: Whose credentials the calls carry; None for none.
        seconds: How long each call may take; the backend's own time if None.
    """

    def __init__(self, place: Place, login: Login | None, seconds: float | None = None) -> None:
        self.place = place
        self.driver = place.driver
        self.login = login
        self._credentials = None if login is None else credentials_of(login)
        self._seconds = place.backend.seconds if seconds is None else seconds
        self.lister = Lister(self.driver, self._invoke)

    def call(self, hook: str, **arguments: object) -> Any:  # noqa: ANN401 - each hook has a type of its own
        """Call a hook.

        Raises:
            DeltacloudError: what the driver raised, or what its exception means.
        """
        try:
            return self._invoke(hook, arguments)
        except DeltacloudError as error:
            error.add_note(hook)  # so that a report can say what was called
            raise

    def items(self, resource: Resource, filters: Filters | None = None) -> list[Any]:
        """A whole list."""
        return list(self.lister.whole(resource.list_hook, filters or Filters()))

    def find(self, resource: Resource, identifier: str) -> Any:  # noqa: ANN401 - each collection has a model of its own
        """One member, by the driver's own hook, else out of its list.

        Raises:
            NotFound: there is none of that id.
        """
        if resource.get_hook in self.driver.hooks:
            return self.call(resource.get_hook, **{resource.argument: identifier})
        return self.lister.find(resource.list_hook, identifier)

    def found(self, resource: Resource, identifier: str) -> Model | None:
        """The same; None if there is none of that id."""
        try:
            item: Model = self.find(resource, identifier)
        except NotFound:
            return None
        return item

    def context(self, hook: str) -> Context:
        """The context of one call of a hook."""
        return Context(
            self.driver.way_out,
            credentials=self._credentials,
            provider=self.place.provider,
            deadline=Deadline(self._seconds),
            reading=reads(hook),
            extra=self._extra(hook),
            request_id="contract",
            log=RequestLogger(_log, "contract", self._credentials),
            local=True,
        )

    def _invoke(self, hook: str, arguments: dict[str, object]) -> Any:  # noqa: ANN401 - each hook has a type of its own
        return self.place.kernel.call(DriverCall(self.driver, hook, self.context(hook), arguments))

    def _extra(self, hook: str) -> Mapping[str, object]:
        return self.place.backend.extra.get(_OPERATIONS.get(hook, ""), {})


def ids_of(items: Iterable[Model]) -> list[str]:
    """The ids of some models, in their order."""
    return [item.id for item in items]


def raised_by(function: Callable[[], object]) -> Exception | None:
    """The exception that a call ends with; a lazy result is read to its end. None if all went well."""
    try:
        result = function()
        if hasattr(result, "__iter__"):
            list(result)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is judged
        return error
    return None


def said(error: Exception | None) -> str:
    """How a call ended, in the words of a report."""
    return "nothing" if error is None else f"{type(error).__name__} ({error})"


@contextmanager
def restless() -> Iterator[None]:
    """Threads take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        yield
    finally:
        sys.setswitchinterval(before)
