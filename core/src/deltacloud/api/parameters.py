"""The parameters of one request, checked against the rows and read by type."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from deltacloud.api.parsing import families, values
from deltacloud.api.parsing.parameter_set import ParameterSet
from deltacloud.inputs import FirewallSourceInput, HardwareOverrides
from deltacloud.models import Pairs
from deltacloud.parameters import Parameter
from deltacloud.secret import Secret

_NOTHING: Mapping[str, object] = MappingProxyType({})
_UNZIPPED_LIMIT = 64 * 1024 * 1024
_UNCHECKED = ("path", "header")


class Parameters:
    """What a request says, for handlers. Values are those that :meth:`check` converted.

    Attributes:
        extra: The driver's own parameters, for ``context.extra``.
        secrets: All that is declared as secret, for logs and error documents to leave out.
    """

    __slots__ = ("_received", "_values", "extra", "secrets")

    def __init__(self, received: ParameterSet | None = None) -> None:
        self._received = ParameterSet() if received is None else received
        self._values: dict[str, values.Value | None] = {}
        self.extra: Mapping[str, object] = _NOTHING
        self.secrets: tuple[Secret, ...] = ()

    def __repr__(self) -> str:
        return f"<Parameters {', '.join(self._received.names)}>"

    def check(self, declared: Iterable[Parameter]) -> None:
        """Check presence, types and bounds, and gather the driver's own parameters.

        Raises:
            InvalidRequest: a required one is missing, or a value does not fit. It names the parameter.
        """
        extra: dict[str, object] = {}
        declared = tuple(declared)
        self.secrets = tuple(self._secrets(declared))
        known = [one for one in declared if one.location not in _UNCHECKED and not one.indexed]
        for parameter in known:
            if parameter.required:
                self._received.require(parameter.name, declared)
        for parameter in known:
            for name in self._named(parameter):
                text = self._received.get(name)
                if text is None:
                    continue  # it came as a file
                value = values.convert(parameter, text)
                self._values[name] = value
                if parameter.operation:
                    extra[name] = Secret(text) if parameter.secret else value
        self.extra = MappingProxyType(extra) if extra else _NOTHING

    def _secrets(self, declared: Iterable[Parameter]) -> Iterator[Secret]:
        """The values of secret parameters, and those of base64 decoded as well."""
        for parameter in declared:
            for name in self._named(parameter) if parameter.secret else ():
                text = self._received.get(name) or ""
                yield Secret(text)
                if parameter.type == "base64":
                    yield Secret(values.loosely_decoded(text))

    def _named(self, parameter: Parameter) -> list[str]:
        if parameter.name.endswith("*"):
            return [name for name in self._received if parameter.matches(name)]
        return [parameter.name] if parameter.name in self._received else []

    @property
    def empty(self) -> bool:
        """Whether the request says nothing."""
        return not self._received

    @property
    def texts(self) -> dict[str, str]:
        """Every value that came as text, by its name, as it was sent: for a form that is shown once more."""
        return {name: text for name in self._received if (text := self._received.get(name)) is not None}

    # One value

    def text(self, name: str) -> str | None:
        """The text as it was sent, "" included; None if the name is absent. Enumerations in their declared form."""
        value = self._values.get(name)
        return value if isinstance(value, str) else self._received.get(name)

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a repeated name that is not empty."""
        return tuple(value for value in self._received.getall(name) if value)

    def integer(self, name: str) -> int | None:
        """A declared whole number; None if absent or empty."""
        value = self._values.get(name)
        return value if isinstance(value, int) else None

    def number(self, name: str) -> int | float | None:
        """A declared number; None if absent or empty."""
        value = self._values.get(name)
        return value if isinstance(value, int | float) else None

    def secret(self, name: str) -> Secret | None:
        """A value that must not be shown; None if absent or empty."""
        value = self._received.get(name)
        return Secret(value) if value else None

    def decoded(self, name: str) -> bytes | None:
        """A declared value in base64, or an uploaded part as it is; None if absent or empty."""
        uploaded = self._received.file(name)
        if uploaded is not None:
            return uploaded.read()
        value = self._values.get(name)
        return value if isinstance(value, bytes) else None

    def unzipped(self, name: str) -> bytes | None:
        """A gzipped value in base64, or a gzipped part; None if absent or empty.

        Raises:
            PayloadTooLarge: it is over the limit when unpacked.
        """
        packed = self.decoded(name)
        return values.gunzip(packed, _UNZIPPED_LIMIT, name) if packed else None

    # Families

    def hardware(self) -> HardwareOverrides:
        """The values of the hardware profile that the client set."""
        return families.hardware_overrides(self._received)

    def firewall_ids(self) -> tuple[str, ...]:
        """Ids of ``firewalls1``, ``firewalls2``, ..."""
        return families.firewall_ids(self._received)

    def user_files(self, *, text_is_base64: bool) -> tuple[tuple[str, bytes], ...]:
        """(path, contents) of ``pathN`` and ``contentN``."""
        return families.user_files(self._received, text_is_base64=text_is_base64)

    def firewall_sources(self) -> tuple[FirewallSourceInput, ...]:
        """Addresses and groups of a rule.

        Raises:
            InvalidRequest: there is none, or one is malformed.
        """
        return families.firewall_sources(self._received)

    def tags(self) -> Pairs:
        """(key, value) pairs of ``tag_KEY=VALUE``."""
        return families.tags(self._received)

    def metadata(self) -> Pairs:
        """(name, value) pairs of ``meta_nameN`` and ``meta_valueN``."""
        return families.form_metadata(self._received)

    def shown(self, declared: Iterable[Parameter]) -> Pairs:
        """Declared parameters that are no secret, for error documents and verbose access lines."""
        known = tuple(declared)
        secret = [one for one in known if one.secret]
        return tuple(
            (name, self._received.get(name) or "")
            for name in self._received
            if any(one.matches(name) for one in known) and not any(one.matches(name) for one in secret)
        )

    def close(self) -> None:
        """Let go of the files' temporary storage."""
        self._received.close()


NO_PARAMETERS = Parameters()
"""What an exchange has before its request's parameters are read."""
