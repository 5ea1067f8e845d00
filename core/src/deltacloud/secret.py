"""Text that must not be shown."""

from __future__ import annotations

from typing import NoReturn, final


@final
class Secret:
    """A password, token or private key.

    ``repr``, ``str`` and ``format`` show stars and pickling is refused, so that no log line, traceback or cache can
    hold the text by accident. :meth:`reveal` gives it, and is called at the point of use only.
    """

    __slots__ = ("__text",)

    def __init__(self, text: str) -> None:
        self.__text = text

    def reveal(self) -> str:
        """The text itself."""
        return self.__text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self.__text == other.__text

    def __hash__(self) -> int:
        return hash((Secret, self.__text))

    def __bool__(self) -> bool:
        return bool(self.__text)

    def __repr__(self) -> str:
        return "Secret('***')"

    def __str__(self) -> str:
        return "***"

    def __format__(self, spec: str) -> str:
        return format("***", spec)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret cannot be pickled")
