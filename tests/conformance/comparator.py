"""How one of our answers is compared with the recorded one. This text is the reference.

**Status.** Equal.

**Headers that matter.** ``Content-Type`` (blanks, case and the ``charset=utf-8`` of ``text/html`` aside: the original said
it only on some of its pages), ``Location``, ``WWW-Authenticate``, ``Expect``, ``Content-Disposition`` (a name with quotes
and one without mean the same), ``X-Deltacloud-*`` and, where the original set its own, ``Server``: equal. ``Allow``: the
same entries in any order. ``ETag``: where the original had one we have a quoted strong one; its value is a digest of the
body's bytes, which are not reproduced. ``Cache-Control`` beside it: equal, or ``no-store``.
``X-Backend-Runtime``: a decimal number where the original had one. Headers of ours that the recording lacks must stand
in ``additions.HEADERS``.

**Headers that do not matter.** ``Date``, ``Connection``, ``Content-Length`` and ``Transfer-Encoding`` (of the moment and
of the bytes; the HTTP library that reads the answer proves that they are right), ``X-Cascade``,
``X-Content-Type-Options``, ``X-Frame-Options`` and ``X-XSS-Protection`` (habits of the original's web framework). The
values of ``Last-Modified`` (of static files) and ``X-Deltacloud-SegmentedBlob`` are of the moment, too: they must be there.

**Documents.** XML and JSON are read and compared as trees: names, attributes, members, text, values and their types,
nesting. Elements keep their order; lists of resources, references, links of the entry point and metadata are sets, told
apart by their id, relation or key, because the order of a list is the driver's. Members of a JSON object have no order.
Text is compared to the blank, except where readers must trim (``TRIMMED``). A document begins with an XML declaration
exactly where the original's did. More than the original has is allowed only by a row of ``additions.ADDITIONS``.

**Points in time** (``INSTANTS``) are compared as instants, and ours must be RFC 3339 in UTC with ``Z``. What the
original made while it was recorded, ours must have made within a day of its answer.

**Values of chance.** Key material and fingerprints: by shape, and always the same for the same key. The address of a new
network interface: an address of its subnet, and always the same. Samples of metrics: by shape; the metric's bytes are
compared too, after its numbers are made equal. Ids with a clock, and new instances' ids, are carried over
(``carried.Carried``); the name of an instance that nobody named is compared by its shape.

**Error documents.** No declaration in XML (readers that look for ``<error`` at the beginning find it); the backtrace is
empty. ``param`` names what the client sent: the original's ``splat`` and ``captures``, internals of its router, are
gone, and where the original's router took the others' place, ours show what was sent. What is left, status, path,
driver, provider, code, message and error class, is compared like anything else.

**Contents** of blobs and plain text: to the byte. Pages of HTML: status, headers, and that it is a page.
"""

from __future__ import annotations

import ipaddress
import json
import re
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from urllib.parse import parse_qsl, unquote

import additions
from carried import Carried
from exchanges import Answer, Request
from instants import day_of, instant, is_wire_form
from trees import Node, NotADocument, Value, read_json, read_xml

INSTANTS = frozenset({"created", "created_at", "creation_time", "create_time", "launch_time", "last_modified"})
TRIMMED = frozenset({"address_block", "network", "pem", "public_address", "command"})
SETS = frozenset(
    "addresses api blob_list bucket buckets drivers firewalls images instances keys links load_balancers metrics "
    "network_interfaces networks realms storage_snapshots storage_volumes subnets user_metadata".split()
)
"""Elements and members whose children have no order."""
_IGNORED = frozenset(
    "date connection content-length transfer-encoding keep-alive x-cascade x-content-type-options x-frame-options "
    "x-xss-protection".split()
)
_OF_CHANCE = frozenset({"last-modified", "x-deltacloud-segmentedblob"})
_SERVER = "Apache-Deltacloud/"
_STRONG_TAG = re.compile(r'"[^"]+"')
_ROUTER_INTERNALS = frozenset({"param[splat]", "param[captures]"})
_FINGERPRINT = re.compile(r"[0-9a-f]{2}(:[0-9a-f]{2}){15,19}")
_PEM = re.compile(r"-----BEGIN RSA PRIVATE KEY-----\n([A-Za-z0-9=/+]{1,80}\n)+[A-Za-z0-9=/+]*-----END RSA PRIVATE KEY-----")
_DEFAULT_NAME = re.compile(r"i-\d{9,}")
_SAMPLED = frozenset({"minimum", "maximum", "average", "timestamp"})
_NUMBER = re.compile(r"value='[0-9.]+'")
_DECLARATION = b"<?xml"


