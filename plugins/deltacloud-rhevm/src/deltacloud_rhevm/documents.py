"""XML, both ways: parsed without anything that a document could make the parser do, written so that text survives."""

from __future__ import annotations

import re
from typing import NoReturn, TypeAlias
from xml.etree import ElementTree
from xml.parsers import expat

from deltacloud.errors import InvalidRequest, ProviderError

Element: TypeAlias = ElementTree.Element

_MOST = 2**21
"""Elements of the largest document; a thousand machines with disks and interfaces have about an eighth as many."""
_DEEPEST = 64
"""Levels of elements; the engine's documents have about ten."""
_WHOLE = re.compile("[0-9]{1,19}", re.ASCII)
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def parse(content: bytes) -> Element:
    """The root element of a document.

    Documents that declare a type are refused, and with it every entity but the five of XML itself: nothing is ever
    fetched or expanded.

    Raises:
        ProviderError: it is no XML, or not the engine's kind of it.
    """
    builder = ElementTree.TreeBuilder()
    depth = count = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, count
        depth, count = depth + 1, count + 1
        if depth > _DEEPEST or count > _MOST:
            _refuse()
        builder.start(name, attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(name)

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = lambda *_declared: _refuse()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = builder.data
    try:
        parser.Parse(content, True)  # noqa: FBT003 - it takes no names
    except (expat.ExpatError, LookupError, ValueError):
        _refuse()
    return builder.close()


def write(element: Element) -> bytes:
    """A document as the engine reads it; carriage returns are written so that its parser keeps them.

    Raises:
        InvalidRequest: a text has characters that no XML document can hold.
    """
    if any(_NOT_XML.search(text) for one in element.iter() for text in (one.text or "", *one.attrib.values())):
        raise InvalidRequest("The cloud takes text only, without control characters")
    written: bytes = ElementTree.tostring(element, encoding="utf-8")
    return written.replace(b"\r", b"&#13;")


def element(name: str, /, *children: Element | str, **attributes: str) -> Element:
    """An element with children, and perhaps a text."""
    made = ElementTree.Element(name, attributes)
    for child in children:
        if isinstance(child, str):
            made.text = child
        else:
            made.append(child)
    return made


def text(parent: Element, path: str) -> str | None:
    """The text at a path below an element; None if there is none, or only white space."""
    found = (parent.findtext(path) or "").strip()
    return found or None


def identifier(parent: Element, path: str) -> str | None:
    """The ``id`` of the element at a path below another; None if there is none."""
    found = parent.find(path)
    return None if found is None else found.get("id")


def number(parent: Element, path: str) -> int | None:
    """The whole number at a path below an element; None if there is none."""
    return whole(text(parent, path))


def whole(found: str | None) -> int | None:
    """The number that a text is, if it is a whole one of at most 64 bits."""
    return int(found) if found is not None and _WHOLE.fullmatch(found) else None


def _refuse() -> NoReturn:
    raise ProviderError("The provider's answer is no document of this API")
