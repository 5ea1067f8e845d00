"""Pages of the cloud's as pages of ours: whatever the sizes, each thing comes once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deltacloud.errors import InvalidRequest
from deltacloud.inputs import PageRequest
from deltacloud.models import Realm
from deltacloud_ec2.client import Record
from deltacloud_ec2.compute.paging import BALANCING, EC2, Source, Words, narrowed, read_page

LEAST = 5


class Cloud:
    """A list of a cloud's in pages of launches: each has some things that are not parted.

    Args:
        launches: How many things each launch has.
        words: How it speaks of pages. One that knows no sizes has a page of seven launches.
    """

    def __init__(self, name: str, launches: list[int], words: Words) -> None:
        self.things = [[f"{name}-{number}-{one}" for one in range(count)] for number, count in enumerate(launches)]
        self.words = words
        self.sizes: list[int] = []

    def call(self, **parameters: Any) -> Record:
        size = parameters.get(self.words.size or "", 7)
        assert size >= LEAST
        self.sizes.append(size)
        start = int(parameters.get(self.words.sent, "0"))
        answer: dict[str, Any] = {"Launches": self.things[start : start + size]}
        if start + size < len(self.things):
            answer[self.words.answered] = str(start + size)
        return answer

    @property
    def source(self) -> Source[Realm]:
        return Source(self.call, read, words=self.words)


def read(answer: Mapping[str, Any]) -> list[Realm]:
    """The things in an answer."""
    return [Realm(id=one) for launch in answer["Launches"] for one in launch]


def walked(clouds: list[Cloud], limit: int | None, size: int) -> list[str]:
    """The whole list, as a client walks through it."""
    found: list[str] = []
    marker = None
    for _ in range(1000):
        page = read_page([cloud.source for cloud in clouds], PageRequest(limit=limit, marker=marker), size)
        items = [one.id for one in page.items]
        assert limit is None or len(items) <= limit
        assert limit is None or len(items) == limit or page.next_marker is None
        found += items
        marker = page.next_marker
        if marker is None:
            return found
    raise AssertionError("the list goes on for ever")


clouds = st.lists(
    st.tuples(st.lists(st.integers(0, 9), max_size=20), st.sampled_from([EC2, BALANCING, EC2._replace(size=None)])),
    min_size=1,
    max_size=3,
)


@given(clouds, st.none() | st.integers(1, 12), st.integers(LEAST, 11))
def test_each_thing_comes_once_and_in_its_order(
    told: list[tuple[list[int], Words]], limit: int | None, size: int
) -> None:
    made = [Cloud(str(number), launches, words) for number, (launches, words) in enumerate(told)]
    wanted = [one for cloud in made for launch in cloud.things for one in launch]
    assert walked(made, limit, size) == wanted
    assert all(LEAST <= asked <= size for cloud in made for asked in cloud.sizes if cloud.words.size)


@given(st.text() | st.from_regex(r"\[-?[0-9],-?[0-9],(null|\"a\")\]", fullmatch=True))
def test_a_marker_says_where_a_page_begins_or_is_refused(marker: str) -> None:
    cloud = Cloud("one", [1] * 20, EC2)
    try:
        number, skipped, theirs = json.loads(marker)
    except (ValueError, TypeError):
        number, skipped, theirs = -1, -1, None
    if number == 0 and 0 <= skipped <= 5 and theirs is None:  # no more is ever skipped than a page holds
        page = read_page([cloud.source], PageRequest(limit=5, marker=marker), 5)
        assert [one.id for one in page.items] == [launch[0] for launch in cloud.things[skipped : skipped + 5]]
    elif number != 0 or skipped < 0:
        with pytest.raises(InvalidRequest) as raised:
            read_page([cloud.source], PageRequest(limit=5, marker=marker), 5)
        assert raised.value.parameter == "marker"


def test_filters_are_left_out_where_anything_goes_or_too_much_is_asked_for() -> None:
    many = [str(number) for number in range(201)]
    assert narrowed(("a", ()), ("b", many)) == {}
    assert narrowed(("a", ("x", "y*")), ("b", ())) == {"Filters": [{"Name": "a", "Values": ["x", "y\\*"]}]}


@pytest.mark.parametrize(
    ("value", "sent"), [("a*", "a\\*"), ("?", "\\?"), ("\\", "\\\\"), ("a\\*", "a\\\\\\*"), ("plain", "plain")]
)
def test_characters_that_stand_for_others_stand_for_themselves(value: str, sent: str) -> None:
    assert narrowed(("a", (value,))) == {"Filters": [{"Name": "a", "Values": [sent]}]}
