"""What a driver is and declares.

A driver is one class. Its public methods are its hooks (:mod:`deltacloud.hookspecs`), found by their names; helpers
begin with an underscore. The smallest driver has a ``name``, a ``title``, ``contract = 1`` and one list hook::

    class TinyDriver(Driver):
        name, title, contract = "tiny", "Tiny Cloud", 1

        def list_instances(self, context):
            yield Instance(id="a", name="the only one", state="RUNNING")

The core makes one instance of the class in each worker process, at first use, and calls it from many requests at once:
nothing about a request may be kept on ``self``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, TypeVar, get_type_hints

import msgspec

from deltacloud.features import Feature
from deltacloud.models import HardwareProfile
from deltacloud.parameters import Parameter
from deltacloud.providers import Providers
from deltacloud.states import StateMachine


@dataclass(frozen=True, slots=True)
class CredentialFields:
    """What the two parts of HTTP Basic mean to this cloud, in its own words.

    Attributes:
        username: Label of the user part.
        password: Label of the password part.
        token: Label of a session token, where the cloud has them (header ``X-Deltacloud-Session-Token``).
        help: Where a person finds these.
        anonymous: Whether the cloud can be read without credentials (an explicit empty pair, ``curl -u :``).
    """

    username: str = "User name"
    password: str = "Password"  # noqa: S105 - a label
    token: str | None = None
    help: str = ""
    anonymous: bool = False


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """Settings of a driver, filled from its ``[drivers.NAME]`` table; subclass it to add some.

    Names are written with hyphens in the table. Annotate a field with :func:`from_environment` to let an environment
    variable fill it when the table does not.
    """

    ca_file: str | None = None
    """Certificates to verify the cloud's endpoints against, instead of the system's; a file in PEM form."""
    default_provider: str | None = None
    """The provider of requests that name none."""


def from_environment(variable: str) -> msgspec.Meta:
    """An annotation that lets the environment fill a field of settings.

    Example: ``data_directory: Annotated[str, from_environment("TINY_DATA")] = "/var/lib/tiny"``.
    """
    return msgspec.Meta(extra={"environment": variable})


SettingsType = TypeVar("SettingsType", bound=Settings)


def read_settings(
    kind: type[SettingsType], table: Mapping[str, object], environment: Mapping[str, str]
) -> SettingsType:
    """A driver's settings from its table and the environment; the table wins.

    Raises:
        ValueError: an unknown key or a value of the wrong type; the message names the key and never a value.
    """
    values: dict[str, object] = {}
    hints = get_type_hints(kind, include_extras=True)
    for field in msgspec.structs.fields(kind):
        variable = _environment_variable(hints[field.name])
        if variable is not None and variable in environment:
            values[field.encode_name] = environment[variable]
    values.update(table)
    try:
        return msgspec.convert(values, kind, strict=False)
    except msgspec.ValidationError as error:
        raise ValueError(str(error)) from None


def _environment_variable(hint: object) -> str | None:
    for meta in getattr(hint, "__metadata__", ()):
        if isinstance(meta, msgspec.Meta) and meta.extra and "environment" in meta.extra:
            return str(meta.extra["environment"])
    return None


class Driver:
    """Base of all drivers: declarations with their defaults. Everything but name, title and contract is optional."""

    name: ClassVar[str]
    """Its id, in lower case: what ``X-Deltacloud-Driver`` names, and the entry point's name."""
    title: ClassVar[str]
    """What people call the cloud."""
    contract: ClassVar[int]
    """The number of the contract that it was written for; this core speaks :data:`deltacloud.CONTRACT`."""
    credentials: ClassVar[CredentialFields | None] = CredentialFields()
    """What the caller's credentials are; None for a cloud that needs none."""
    providers: ClassVar[Providers | tuple[str, ...] | None] = None
    """Regions and installations. Without them any provider text is accepted, echoed and ignored."""
    hosts: ClassVar[tuple[str, ...]] = ()
    """Patterns of the cloud's own hosts (``*.example.com``), which callers reach without the operator's leave."""
    features: ClassVar[tuple[Feature, ...]] = ()
    """Optional parameters, out of :mod:`deltacloud.features`."""
    parameters: ClassVar[tuple[Parameter, ...]] = ()
    """Parameters of this driver's own; hooks find their values in ``context.extra``."""
    states: StateMachine | None = None
    """The life of an instance; on the class, or set in ``__init__``. Without it ``Instance.actions`` says all."""
    hardware_profiles: ClassVar[tuple[HardwareProfile, ...]] = ()
    """Sizes known without asking; they also answer when the hook of that name has no valid credentials."""
    settings: ClassVar[type[Settings]] = Settings
    """The type of its settings."""
    limitations: ClassVar[tuple[str, ...]] = ()
    """What is emulated or partial, one sentence each."""
    withdrawn: frozenset[str] = frozenset()
    """Inherited or configured-away hooks that this driver does not offer; on the class, or set in ``__init__``."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def close(self) -> None:
        """Let go of what the instance holds; called once, when the worker ends."""


__all__ = [
    "CredentialFields", "Driver", "Parameter", "Providers", "Settings", "StateMachine", "from_environment",
    "read_settings",
]  # fmt: skip
