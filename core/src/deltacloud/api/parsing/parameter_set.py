"""The parameters of a request, from wherever they came, as one set."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from deltacloud.api.parsing.uploads import UploadedFile
from deltacloud.errors import InvalidRequest
from deltacloud.models import Pairs
from deltacloud.parameters import Parameter

Field: TypeAlias = tuple[str, str | UploadedFile]
"""A field of a body: its name, and its text or the file that came as it."""


class ParameterSet:
    """Parameters by name. Where two sources have a name, the later one in this list of arguments has it alone.

    Args:
        query: Pairs of the query string.
        body: Fields of the body.
        link: Pairs that the links of this API carry in their path.
        path: Parameters that the route found in the path.
    """

    __slots__ = ("_values",)

    def __init__(
        self, query: Pairs = (), body: Iterable[Field] = (), link: Pairs = (), path: Iterable[tuple[str, str]] = ()
    ) -> None:
        self._values: dict[str, tuple[str | UploadedFile, ...]] = {}
        for source in (query, body, link, path):
            if source:
                self._values.update(_grouped(source))

    @property
    def names(self) -> tuple[str, ...]:
        """Every name once, in the order received."""
        return tuple(self._values)

    def get(self, name: str, default: str | None = None) -> str | None:
        """The text of a parameter, the last one of a repeated name; ``default`` if there is none, or it is a file."""
        value = self._values.get(name, (None,))[-1]
        return value if isinstance(value, str) else default

    def getall(self, name: str) -> tuple[str, ...]:
        """Every text of a repeated name, in the order received."""
        return tuple(value for value in self._values.get(name, ()) if isinstance(value, str))

    def file(self, name: str) -> UploadedFile | None:
        """The file that came as this parameter; None if none did, or it is a text."""
        value = self._values.get(name, (None,))[-1]
        return value if isinstance(value, UploadedFile) else None

    def require(self, name: str, declared: Iterable[Parameter]) -> None:
        """Check that a name is there; an empty value is enough.

        Raises:
            InvalidRequest: it is not. The message lists the names received, those that are declared: what else stands
                where a name should be may be a secret, as in a JSON object that is sent as a form.
        """
        if name not in self._values:
            known = tuple(declared)
            received = [one for one in self._values if any(parameter.matches(one) for parameter in known)]
            raise InvalidRequest(f"Required parameter '{name}' not found in [{','.join(received)}]", name)

    def close(self) -> None:
        """Let go of the files' temporary storage."""
        for values in self._values.values():
            for value in values:
                if isinstance(value, UploadedFile):
                    value.close()

    def __len__(self) -> int:
        return len(self._values)

    def __contains__(self, name: object) -> bool:
        return name in self._values

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __repr__(self) -> str:
        return f"ParameterSet({', '.join(self._values)})"


def _grouped(source: Iterable[Field]) -> Mapping[str, tuple[str | UploadedFile, ...]]:
    groups: dict[str, list[str | UploadedFile]] = {}
    for name, value in source:
        groups.setdefault(name, []).append(value)
    return {name: tuple(values) for name, values in groups.items()}
