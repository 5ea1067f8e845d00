"""Pages of Amazon's lists as pages of this project's.

A client may ask for fewer things than Amazon's smallest page holds, and some clouds count a page of instances in
launches. So a marker says which page of the cloud's it lies in, and how many things of that were given already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, NamedTuple, TypeVar

import msgspec

from deltacloud.errors import InvalidRequest
from deltacloud.inputs import PageRequest
from deltacloud.models import Model, Page
from deltacloud_ec2.client import Record

Item = TypeVar("Item", bound=Model)

_LEAST = 5
"""The smallest page that most operations allow."""
_FILTER_VALUES = 200
"""The most values that one filter may have."""
_SPECIAL = {ord(one): f"\\{one}" for one in "\\*?"}


class Words(NamedTuple):
    """What an API calls the parts of paging: the size, the marker that is sent, and the one that is answered."""

    size: str | None
    sent: str
    answered: str


EC2 = Words("MaxResults", "NextToken", "NextToken")
BALANCING = Words("PageSize", "Marker", "NextMarker")


@dataclass(frozen=True, slots=True)
class Source(Generic[Item]):
    """A list of the cloud's that has pages.

    Attributes:
        call: The client's operation.
        read: Gives the models that an answer holds.
        parameters: The operation's.
        words: What it calls the parts of paging.
    """

    call: Callable[..., Record]
    read: Callable[[Record], Iterable[Item]]
    parameters: Mapping[str, Any] = field(default_factory=dict)
    words: Words = EC2

    def ask(self, marker: str | None, size: int) -> Record:
        """One page as the cloud has it."""
        paging: dict[str, object] = {} if self.words.size is None else {self.words.size: size}
        if marker is not None:
            paging[self.words.sent] = marker
        return self.call(**self.parameters, **paging)


class _Place(NamedTuple):
    """Where a page begins: in which of the lists, after how many things of which page of the cloud's."""

    number: int
    skipped: int
    marker: str | None

    @property
    def text(self) -> str:
        return msgspec.json.encode(tuple(self)).decode()


def read_page(sources: Sequence[Source[Item]], page: PageRequest, size: int) -> Page[Item]:
    """One page of a list that is made of several lists of the cloud's, one after the other.

    Args:
        sources: These lists.
        page: What is asked for. Without a limit it is a page of the cloud's.
        size: How many things a page of the cloud's shall hold at most.

    Raises:
        InvalidRequest: the marker is none that was given out.
    """
    place: _Place | None = _place(page.marker, len(sources))
    found: list[Item] = []
    while place is not None and (page.limit is None or len(found) < page.limit):
        wanted = None if page.limit is None else page.limit - len(found)
        items, place = _step(sources, place, wanted, size)
        found += items
        if page.limit is None:
            break
    return Page(found, None if place is None else place.text)


def read_all(source: Source[Item], size: int) -> Iterator[Item]:
    """A whole list; the next page is asked for when it is wanted."""
    marker: str | None = None
    while True:
        answer = source.ask(marker, size)
        yield from source.read(answer)
        marker = answer.get(source.words.answered) or None
        if marker is None:
            return


def narrowed(*rows: tuple[str, Sequence[str]]) -> dict[str, list[dict[str, object]]]:
    """The parameter ``Filters``, of those rows that accept not just anything; none if all do.

    Args:
        rows: Names of filters in the API's words, and the values accepted. Characters that stand for others in Amazon's
            filters stand for themselves here.
    """
    filters: list[dict[str, object]] = [
        {"Name": name, "Values": [value.translate(_SPECIAL) for value in values]}
        for name, values in rows
        if values and len(values) <= _FILTER_VALUES
    ]
    return {"Filters": filters} if filters else {}


def _step(
    sources: Sequence[Source[Item]], place: _Place, wanted: int | None, size: int
) -> tuple[list[Item], _Place | None]:
    """Some things from a place on, and where the next ones are."""
    source = sources[place.number]
    asked = size if wanted is None else max(_LEAST, min(size, place.skipped + wanted))
    answer = source.ask(place.marker, asked)
    items = list(source.read(answer))[place.skipped :]
    if wanted is not None and len(items) > wanted:
        return items[:wanted], _Place(place.number, place.skipped + wanted, place.marker)
    marker = answer.get(source.words.answered) or None
    if marker is not None:
        return items, _Place(place.number, 0, marker)
    following = place.number + 1
    return items, _Place(following, 0, None) if following < len(sources) else None


def _place(marker: str | None, lists: int) -> _Place:
    if marker is None:
        return _Place(0, 0, None)
    try:
        place = _Place(*msgspec.json.decode(marker, type=tuple[int, int, str | None]))
    except msgspec.DecodeError:
        raise InvalidRequest("The marker is none of this list", "marker") from None
    if not 0 <= place.number < lists or place.skipped < 0:
        raise InvalidRequest("The marker is none of this list", "marker")
    return place
