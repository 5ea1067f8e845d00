"""What decided deviations are made of: changes of a recorded answer into the answer that ours must equal.

Changes see the recording as it is, with its own ids; what was carried over from earlier answers is put in afterwards.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias
from xml.sax.saxutils import escape, quoteattr

from exchanges import Answer, Exchange
from lxml import etree
from trees import Json

NEW_INSTANCE = "inst-new"
"""Stands for the id of the instance that an answer has just made, where the original made none."""
_CLASSES = {
    400: "ValidationFailure",
    401: "AuthenticationFailure",
    403: "ForbiddenError",
    404: "ObjectNotFound",
    405: "MethodNotAllowed",
    406: "UnknownMediaTypeError",
    409: "Conflict",
    412: "PreconditionFailed",
}
_TYPES = {"xml": "application/xml", "json": "application/json", "html": "text/html"}
_SOME_LENGTH = "1"
_OF_THE_DOCUMENT = ("Content-Type", "Date", "ETag", "Cache-Control", "X-Backend-Runtime", "X-Deltacloud-Driver")
_ID = re.compile(r"""id='([^']+)'|"id":\s?"([^"]+)\"""")


@dataclass(frozen=True, slots=True)
class Case:
    """What a change may look at.

    Attributes:
        exchange: The exchange.
        other: Gives the recorded answer of another exchange of its sequence.
        installed: The names of the drivers that are installed.
        port: Where the server listens.
    """

    exchange: Exchange
    other: Callable[[str], Answer]
    installed: frozenset[str]
    port: int

    @property
    def format(self) -> str:
        """The format that the request asks for: ``xml``, ``json`` or ``html``."""
        accept = self.exchange.request.header("Accept") or ""
        if "text/html" in accept or accept == "*/*":
            return "html"
        return "json" if "json" in accept and "xml" not in accept else "xml"


Change: TypeAlias = Callable[[Case, Answer], Answer]


def headers(**values: str | None) -> Change:
    """Other headers; ``_`` in a name is a hyphen, None removes one."""
    return lambda _case, answer: answer.with_headers(**values)


def status(number: int) -> Change:
    """Another status."""
    return lambda _case, answer: replace(answer, status=number)


def created(collection: str) -> Change:
    """A new member of a collection: 201 with its address, and the document that is there."""

    def change(_case: Case, answer: Answer) -> Answer:
        found = _ID.search(answer.body.decode())
        identifier = "" if found is None else found[1] or found[2]
        place = f"http://localhost:3001/api/{collection}/{identifier}"
        return replace(answer, status=201).with_headers(Location=place, X_Backend_Runtime=None)

    return change


def empty(number: int, **added: str | None) -> Change:
    """An answer without a body."""
    without = {"Content_Type": None, "ETag": None, "Cache_Control": None}
    return lambda _case, answer: replace(answer, status=number, body=b"").with_headers(**{**without, **added})


def page(number: int) -> Change:
    """A page of HTML."""
    return lambda _case, answer: replace(answer, status=number, body=b"").with_headers(
        Content_Type="text/html", Content_Length=_SOME_LENGTH
    )


def text(old: str, new: str) -> Change:
    """Another text in the body, wherever it stands."""
    return lambda _case, answer: replace(answer, body=answer.body.replace(old.encode(), new.encode()))


def pattern(expression: str, new: str) -> Change:
    """Another text in the body, wherever a regular expression matches."""
    return lambda _case, answer: replace(
        answer, body=re.sub(expression, new, answer.body.decode(), flags=re.S).encode()
    )


def body(content: str, content_type: str) -> Change:
    """A body of this text."""
    return lambda _case, answer: replace(answer, status=200, body=content.encode()).with_headers(
        Content_Type=content_type, ETag='"any"'
    )


def body_of(name: str) -> Change:
    """The document of another exchange."""

    def change(case: Case, answer: Answer) -> Answer:
        other = case.other(name)
        own = {header.replace("-", "_"): other.header(header) for header in _OF_THE_DOCUMENT}
        return replace(answer, status=200, body=other.body).with_headers(**own)

    return change


