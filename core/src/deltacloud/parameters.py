"""What an operation can be told: one description for checks, forms, OPTIONS, the documentation and OpenAPI."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

ParameterType: TypeAlias = Literal["string", "integer", "number", "boolean", "base64", "file", "array", "object"]
"""What a value is, and is in ``context.extra``: a number, a truth value, bytes for ``base64``, else text."""
ParameterLocation: TypeAlias = Literal["path", "form", "query", "header"]
"""Where a parameter travels."""


class Parameter(msgspec.Struct, frozen=True, kw_only=True):
    """One parameter of an operation.

    Attributes:
        name: The name on the wire. A name that ends in ``*`` stands for every name with that beginning.
        operation: ``collection.operation``, such as ``instances.create``; only for parameters of a driver's own.
        type: What the value is. Values that do not fit are refused before the driver is asked.
        required: Whether the name must be present (an empty value counts, as it always did).
        values: The values allowed; empty for any.
        minimum: The smallest number allowed.
        maximum: The largest number allowed.
        max_length: The most characters allowed.
        help: One sentence for people, shown in forms and documentation.
        secret: Never logged, echoed or shown; in ``context.extra`` it is a :class:`~deltacloud.secret.Secret`.
        location: Where it travels: in the path, in the query string or the body (``form``), in the query string only,
            or in a header.
        indexed: A numbered family, ``name1``, ``name2``, ...; an array in JSON bodies.
    """

    name: str
    operation: str = ""
    type: ParameterType = "string"
    required: bool = False
    values: tuple[str, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    max_length: int | None = None
    help: str = ""
    secret: bool = False
    location: ParameterLocation = "form"
    indexed: bool = False

    def matches(self, name: str) -> bool:
        """Whether a parameter called ``name`` is this one."""
        if self.name.endswith("*"):
            return name.startswith(self.name[:-1])
        return name == self.name
