"""What decided deviations are made of: changes of a recorded answer into the answer that ours must equal."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias
from xml.sax.saxutils import escape, quoteattr

from exchanges import Answer, Exchange
from trees import Json

CLASSES = {
    400: "ValidationFailure",
    401: "AuthenticationFailure",
    403: "ForbiddenError",
    404: "ObjectNotFound",
    405: "MethodNotAllowed",
    406: "UnknownMediaTypeError",
    409: "Conflict",
    412: "PreconditionFailed",
    500: "BackendError",
    501: "NotImplemented",
}
"""The error class that JSON documents name for a status."""
HTML = "text/html;charset=utf-8"
ANY_PAGE = "1"
"""A length of an HTML answer whose page is not compared."""


@dataclass(frozen=True, slots=True)
class Case:
    """What a change may look at.

    Attributes:
        exchange: The exchange, whose request is about our resources.
        others: The recorded answers of its sequence by name, about our resources.
        installed: The names of the drivers that are installed.
    """

    exchange: Exchange
    others: Mapping[str, Answer]
    installed: frozenset[str]

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


def text(old: str, new: str) -> Change:
    """Another text in the body, wherever it stands."""
    return lambda _case, answer: replace(answer, body=answer.body.replace(old.encode(), new.encode()))


def pattern(expression: str, new: str) -> Change:
    """Another text in the body, wherever a regular expression matches."""
    return lambda _case, answer: replace(answer, body=re.sub(expression, new, answer.body.decode(), flags=re.S).encode())


def members(edit: Callable[[Json], Json]) -> Change:
    """Another JSON document; other answers stay."""

    def change(_case: Case, answer: Answer) -> Answer:
        if answer.media_type != "application/json":
            return answer
        return replace(answer, body=json.dumps(edit(json.loads(answer.body))).encode())

    return change


def body_of(name: str, *, old: str = "", new: str = "") -> Change:
    """The document of another exchange, of which one text is another."""

    def change(case: Case, answer: Answer) -> Answer:
        other = case.others[name]
        body = other.body.replace(old.encode(), new.encode()) if old else other.body
        kind = other.header("Content-Type")
        return replace(answer, body=body).with_headers(Content_Type=kind, ETag='"any"', Cache_Control="no-store")

    return change


def error(number: int, message: str | None = None, error_class: str | None = None, **added: str) -> Change:
    """An error document in the format that was asked for.

    Args:
        number: The status.
        message: The message; None takes over the sentence that is the recorded body.
        error_class: The class in JSON; None is the usual one of the status.
        added: Further headers.
    """
    name = error_class or CLASSES[number]

    def change(case: Case, answer: Answer) -> Answer:
        sentence = answer.body.decode().strip() if message is None else message
        changed = replace(answer, status=number, body=_document(case, number, sentence, name)).with_headers(
            Content_Type={"xml": "application/xml", "json": "application/json", "html": "text/html"}[case.format],
            X_Deltacloud_Driver=answer.header("X-Deltacloud-Driver") or "mock",
            Content_Length=ANY_PAGE if case.format == "html" else None,
            **{"ETag": None, "Cache_Control": None, "Location": None, "X_Backend_Runtime": None, **added},
        )
        return replace(changed, body=b"") if case.exchange.request.method == "HEAD" else changed

    return change


def _document(case: Case, number: int, message: str, error_class: str) -> bytes:
    if case.format == "html":
        return b""
    if case.format == "json":
        members = {"code": number, "message": message, "error": f"Deltacloud::Exceptions::{error_class}"}
        return json.dumps(members).encode()
    request = case.exchange.request
    provider = request.header("X-Deltacloud-Provider") or "default"
    return (
        f"<error status='{number}' url={quoteattr(request.target)}>"
        f"<backend driver={quoteattr(case.exchange.driver)} provider={quoteattr(provider)}/>"
        f"<code>{number}</code><message>{escape(message)}</message><backtrace/><request/></error>"
    ).encode()