@dataclass(slots=True)
class Comparison:
    """One comparison, and the differences it finds: each a sentence that begins with the place.

    Attributes:
        carried: What earlier answers of the sequence decided.
        request: What was sent.
        recorded: The recorded answer, about our resources.
        ours: Our answer.
        differences: What was found.
        used: The rows of the additions that were needed.
    """

    carried: Carried
    request: Request
    recorded: Answer
    ours: Answer
    differences: list[str] = field(default_factory=list)
    used: set[additions.Addition] = field(default_factory=set)

    def run(self) -> list[str]:
        """Compare everything."""
        if self.ours.status != self.recorded.status:
            self.differences.append(f"status: {self.recorded.status} was recorded, {self.ours.status} is ours")
        self._headers()
        if self.ours.status == self.recorded.status:
            self._body()
        return self.differences

    def _differ(self, place: str, recorded: object, ours: object) -> None:
        self.differences.append(f"{place}: {_short(recorded)} was recorded, {_short(ours)} is ours")

    # Headers

    def _headers(self) -> None:
        names = {name.lower() for name, _ in (*self.recorded.headers, *self.ours.headers)}
        for name in sorted(names - _IGNORED):
            recorded, ours = self.recorded.header(name), self.ours.header(name)
            if recorded is None and (name in additions.HEADERS or name == "server"):
                continue
            if not self._same_header(name, recorded, ours):
                self._differ(f"header {name}", recorded, ours)

    def _same_header(self, name: str, recorded: str | None, ours: str | None) -> bool:
        if name == "server":
            return recorded is None or not recorded.startswith(_SERVER) or recorded == ours
        if recorded is None or ours is None:
            return False
        if name == "etag":
            return _STRONG_TAG.fullmatch(ours) is not None
        if name == "cache-control":
            return ours in (recorded, "no-store")
        if name == "x-backend-runtime":
            return re.fullmatch(r"\d+(\.\d+)?(e-\d+)?", ours) is not None
        if name == "allow":
            return _entries(recorded) == _entries(ours)
        if name == "content-type":
            return _media_type(recorded) == _media_type(ours)
        if name == "content-disposition":
            return recorded.replace('"', "") == ours.replace('"', "")
        if name in _OF_CHANCE:
            return bool(ours)
        return recorded == ours

    # Bodies

    def _body(self) -> None:
        media_type, recorded, ours = self.recorded.media_type, self.recorded.body, self.ours.body
        if not recorded and media_type == "text/html":
            self._page()
        elif not recorded or media_type not in ("application/xml", "application/json"):
            if recorded != ours:
                self._differ("body", recorded, ours)
        elif media_type == "application/xml":
            self._documents("xml")
        else:
            self._documents("json")

    def _page(self) -> None:
        """A page of HTML, whose recording was left out: its length tells that there was one."""
        expected = self.request.method != "HEAD" and self.recorded.header("Content-Length") not in (None, "0")
        is_page = self.ours.body.lstrip().lower().startswith(b"<!doctype html")
        if expected != (is_page if expected else bool(self.ours.body)):
            self._differ("body", "a page" if expected else "nothing", self.ours.body)

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
        Trees(self, document_format).compare(recorded, ours)

    def _layout(self, recorded: Node) -> None:
        declared = self.recorded.body.startswith(_DECLARATION) and recorded.name != "error"
        if self.ours.body.startswith(_DECLARATION) != declared:
            self._differ("XML declaration", declared, not declared)
        if recorded.name == "metric" and _NUMBER.sub("", _text(self.recorded)) != _NUMBER.sub("", _text(self.ours)):
            self.differences.append("the layout of the metric's bytes differs, and a reader depends on it")


