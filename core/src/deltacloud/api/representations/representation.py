"""How one kind of model is represented: the documents of a collection in XML and JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from typing import Generic, TypeAlias, TypeVar

from deltacloud.api.representations.encoding import encode
from deltacloud.api.representations.markup import DECLARATION
from deltacloud.api.representations.view import View
from deltacloud.models import Model

Item = TypeVar("Item", bound=Model)
ModelType = TypeVar("ModelType")

_BATCH = 50

XmlWriter: TypeAlias = Callable[[View, str], Callable[[ModelType], str]]
"""Makes the writer of one document: from a view and the indentation of the items to a function of an item."""
JsonWriter: TypeAlias = Callable[[View], Callable[[ModelType], object]]
"""The same for JSON; the function's results go to :func:`deltacloud.api.representations.encoding.encode`."""


@dataclass(frozen=True, slots=True)
class Representation(Generic[Item]):
    """The documents of one collection. Items are read in small batches, so a lazy list may give way in between.

    Attributes:
        collection: The collection's name, which is the name of a list's root.
        singular: The name of an item's element, and of the member that wraps it in JSON.
        xml: Writes an item.
        json: Builds an item.
        listed_xml: Writes an item of a list, where that differs.
        listed_json: Builds an item of a list, where that differs.
        created_xml: Writes an item in the answer to its creation, where that differs.
        order: The order of lists in XML and HTML, where the contract fixes one; JSON keeps the driver's.
    """

    collection: str
    singular: str
    xml: XmlWriter[Item]
    json: JsonWriter[Item]
    listed_xml: XmlWriter[Item] | None = None
    listed_json: JsonWriter[Item] | None = None
    created_xml: XmlWriter[Item] | None = None
    order: Callable[[Item], tuple[float, float]] | None = None

    def xml_list(self, view: View, items: Iterable[Item]) -> bytes:
        """The document of a list in XML."""
        write = (self.listed_xml or self.xml)(view, "  ")
        document = BytesIO()
        document.write(f"{DECLARATION}<{self.collection}>\n".encode())
        for batch in batches(items):
            document.write("".join([write(item) for item in batch]).encode())
        document.write(f"</{self.collection}>\n".encode())
        return document.getvalue()

    def xml_item(self, view: View, item: Item) -> bytes:
        """The document of one item in XML."""
        return (DECLARATION + self.xml(view, "")(item)).encode()

    def xml_created(self, view: View, item: Item) -> bytes:
        """The document of an item that was just created, in XML."""
        return (DECLARATION + (self.created_xml or self.xml)(view, "")(item)).encode()

    def json_list(self, view: View, items: Iterable[Item]) -> bytes:
        """The document of a list in JSON."""
        build = (self.listed_json or self.json)(view)
        document = BytesIO()
        document.write(f'{{"{self.collection}":['.encode())
        separator = b""
        for batch in batches(items):
            document.write(separator)
            document.write(encode([build(item) for item in batch])[1:-1])
            separator = b","
        document.write(b"]}")
        return document.getvalue()

    def json_item(self, view: View, item: Item) -> bytes:
        """The document of one item in JSON, wrapped in an object with the singular name."""
        return encode({self.singular: self.json(view)(item)})

    def json_bare(self, view: View, item: Item) -> bytes:
        """The item alone in JSON, without the wrapper: the answer to starting, stopping and rebooting an instance."""
        return encode(self.json(view)(item))


def batches(items: Iterable[ModelType], size: int = _BATCH) -> Iterator[list[ModelType]]:
    """Items by the fifty: a thousand texts joined at once cost as much in fresh memory as in the writing."""
    remaining = iter(items)
    while batch := list(islice(remaining, size)):
        yield batch
