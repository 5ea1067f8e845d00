"""XML and JSON documents as one kind of tree, so that both are compared by the same rules."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from lxml import etree

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"
Value: TypeAlias = str | int | float | bool | None

ITEM = "#"
"""The name of every item of a list."""
_KEYS = ("id", "name", "key", "kind", "action", "rel")


class NotADocument(Exception):
    """A text is no document of its kind."""


@dataclass(frozen=True, slots=True)
class Node:
    """An element, or a member of an object, or an item of a list.

    Attributes:
        name: The element's name; the member's; for an item the list's with ``#``.
        attributes: An element's attributes; an object's plain members.
        value: Text between the tags, as it is; a plain JSON value.
        children: Elements inside; members that are objects or lists; items.
        kind: What it is: ``element``, ``object``, ``list`` or ``value``.
    """

    name: str
    kind: str
    value: Value = None
    attributes: tuple[tuple[str, Value], ...] = ()
    children: tuple[Node, ...] = ()

    @property
    def label(self) -> str:
        """The name and what tells it from its neighbours: the id of a resource, the relation of a link."""
        attributes = dict(self.attributes)
        names = ("rel",) if self.name == "link" else _KEYS
        key = next((attributes[name] for name in names if attributes.get(name) is not None), None)
        if key is None and self.kind == "list" and self.name == ITEM and self.children:
            key = self.children[0].label
        return self.name if key is None else f"{self.name}[{key}]"

    def walk(self) -> Iterator[Node]:
        """This node and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()


def read_xml(body: bytes) -> Node:
    """The tree of an XML document.

    Raises:
        NotADocument: it is not well-formed.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, strip_cdata=True)
    try:
        return _element(etree.fromstring(body, parser))
    except etree.XMLSyntaxError as error:
        raise NotADocument(f"no well-formed XML: {error}") from error


def read_json(body: bytes) -> Node:
    """The tree of a JSON document.

    Raises:
        NotADocument: it is not JSON.
    """
    try:
        return _node("$", json.loads(body))
    except ValueError as error:
        raise NotADocument(f"no JSON: {error}") from error


def _element(element: etree._Element) -> Node:
    children = tuple(_element(child) for child in element)
    text = element.text or ""
    blank = not text.strip() and (children or "\n" in text)
    attributes = tuple((str(name), str(value)) for name, value in element.attrib.items())
    return Node(str(element.tag), "element", "" if blank else text, attributes, children)


def _node(name: str, value: Json) -> Node:
    if isinstance(value, dict):
        plain = {key: member for key, member in value.items() if not isinstance(member, dict | list)}
        deep = tuple(_node(key, member) for key, member in value.items() if isinstance(member, dict | list))
        return Node(name, "object", None, tuple(plain.items()), deep)
    if isinstance(value, list):
        return Node(name, "list", None, (), tuple(_node(ITEM, item) for item in value))
    return Node(name, "value", value)