def members(edit: Callable[[dict[str, Json]], None]) -> Change:
    """Every object of a JSON document edited in place; answers in other formats stay as they are."""

    def change(_case: Case, answer: Answer) -> Answer:
        if answer.media_type != "application/json":
            return answer
        document: Json = json.loads(answer.body)
        _edit(document, edit)
        return replace(answer, body=json.dumps(document).encode())

    return change


def without(*ids: str) -> Change:
    """A list without some of its resources."""

    def change(_case: Case, answer: Answer) -> Answer:
        if answer.media_type == "application/json":
            document = json.loads(answer.body)
            kept = {name: [one for one in items if one["id"] not in ids] for name, items in document.items()}
            return replace(answer, body=json.dumps(kept).encode())
        root = etree.fromstring(answer.body, etree.XMLParser(recover=True))
        for child in [child for child in root if child.get("id") in ids]:
            root.remove(child)
        declared = answer.body.startswith(b"<?xml")
        return replace(answer, body=etree.tostring(root, encoding="utf-8", xml_declaration=declared))

    return change


def error(number: int, message: str | None = None, *, error_class: str | None = None, **added: str | None) -> Change:
    """An error document in the format that was asked for.

    Args:
        number: The status.
        message: The message, with ``{id}`` for the second segment of the path below ``/api``, and ``{format}``; None
            takes over the sentence that is the recorded body.
        error_class: The class in JSON; None is the usual one of the status.
        added: Further headers.
    """
    name = error_class or _CLASSES[number]

    def change(case: Case, answer: Answer) -> Answer:
        segments = f"{case.exchange.request.target}///".split("/")
        sentence = (
            answer.body.decode().strip() if message is None else message.format(id=segments[3], format=case.format)
        )
        usual = {
            "Content_Type": _TYPES[case.format],
            "Content_Length": _SOME_LENGTH if case.format == "html" else None,
            "X_Deltacloud_Driver": answer.header("X-Deltacloud-Driver") or "mock",
            **dict.fromkeys(("ETag", "Cache_Control", "Location", "X_Backend_Runtime")),
        }
        changed = replace(answer, status=number, body=b"").with_headers(**{**usual, **added})
        if case.exchange.request.method == "HEAD":
            return changed
        return replace(changed, body=_document(case, changed, sentence, name))

    return change


def unknown_driver(case: Case, answer: Answer) -> Answer:
    """The error document for a driver that is not installed: it lists those that are, and the package to look for."""
    name = answer.header("X-Deltacloud-Driver")
    names = ", ".join(sorted(case.installed))
    sentence = f"Driver '{name}' is not available (installed: {names}; it usually comes with deltacloud-{name})"
    return error(400, sentence)(case, answer)


def installed_only(case: Case, answer: Answer) -> Answer:
    """A list of drivers without those that are not installed."""
    if answer.media_type == "application/json":
        document = {name: facts for name, facts in json.loads(answer.body).items() if name in case.installed}
        return replace(answer, body=json.dumps(document).encode())
    known = re.findall(r"<driver [^>]*id='(\w+)'", answer.body.decode())
    return without(*(set(known) - case.installed))(case, answer)


def _document(case: Case, answer: Answer, message: str, error_class: str) -> bytes:
    number = answer.status
    if case.format == "html":
        return b""
    if case.format == "json":
        facts = {"code": number, "message": message, "error": f"Deltacloud::Exceptions::{error_class}"}
        return json.dumps(facts).encode()
    driver = answer.header("X-Deltacloud-Driver") or "mock"
    provider = answer.header("X-Deltacloud-Provider") or "default"
    return (
        f"<error status='{number}' url={quoteattr(case.exchange.request.target)}>"
        f"<backend driver={quoteattr(driver)} provider={quoteattr(provider)}/>"
        f"<code>{number}</code><message>{escape(message)}</message><backtrace/><request/></error>"
    ).encode()


def _edit(document: Json, edit: Callable[[dict[str, Json]], None]) -> None:
    if isinstance(document, dict):
        edit(document)
        for member in document.values():
            _edit(member, edit)
    elif isinstance(document, list):
        for item in document:
            _edit(item, edit)