class Trees:
    """Compares two trees for one comparison."""

    def __init__(self, comparison: Comparison, document_format: str) -> None:
        self._comparison = comparison
        self._format = document_format

    def compare(self, recorded: Node, ours: Node, place: str = "", parent: Node | None = None) -> None:
        """Compare two nodes that stand at one place, and all below them."""
        here = f"{place}/{ours.label}" if place else ours.name
        if (recorded.name, recorded.kind) != (ours.name, ours.kind):
            self._differ(here, f"{recorded.kind} {recorded.name}", f"{ours.kind} {ours.name}")
            return
        if place == "error" and recorded.name == "request":
            recorded, ours = _without_internals(recorded), self._without_what_was_sent(recorded, ours)
        self._attributes(recorded, ours, here)
        self._value(recorded, recorded.value, ours.value, here, parent)
        self._children(recorded, ours, here)

    def _differ(self, place: str, recorded: object, ours: object) -> None:
        self._comparison._differ(place, recorded, ours)  # noqa: SLF001 - one comparison in two classes

    def _without_what_was_sent(self, recorded: Node, ours: Node) -> Node:
        """The parameters of our error document without those that the recording lacks but the client sent."""
        known = {child.label for child in recorded.children}
        sent = _sent(self._comparison.request)
        return replace(ours, children=tuple(one for one in ours.children if one.label in known or one.value not in sent))

    def _attributes(self, recorded: Node, ours: Node, here: str) -> None:
        theirs, values = dict(recorded.attributes), dict(ours.attributes)
        for name in theirs.keys() | values.keys():
            place = f"{here}/@{name}"
            if name not in theirs:
                self._more(place, values[name])
            elif name not in values:
                self._differ(place, theirs[name], "nothing")
            else:
                self._value(replace(recorded, name=name), theirs[name], values[name], place, recorded)

    def _value(self, node: Node, recorded: Value, ours: Value, place: str, parent: Node | None) -> None:
        if not self._same(node, recorded, ours, parent):
            self._differ(place, recorded, ours)

    def _same(self, node: Node, recorded: Value, ours: Value, parent: Node | None) -> bool:
        if not isinstance(recorded, str) or not isinstance(ours, str):
            sampled = node.name in _SAMPLED and isinstance(recorded, int | float)
            return type(recorded) is type(ours) and (sampled or recorded == ours)
        carried = self._comparison.carried
        if node.name == "name" and _DEFAULT_NAME.fullmatch(recorded):
            return _DEFAULT_NAME.fullmatch(ours) is not None
        if node.name in INSTANTS and recorded:
            return self._same_instant(recorded, ours)
        if node.name == "fingerprint":
            return _FINGERPRINT.fullmatch(ours) is not None and carried.same(recorded, ours)
        if node.name in ("pem", "pem_rsa_key"):
            key = _lines(ours)
            return _PEM.fullmatch(key) is not None and carried.same(_lines(recorded), key)
        if node.name == "ip_address":
            return _are_neighbours(recorded, ours) and carried.same(recorded, ours, alone=False)
        if node.name == "value" and parent is not None and dict(parent.attributes).get("name") in _SAMPLED:
            return re.fullmatch(r"\d+(\.\d+)?", ours) is not None
        if node.name == "backtrace":
            return not ours.strip()
        if node.name in TRIMMED:
            return recorded.strip() == ours.strip()
        return recorded == ours

    def _same_instant(self, recorded: str, ours: str) -> bool:
        if not is_wire_form(ours):
            return False
        try:
            theirs, moment = instant(recorded), instant(ours)
        except (KeyError, ValueError):
            return False
        recording, replay = (day_of(answer.header("Date")) for answer in (self._comparison.recorded, self._comparison.ours))
        if recording and replay and recording[0] <= theirs <= recording[1]:
            return replay[0] <= moment <= replay[1]
        return theirs == moment

    def _children(self, recorded: Node, ours: Node, here: str) -> None:
        theirs, values = _ordered(recorded), _ordered(ours)
        matcher = SequenceMatcher(
            a=[child.label for child in theirs], b=[child.label for child in values], autojunk=False
        )
        for operation, low, high, our_low, our_high in matcher.get_opcodes():
            if operation == "equal":
                for one, other in zip(theirs[low:high], values[our_low:our_high], strict=True):
                    self.compare(one, other, here, recorded)
                continue
            for child in theirs[low:high]:
                self._differ(f"{here}/{child.label}", _described(child), "nothing")
            for child in values[our_low:our_high]:
                self._more(f"{here}/{child.label}", _described(child))

    def _more(self, place: str, ours: object) -> None:
        row = next((row for row in additions.ADDITIONS if row.allows(self._format, place)), None)
        if row is None:
            self._differ(place, "nothing", ours)
        else:
            self._comparison.used.add(row)


def _ordered(node: Node) -> list[Node]:
    """The children in their order; where order means nothing, in the order of their labels."""
    if node.kind == "object" or node.name in SETS or node.name == "request":
        return sorted(node.children, key=lambda child: child.label)
    return list(node.children)


def _without_internals(request: Node) -> Node:
    """The parameters of an error document without what the original's router added to them."""
    return replace(request, children=tuple(one for one in request.children if one.label not in _ROUTER_INTERNALS))


def _media_type(value: str) -> str:
    return "".join(value.lower().split()).replace("text/html;charset=utf-8", "text/html")


def _entries(value: str) -> list[str]:
    return sorted(entry.strip() for entry in value.split(","))


def _sent(request: Request) -> set[str]:
    """Every value that a request carries, as error documents quote it."""
    path, _, query = request.path.partition("?")
    values = [unquote(part) for part in re.split("[/;=]", path)]
    values += [value for _, value in parse_qsl(f"{query}&{request.body.decode('latin-1')}", keep_blank_values=True)]
    return {json.dumps(value, ensure_ascii=False) for value in values}


def _lines(text: str) -> str:
    return "\n".join(line.strip() for line in text.strip().splitlines())


def _are_neighbours(recorded: str, ours: str) -> bool:
    """Whether two addresses are of one small network, as the random ones of one subnet are."""
    try:
        return ipaddress.ip_address(ours) in ipaddress.ip_network(f"{recorded}/24", strict=False)
    except ValueError:
        return False


def _text(answer: Answer) -> str:
    return answer.body.decode("utf-8", "replace")


def _described(node: Node) -> str:
    inner = f" with {len(node.children)} children" if node.children else ""
    return f"{node.kind}{inner}" if node.value in (None, "") else repr(node.value)


def _short(value: object) -> str:
    text = value if isinstance(value, str) and value in ("nothing", "a page") else repr(value)
    return text if len(text) <= 300 else f"{text[:300]}..."
