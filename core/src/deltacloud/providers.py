"""Providers: which region or installation of a cloud a request means."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from deltacloud.errors import InvalidRequest
from deltacloud.models import Provider


@dataclass(frozen=True, slots=True)
class ParsedProvider:
    """The provider of one request.

    Attributes:
        text: What it is called from here on: the canonical name, or the endpoint as it was sent; None if none was.
        name: The canonical name, when it is one of the driver's ``names``.
        endpoints: Role (``ec2``, ``s3``, ``identity``, ...) to URL, as the guard rebuilt it.
        options: Further parts of an endpoint text, by key; opaque to the core.
    """

    text: str | None = None
    name: str | None = None
    endpoints: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Providers that are endpoints: how to read one, what one looks like, and what to say to who sends another thing.

    ``parse`` gets the text and returns a :class:`ParsedProvider`; it raises ``ValueError`` for what it cannot read. The
    URLs in its result then pass the guard's grammar.
    """

    parse: Callable[[str], ParsedProvider]
    example: str
    error: str


@dataclass(frozen=True, slots=True)
class Providers:
    """The providers of a driver; any part may be missing.

    Attributes:
        names: The known ones, in the order shown. Plain strings are ids.
        pattern: A regular expression for names that are too many to list, matched whole.
        endpoints: Providers that are endpoints of an installation.
        default: The provider of requests that name none; None leaves the choice to the driver.
        required: Whether a request without a provider is refused.
    """

    names: tuple[Provider | str, ...] = ()
    pattern: str | None = None
    endpoints: Endpoints | None = None
    default: str | None = None
    required: bool = False
    _known: Mapping[str, Provider] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        known = {}
        for provider in self.listed:
            for name in (provider.id, provider.value or provider.id, *provider.aliases):
                known[name.lower()] = provider
        object.__setattr__(self, "_known", known)

    @property
    def listed(self) -> tuple[Provider, ...]:
        """``names`` as models."""
        return tuple(Provider(id=one) if isinstance(one, str) else one for one in self.names)

    def resolve(self, text: str | None) -> ParsedProvider:
        """The provider that a request means.

        Args:
            text: What the request (or the server's setting) names; None for nothing.

        Raises:
            InvalidRequest: it names none of the driver's, or none where one is required.
        """
        wanted = text or self.default
        if wanted is None:
            if self.required:
                raise InvalidRequest(f"A provider is required. {self._hint()}", "provider")
            return ParsedProvider()
        provider = self._known.get(wanted.lower())
        if provider is not None:
            return ParsedProvider(text=provider.value or provider.id, name=provider.id)
        if self.pattern is not None and re.fullmatch(self.pattern, wanted, re.IGNORECASE):
            return ParsedProvider(text=wanted.lower(), name=wanted.lower())
        if self.endpoints is not None:
            try:
                return self.endpoints.parse(wanted)
            except ValueError:
                raise InvalidRequest(f"{self.endpoints.error} Example: {self.endpoints.example}", "provider") from None
        raise InvalidRequest(f"Unknown provider. {self._hint()}", "provider")

    def _hint(self) -> str:
        if self.names:
            return f"Known providers: {', '.join(provider.id for provider in self.listed)}."
        if self.endpoints is not None:
            return f"Example: {self.endpoints.example}"
        return f"Provider names match {self.pattern}."
