"""The engine's language of searches, as far as it is used: conditions, an order, a page."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from ovirtcloud.faults import Refused

Thing = TypeVar("Thing")
Field = Callable[[Thing], str]

_CONDITION = r'(?P<field{0}>\w+)\s*=\s*(?:"(?P<quoted{0}>[^"]*)"|(?P<plain{0}>[^\s"]+))'
_SEARCH = re.compile(
    rf"\s*(?:{_CONDITION.format(1)}(?:\s+and\s+{_CONDITION.format(2)})?)?"
    r"(?:\s*sortby\s+(?P<order>\w+)\s+(?P<direction>asc|desc))?(?:\s*page\s+(?P<page>[1-9]\d*))?\s*"
)


def search(
    things: Sequence[Thing],
    text: str | None,
    fields: Mapping[str, Field[Thing]],
    most: int | None,
    *,
    exact: bool = True,
) -> list[Thing]:
    """The things that a search finds, in the order that it asks for.

    Args:
        things: All that there are.
        text: The search; None for everything.
        fields: What can be searched for.
        most: How many things are on a page, or at most in the answer.
        exact: Whether capitals count.

    Raises:
        Refused: it is not written in the language.
    """
    match = _SEARCH.fullmatch(text or "")
    if match is None:
        raise Refused(400, "[The search string is not valid]")
    found = list(things)
    for number in "12":
        name, value = match[f"field{number}"], match[f"quoted{number}"] or match[f"plain{number}"]
        if name is not None:
            field = fields[name.lower()] if name.lower() in fields else _unknown(name)
            pattern = re.compile(re.escape(value or "").replace(r"\*", ".*"), 0 if exact else re.IGNORECASE)
            found = [thing for thing in found if pattern.fullmatch(field(thing))]
    if match["order"] is not None:
        field = fields[match["order"]] if match["order"] in fields else _unknown(match["order"])
        found.sort(key=field, reverse=match["direction"] == "desc")
    start = (int(match["page"] or 1) - 1) * (most or len(found))
    return found[start:][:most]


def _unknown(name: str) -> Field[Thing]:
    raise Refused(400, f"[The search string is not valid: {name}]")
