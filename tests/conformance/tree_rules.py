"""How two documents are compared as trees; the reasons stand in ``comparator``."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from urllib.parse import parse_qsl, unquote

from additions import Addition
from exchanges import Request
from trees import Node, Value
from value_rules import SAMPLE, SAMPLED, Setting, same_value

SETS = frozenset(
    {
        "addresses",
        "api",
        "blob_list",
        "bucket",
        "buckets",
        "drivers",
        "firewalls",
        "images",
        "instances",
        "keys",
        "links",
        "load_balancers",
        "metrics",
        "network_interfaces",
        "networks",
        "realms",
        "request",
        "storage_snapshots",
        "storage_volumes",
        "subnets",
        "user_metadata",
    }
)
"""Elements and members whose children have no order."""
_ROUTER_INTERNALS = frozenset({"param[splat]", "param[captures]"})


@dataclass(slots=True)
class TreeComparison:
    """Compares two documents of one format.

    Attributes:
        setting: The two answers, and what was carried over.
        request: What was asked.
        document_format: ``xml`` or ``json``.
        differ: Is told each difference: its place, the recorded value and ours.
        additions: What ours may have beyond the recording.
        used: The rows of the additions that were needed.
    """

    setting: Setting
    request: Request
    document_format: str
    differ: Callable[[str, object, object], None]
    additions: tuple[Addition, ...]
    used: set[Addition] = field(default_factory=set)

    def compare(self, recorded: Node, ours: Node, place: str = "") -> None:
        """Compare two nodes that stand at one place, and all below them."""
        here = f"{place}/{ours.label}" if place else ours.name
        if (recorded.name, recorded.kind) != (ours.name, ours.kind):
            self.differ(here, f"{recorded.kind} {recorded.name}", f"{ours.kind} {ours.name}")
            return
        if here == "error/request":
            recorded, ours = _without_internals(recorded), self._without_what_was_sent(recorded, ours)
        self._attributes(recorded, ours, here)
        self._value(recorded.name, recorded.value, ours.value, here)
        self._children(recorded, ours, here)

    def _attributes(self, recorded: Node, ours: Node, here: str) -> None:
        theirs, values = dict(recorded.attributes), dict(ours.attributes)
        sampled = theirs.get("name") in SAMPLED
        for name in sorted(theirs.keys() | values.keys()):
            place = f"{here}/@{name}"
            if name not in theirs:
                self._more(place, values[name])
            elif name not in values:
                self.differ(place, theirs[name], "nothing")
            else:
                self._value(SAMPLE if sampled and name == "value" else name, theirs[name], values[name], place)

    def _value(self, name: str, recorded: Value, ours: Value, place: str) -> None:
        if not same_value(self.setting, name, recorded, ours):
            self.differ(place, recorded, ours)

    def _children(self, recorded: Node, ours: Node, here: str) -> None:
        theirs, values = _ordered(recorded), _ordered(ours)
        labels = ([child.label for child in theirs], [child.label for child in values])
        matcher = SequenceMatcher(None, *labels, autojunk=False)
        for operation, low, high, our_low, our_high in matcher.get_opcodes():
            if operation == "equal":
                for one, other in zip(theirs[low:high], values[our_low:our_high], strict=True):
                    self.compare(one, other, here)
                continue
            for child in theirs[low:high]:
                self.differ(f"{here}/{child.label}", _described(child), "nothing")
            for child in values[our_low:our_high]:
                self._more(f"{here}/{child.label}", _described(child))

    def _more(self, place: str, ours: object) -> None:
        """Something that the recording does not have."""
        row = next((row for row in self.additions if row.allows(self.document_format, place)), None)
        if row is None:
            self.differ(place, "nothing", ours)
        else:
            self.used.add(row)

    def _without_what_was_sent(self, recorded: Node, ours: Node) -> Node:
        """The parameters of our error document without those that the recording lacks but the client sent."""
        known = {child.label for child in recorded.children}
        sent = _sent(self.request)
        kept = (child for child in ours.children if child.label in known or child.value not in sent)
        return replace(ours, children=tuple(kept))


def _without_internals(request: Node) -> Node:
    """The parameters of a recorded error document without what the original's router added to them."""
    return replace(request, children=tuple(one for one in request.children if one.label not in _ROUTER_INTERNALS))


def _ordered(node: Node) -> list[Node]:
    """The children in their order; where order means nothing, in the order of their labels."""
    if node.kind == "object" or node.name in SETS:
        return sorted(node.children, key=lambda child: child.label)
    return list(node.children)


def _sent(request: Request) -> set[str]:
    """Every value that a request carries, as error documents quote it."""
    path, _, query = request.path.partition("?")
    values = [unquote(part) for part in re.split("[/;=]", path)]
    values += [value for _, value in parse_qsl(f"{query}&{request.body.decode('latin-1')}", keep_blank_values=True)]
    return {json.dumps(value, ensure_ascii=False) for value in values}


def _described(node: Node) -> str:
    if node.value not in (None, ""):
        return repr(node.value)
    return f"{node.kind} with {len(node.children)} children" if node.children else f"empty {node.kind}"
