"""Holding an answer against its row: status, format, document, headers, and what must never be in it."""

from __future__ import annotations

import base64
import json
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NoReturn

from lxml import etree, html

from abusetable.row import FORMATS, PASSWORD, SECRET, USER, Row
from abusetable.wire import Received

_TYPE = "content-type"
_INTERNAL = re.compile(rb"Traceback|\bFile \"|site-packages|\.py\b|gunicorn|gevent|root:x:", re.IGNORECASE)
_CREDENTIALS = [SECRET.encode(), PASSWORD.encode(), base64.b64encode(f"mockuser:{PASSWORD}".encode())[:-4]]
_TOLD = f"{USER} and {PASSWORD}".encode()
"""What the mock cloud tells everybody who has to sign in."""
_TAGS = """
a article bdi body button caption code datalist dd defs desc details div dl dt fieldset footer form h1 h2 h3 head header
html input label legend li link main marker meta nav noscript ol option p path pre rect script section select small
span strong summary svg table tbody td text textarea th thead time title tr ul
"""
_SCRIPTED = re.compile(r"on|srcdoc|formaction")


class Misanswered(AssertionError):
    """An answer is not what its row says."""


def judge(row: Row, wanted: str, received: Received, folder: Path) -> None:
    """Hold an answer against its row.

    Args:
        row: The row.
        wanted: The format that is due.
        received: The answer.
        folder: Where the server keeps its things; no answer may name it.

    Raises:
        Misanswered: it is not what the row says.
    """
    _same("status", received.status, row.status, received)
    for name, value in row.headers:
        if not re.fullmatch(value, received.headers.get(name, "")):
            _fail(f"header {name} is not {value!r}", received)
    _same("connection", received.closes, row.closes, received)
    _nothing_internal(received, folder)
    if wanted == "empty" or row.method == "HEAD" or row.status in (204, 303, 304):
        _same("body", received.body if wanted == "empty" else b"", b"", received)
    elif row.status >= 400:
        _error(row, wanted, received)
    elif wanted != "other":
        _document(wanted, received)


def _error(row: Row, wanted: str, received: Received) -> None:
    said = READERS[wanted](received)
    _same("status in the document", said["status"], row.status, received)
    _same("request id", said["request_id"], received.headers.get("x-request-id"), received)
    if not said["message"] or row.says not in said["message"]:
        _fail(f"message {said['message']!r} does not hold {row.says!r}", received)
    if not re.fullmatch("[a-z_]+", said["code"]):
        _fail(f"code {said['code']!r}", received)
    if wanted != "html":
        _same("parameter", said["parameter"], row.blames, received)
    if not said["error"]:
        _fail("no class of error", received)
    if "no-store" not in received.headers.get("cache-control", ""):
        _fail("an error may be kept", received)


def _document(wanted: str, received: Received) -> None:
    """Any document of success; who reads problems reads JSON."""
    kind = received.headers.get(_TYPE, "")
    if wanted == "html":
        page_of(received)
    elif wanted == "xml":
        _same("type", kind, FORMATS["xml"], received)
        xml_of(received)
    else:
        _same("type", kind, FORMATS["json"], received)
        json_of(received.body)


def _xml_error(received: Received) -> Mapping[str, Any]:
    _same("type", received.headers.get(_TYPE), FORMATS["xml"], received)
    root = xml_of(received)
    _same("root", root.tag, "error", received)
    _same("code", root.findtext("code"), root.get("status"), received)
    _same("backtrace", (root.findtext("backtrace") or "").strip(), "", received)
    return {
        "status": int(root.get("status", "0")),
        "message": root.findtext("message") or "",
        "code": root.get("error_code") or "",
        "error": root.find("backend") is not None,
        "request_id": root.get("request_id"),
        "parameter": root.get("parameter"),
    }


