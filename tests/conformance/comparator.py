"""How one of our answers is compared with the recorded one. This text is the reference.

**Status.** Equal.

**Headers that matter.** ``Content-Type`` (blanks, case and the ``charset=utf-8`` of ``text/html`` aside: the original
said it only on some of its pages), ``Location``, ``WWW-Authenticate``, ``Expect``, ``Content-Disposition`` (a name
with quotes and one without mean the same), ``X-Deltacloud-*`` and, where the original set its own, ``Server``: equal.
``Allow``: the same entries in any order. ``ETag``: where the original had one we have a quoted strong one; its value
is a digest of the body's bytes, which are not reproduced. ``Cache-Control`` beside it: equal, or ``no-store``.
``X-Backend-Runtime``: a decimal number where the original had one. ``Last-Modified`` and
``X-Deltacloud-SegmentedBlob`` are of the moment: they must be there. Headers of ours that the recording lacks must
stand in ``additions.HEADERS``.

**Headers that do not matter.** ``Date``, ``Connection``, ``Content-Length`` and ``Transfer-Encoding`` (of the moment
and of the bytes; the HTTP library that reads the answer proves that they are right), ``X-Cascade``,
``X-Content-Type-Options``, ``X-Frame-Options`` and ``X-XSS-Protection`` (habits of the original's web framework).

**Documents.** XML and JSON are read and compared as trees: names, attributes, members, text, values and their types,
nesting. Elements keep their order; lists of resources, references, links of the entry point and metadata are sets,
told apart by their id, relation or key, because the order of a list is the driver's (``tree_rules.SETS``). Members of
a JSON object have no order. Text is compared to the blank, except where readers must trim (``value_rules.TRIMMED``,
and the lines of a private key). A document begins with an XML declaration exactly where the original's did. More than
the original has is allowed only by a row of ``additions.ADDITIONS``.

**Points in time** (``value_rules.INSTANTS``) are compared as instants, and ours must be RFC 3339 in UTC with ``Z``.
What the original made while it was recorded, ours must have made within a day of its answer.

**Values of chance.** Key material and fingerprints: by shape, and always the same for the same key. The address of a
new network interface: an address of its subnet, and always the same. Samples of metrics: by shape; the bytes of a
metric's XML are compared too, after its numbers are made equal. Ids with a clock, and new instances' ids, are carried
over (``carried.Carried``); the name of an instance that nobody named, and the id of a request, are compared by their
shape. All of this holds only where the recording says that its body varied, or where a decided difference changes it.

**Error documents.** No declaration in XML (readers that look for ``<error`` at the beginning find it); the backtrace
is empty. ``param`` names what the client sent: the original's ``splat`` and ``captures``, internals of its router,
are gone, and where the original's router took the others' place, ours show what was sent. What is left, status, path,
driver, provider, code, message and error class, is compared like anything else.

**Contents** of blobs and plain text: to the byte. Pages of HTML: status, headers, and that it is a page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from additions import ADDITIONS, HEADERS, Addition
from carried import Carried
from exchanges import Answer, Request
from header_rules import IGNORED, same_header
from tree_rules import TreeComparison
from trees import Node, NotADocument, read_json, read_xml
from value_rules import Setting

_DECLARATION = b"<?xml"
_NUMBER = re.compile(r"value='[0-9.]+'")
_SHOWN = 300


@dataclass(slots=True)
class Comparison:
    """One comparison, and the differences it finds: each a sentence that begins with the place.

    Attributes:
        carried: What earlier answers of the sequence decided.
        request: What was sent.
        recorded: The recorded answer, about our resources.
        ours: Our answer.
        additions: What our documents may have beyond the recorded ones.
        varies: Whether the recorded body may hold values of chance and of the moment.
        differences: What was found.
        used: The rows of the additions that were needed.
    """

    carried: Carried
    request: Request
    recorded: Answer
    ours: Answer
    additions: tuple[Addition, ...] = ADDITIONS
    varies: bool = True
    differences: list[str] = field(default_factory=list)
    used: set[Addition] = field(default_factory=set)

    def run(self) -> list[str]:
        """Compare everything: the status, the headers, and the body of an answer with the status that is right."""
        self._headers()
        if self.ours.status == self.recorded.status:
            self._body()
        else:
            self.differ("status", self.recorded.status, self.ours.status)
        return self.differences

    def differ(self, place: str, recorded: object, ours: object) -> None:
        """Note a difference."""
        self.differences.append(f"{place}: {_short(recorded)} was recorded, {_short(ours)} is ours")

    def _headers(self) -> None:
        names = {name.lower() for name, _ in (*self.recorded.headers, *self.ours.headers)}
        for name in sorted(names - IGNORED):
            recorded, ours = self.recorded.header(name), self.ours.header(name)
            new = recorded is None and name in HEADERS
            if not new and not same_header(name, recorded, ours):
                self.differ(f"header {name}", recorded, ours)

    def _body(self) -> None:
        media_type, recorded, ours = self.recorded.media_type, self.recorded.body, self.ours.body
        if not recorded and media_type == "text/html":
            self._page()
        elif recorded and media_type == "application/xml":
            self._documents("xml")
        elif recorded and media_type == "application/json":
            self._documents("json")
        elif recorded != ours:
            self.differ("body", recorded, ours)

    def _page(self) -> None:
        """A page of HTML, whose recording was left out: its length tells that there was one."""
        if self.request.method == "HEAD" or self.recorded.header("Content-Length") in (None, "0"):
            if self.ours.body:
                self.differ("body", "nothing", self.ours.body)
        elif not self.ours.body.lstrip().lower().startswith(b"<!doctype html"):
            self.differ("body", "a page", self.ours.body)

    def _documents(self, document_format: str) -> None:
        read = read_xml if document_format == "xml" else read_json
        try:
            recorded = read(self.recorded.body)
        except NotADocument as error:
            self.differences.append(f"the recorded body is {error}")
            return
        try:
            ours = read(self.ours.body)
        except NotADocument as error:
            self.differences.append(f"our body is {error}")
            return
        if document_format == "xml":
            self._layout(recorded)
        setting = Setting(self.carried, self.recorded, self.ours, self.varies)
        trees = TreeComparison(setting, self.request, document_format, self.differ, self.additions, self.used)
        trees.compare(recorded, ours)

    def _layout(self, recorded: Node) -> None:
        declared = self.recorded.body.startswith(_DECLARATION) and recorded.name != "error"
        if self.ours.body.startswith(_DECLARATION) != declared:
            self.differ("XML declaration", declared, not declared)
        if recorded.name == "metric" and _numberless(self.recorded) != _numberless(self.ours):
            self.differences.append("the layout of the metric's bytes differs, and a reader depends on it")


def _numberless(answer: Answer) -> str:
    return _NUMBER.sub("", answer.body.decode("utf-8", "replace"))


def _short(value: object) -> str:
    text = value if isinstance(value, str) and value in ("nothing", "a page") else repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
