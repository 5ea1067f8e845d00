"""Extensions and front ends: what they are, and how the operator's list of them is loaded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, cast

import msgspec

from deltacloud.kernel.discovery import EXTENSIONS, FRONT_ENDS, Catalogue, Unloadable
from deltacloud.kernel.settings import GatewaySettings

if TYPE_CHECKING:
    from deltacloud.kernel import Kernel

StartResponse: TypeAlias = Callable[..., Any]
Application: TypeAlias = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]
"""A WSGI application."""


class FrontEnd(Protocol):
    """An HTTP front end; its entry point (group ``deltacloud.frontends``) is a class that is called without arguments.

    Attributes:
        name: What ``-f`` and the configuration call it.
        mount: Where it is served: one segment, such as ``/api``.
    """

    name: str
    mount: str

    def create(self, kernel: Kernel, settings: GatewaySettings) -> Application:
        """The WSGI application, called once in each worker process."""


def load_front_ends(settings: GatewaySettings) -> Sequence[FrontEnd]:
    """The front ends that the operator wants, in order.

    Raises:
        Unloadable: one is not installed or cannot be imported.
    """
    catalogue = Catalogue(FRONT_ENDS)
    return [cast("Callable[[], FrontEnd]", _named(catalogue, "front end", name))() for name in settings.front_ends]


def load_extensions(settings: GatewaySettings) -> list[object]:
    """The extensions that the operator lists, outermost first. Installed is not active.

    Raises:
        Unloadable: one is not installed, cannot be imported, or its table ``[extensions.NAME]`` is wrong.
    """
    if not settings.extensions:
        return []
    catalogue = Catalogue(EXTENSIONS)
    return [
        _extension(name, _named(catalogue, "extension", name), settings.extension_tables.get(name, {}))
        for name in settings.extensions
    ]


def _named(catalogue: Catalogue, what: str, name: str) -> object:
    if name not in catalogue:
        known = ", ".join(catalogue.names()) or "none"
        raise Unloadable(f"Unknown {what} ({name}). Valid values are '{known}'")
    return catalogue.load(name)


def _extension(name: str, loaded: object, table: Mapping[str, object]) -> object:
    """An extension is an object, or a class that is called with its settings if it declares a type for them."""
    if not isinstance(loaded, type):
        return loaded
    kind = getattr(loaded, "settings", None)
    if kind is None:
        return loaded()
    try:
        return loaded(msgspec.convert(dict(table), kind, strict=False))
    except msgspec.ValidationError as error:
        raise Unloadable(f"its settings [extensions.{name}] are wrong: {error}") from None