def _json_error(received: Received) -> Mapping[str, Any]:
    _same("type", received.headers.get(_TYPE), FORMATS["json"], received)
    document = json_of(received.body)
    return {
        "status": document["code"],
        "message": document["message"],
        "code": document["error_code"],
        "error": document["error"].startswith("Deltacloud::Exceptions::"),
        "request_id": document["request_id"],
        "parameter": document.get("parameter"),
    }


def _problem(received: Received) -> Mapping[str, Any]:
    _same("type", received.headers.get(_TYPE), FORMATS["problem"], received)
    document = json_of(received.body)
    return {
        "status": document["status"],
        "message": document["detail"],
        "code": document["code"],
        "error": document["title"] and document["type"],
        "request_id": document["request_id"],
        "parameter": document.get("parameter"),
    }


def _page_error(received: Received) -> Mapping[str, Any]:
    page = page_of(received)
    heading = page.findtext(".//h1") or ""
    codes = [one.text_content() for one in page.iter("code")]
    shown = [(one.text_content(), one.getnext().text_content()) for one in page.iter("dt")]
    said = dict(shown)
    message = page.find(".//*[@role='alert']//strong")
    paragraph = page.find(".//p") if message is None else message
    return {
        "status": int(said.get("Status") or heading.partition(" ")[0]),
        "message": "" if paragraph is None else paragraph.text_content(),
        "code": said.get("Code", "none"),
        "error": said.get("Error", "none"),
        "request_id": said.get("Request id", codes[-1] if codes else None),
        "parameter": None,
    }


READERS: Mapping[str, Callable[[Received], Mapping[str, Any]]] = {
    "xml": _xml_error,
    "json": _json_error,
    "problem": _problem,
    "html": _page_error,
}
"""What an error document of each format says."""


def xml_of(received: Received) -> Any:
    """The root of a document that is well-formed without any help."""
    return etree.fromstring(received.body, etree.XMLParser(resolve_entities=False, no_network=True, recover=False))


def page_of(received: Received) -> Any:
    """A page that holds nothing that the server has not put there."""
    kind = received.headers.get(_TYPE, "")
    if not kind.startswith(FORMATS["html"]):
        _fail(f"type {kind}", received)
    if "default-src 'none'" not in received.headers.get("content-security-policy", ""):
        _fail("a page without policy", received)
    page = html.document_fromstring(received.body, parser=html.HTMLParser(encoding="utf-8"))
    for element in page.iter():
        if element.tag not in _TAGS.split():
            _fail(f"element {element.tag}", received)
        if element.tag == "script" and (element.text or not element.get("src", "").startswith("/api/assets/")):
            _fail("a script that is not a file of our own", received)
        for name, value in element.items():
            if _SCRIPTED.match(name) or value.strip().lower().startswith("javascript:"):
                _fail(f"attribute {name}", received)
    return page


def json_of(body: bytes) -> Any:
    """The value of a body that is JSON, and no near relation of it."""

    def refuse(constant: str) -> NoReturn:
        raise Misanswered(f"{constant} is no JSON")

    return json.loads(body.decode(), parse_constant=refuse)


def _nothing_internal(received: Received, folder: Path) -> None:
    internal = _INTERNAL.search(received.raw)
    if internal is not None:
        _fail(f"it shows {internal[0]!r}", received)
    for path in (str(folder), sys.prefix, str(Path.home())):
        if path.encode() in received.raw:
            _fail(f"it names {path}", received)
    if any(credential in received.raw.replace(_TOLD, b"") for credential in _CREDENTIALS):
        _fail("it echoes a credential", received)
    for name in ("x-request-id", "server", "date", "x-content-type-options"):
        if name not in received.headers:
            _fail(f"no header {name}", received)
    if "x-injected" in received.headers:
        _fail("a header was smuggled in", received)


def _same(what: str, found: object, expected: object, received: Received) -> None:
    if found != expected:
        _fail(f"{what} is {found!r}, not {expected!r}", received)


def _fail(reason: str, received: Received) -> NoReturn:
    raise Misanswered(f"{reason}:\n{received.raw[:3000].decode('latin-1')}")
