"""Operations are data.

A row says what an operation is called, where it is, what it needs, what it can be told, and how it answers. Routes,
checks, ``OPTIONS``, the documentation, the entry point, the HTML forms and the OpenAPI document come from these rows
and from nothing else. Adding an operation means adding a row, a hook specification and, if the shape is new, a
representation.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

from deltacloud import features
from deltacloud.parameters import Parameter

if TYPE_CHECKING:
    from deltacloud.api.answers import Answer
    from deltacloud.api.exchange import Exchange
    from deltacloud.kernel import LoadedDriver

Handler: TypeAlias = "Callable[[Exchange], Answer]"
Method: TypeAlias = Literal["GET", "POST", "PUT", "DELETE", "HEAD"]

DOCUMENTS = ("xml", "json", "html")
"""The formats of most operations."""
ANY = ("any",)
"""Not negotiated: the answer is a blob's content, or has no body."""
PAGE = ("page",)
"""An HTML page for whoever accepts any document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One row.

    Attributes:
        name: What it is called in its collection: ``index``, ``show``, ``create``, ``stop``, ...
        method: The HTTP method.
        path: The path below ``/api``, with fields in braces: ``/instances/{id}/stop``.
        handler: What answers.
        help: One sentence for people.
        needs: Capabilities (hooks mostly), one of which the driver must have; empty for none.
        expect: The word of the ``Expect`` header when it has none of them (412).
        parameters: What it can be told, besides the features and parameters of the driver.
        status: The status of success, for the documentation.
        formats: What it answers in.
        public: Whether a request without credentials gets as far as the driver.
        body: What the body is: parameters; a content, or a form with one, that the handler reads as it arrives; or
            nothing.
        action: Whether it stands under an item of the collection, as an action.
        form: The path of the page whose form posts to this operation, below ``/api``; empty for none.
        shape: What the document holds: ``list``, ``item``, ``bare`` (an item without its wrapper in JSON), ``none``
            or ``other``.
        headers: Headers of its own that come with success, by status, which may be another one than ``status``.
    """

    name: str
    method: Method
    path: str
    handler: Handler
    help: str
    needs: tuple[str, ...] = ()
    expect: str = ""
    parameters: tuple[Parameter, ...] = ()
    status: int = 200
    formats: tuple[str, ...] = DOCUMENTS
    public: bool = False
    body: Literal["parameters", "content", "form", "none"] = "parameters"
    action: bool = False
    form: str = ""
    shape: Literal["list", "item", "bare", "none", "other"] = "item"
    headers: tuple[tuple[int, tuple[str, ...]], ...] = ()

    def available(self, driver: LoadedDriver) -> bool:
        """Whether this driver can perform it."""
        return not self.needs or any(need in driver.capabilities for need in self.needs)

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields of the path, in order."""
        return tuple(part[1:-1] for part in self.path.split("/") if part.startswith("{"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """A collection and its operations.

    Attributes:
        name: In the plural, as in its path.
        singular: One member of it.
        title: What people call it.
        help: One sentence for people.
        operations: The rows.
        listed: Whether the entry point links to it.
        within: The collection whose members have this one inside them (blobs are in buckets, rules in firewalls).
    """

    name: str
    singular: str
    title: str
    help: str
    operations: tuple[Operation, ...]
    listed: bool = True
    within: str = ""
    _by_name: dict[str, Operation] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._by_name.update((operation.name, operation) for operation in self.operations)

    def operation(self, name: str) -> Operation | None:
        """The row of that name, or None."""
        return self._by_name.get(name)

    def available(self, driver: LoadedDriver) -> bool:
        """Whether this driver has it: exactly when the driver has what its first row, the index, needs."""
        return self.operations[0].available(driver)

    def declared(self, operation: Operation, driver: LoadedDriver) -> tuple[Parameter, ...]:
        """Everything that the operation can be told with this driver: features first, then the row, then its own."""
        own = tuple(one for one in driver.kind.parameters if one.operation == f"{self.name}.{operation.name}")
        return (*self.feature_parameters(operation.name, driver), *operation.parameters, *own)

    def feature_parameters(self, operation: str, driver: LoadedDriver) -> tuple[Parameter, ...]:
        """The parameters that the driver's features add to an operation."""
        return tuple(
            parameter
            for feature in driver.features.values()
            if feature.applies_to(self.name) and operation_of(feature, operation)
            for parameter in feature.limited
        )

    def understood(self, operation: Operation, driver: LoadedDriver) -> tuple[Parameter, ...]:
        """Everything that is checked and decoded: what any driver's features add as well, since clients may send it."""
        known = tuple(
            parameter
            for feature in ({**features.KNOWN, **driver.features}).values()
            if feature.applies_to(self.name) and operation_of(feature, operation.name)
            for parameter in feature.limited
        )
        own = tuple(one for one in driver.kind.parameters if one.operation == f"{self.name}.{operation.name}")
        return (*known, *operation.parameters, *own)


def operation_of(feature: features.Feature, operation: str) -> bool:
    """Whether the feature extends the operation; tags extend lists too, as filters."""
    return feature.operation == operation or (feature.name == "tags" and operation == "index")


ID = Parameter(name="id", location="path", required=True, help="Id of the resource")
LIMIT = Parameter(name="limit", type="integer", minimum=1, location="query", help="At most so many entries")
MARKER = Parameter(name="marker", location="query", help="Where the list goes on, out of a Link header")
ID_FILTER = Parameter(name="id", location="query", help="Only the entry of this id")
STATE_FILTER = Parameter(name="state", location="query", help="Only entries in this state")
ARCHITECTURE_FILTER = Parameter(name="architecture", location="query", help="Only entries of this architecture")
PAGING = (LIMIT, MARKER)


def text(name: str, help_text: str, *, required: bool = False, values: tuple[str, ...] = ()) -> Parameter:
    """A text parameter of a form."""
    return Parameter(name=name, help=help_text, required=required, values=values)


def number(name: str, help_text: str, *, required: bool = False, minimum: int | None = None) -> Parameter:
    """A whole number in a form."""
    return Parameter(name=name, type="integer", help=help_text, required=required, minimum=minimum)
